import ParleyCore

/// Gives a call again all that a capsule says it was told, at the same times, and compares what it does.
///
/// The clock is the capsule's: nothing waits, and the same capsule gives the same outputs on every machine.
public struct CapsuleReplay: ~Copyable {
    /// The first input that was answered otherwise than when it was recorded.
    public struct Difference: Equatable, Sendable {
        public var at: CallTime
        /// Which input of the call, from 1.
        public var number: Int
        /// What it was told.
        public var input: String
        /// Where the call stood before it.
        public var state: String
        public var recorded: [String]
        public var replayed: [String]
    }

    public struct Report: Equatable, Sendable {
        public var header: CapsuleHeader
        /// From the first input to the last.
        public var duration = CallTime.zero
        public var inputs = 0
        public var frames = 0
        /// Of all outputs.
        public var hash: UInt64 = 0
        /// The recording goes to the call's end; else it stops where the process or the disk did.
        public var isWhole = false
        /// Where the file is damaged, and how; `nil` where it merely stops.
        public var damage: String?
        public var difference: Difference?
        /// What the call did, in order: see `CallEffect.line`.
        public var decisions: [Decision] = []

        public var isTheSame: Bool { difference == nil }
    }

    /// One effect of the call.
    public struct Decision: Equatable, Sendable {
        public var at: CallTime
        public var line: String

        public init(at: CallTime, line: String) {
            self.at = at
            self.line = line
        }
    }

    private var call: Call
    private var report: Report
    private var outlet: ReplayOutlet
    /// What the last input brought about, until the recording has said what it was.
    private var unproven: Difference?

    /// Replays a whole capsule.
    ///
    /// - Parameters:
    ///   - octets: the file.
    ///   - watch: is given all that is seen of it, as it is replayed; for reports, and for what goes to the wire.
    /// - Throws: `CapsuleError`, when it is no capsule.
    public static func run(
        _ octets: [UInt8], watch: @escaping (ReplayStep, ReplayMoment) -> Void = { _, _ in }
    ) throws(CapsuleError) -> Report {
        var reader = try CapsuleReader(octets)
        var settings = reader.settings
        settings.phrases = reader.phrases()
        var replay = CapsuleReplay(
            call: Call(settings: settings), report: Report(header: reader.header), outlet: ReplayOutlet(watch: watch))
        while let record = reader.next() { replay.take(record) }
        // Of the last input the recording may have lost what came of it.
        if replay.report.isWhole { replay.prove([]) }
        replay.report.hash = replay.outlet.hash.value
        if let damage = reader.damage { replay.report.damage = "at octet \(damage.offset): \(damage.error)" }
        return replay.report
    }

    private mutating func take(_ record: CapsuleRecord) {
        switch record {
        case .phrase: break
        case .heard(let samples, let time):
            begin("a frame of the caller", at: time)
            call.hear(samples.span, at: time, into: &outlet)
            finish(at: time)
            outlet.show(.heard(samples, call.activity))
        case .judged(let activity, let isNoisy, let time):
            begin("a frame of the caller, without its sound", at: time)
            call.hear(activity, isNoisy: isNoisy, at: time, into: &outlet)
            finish(at: time)
            outlet.show(.heard([], activity))
        case .event(let event, let time):
            begin(event.line, at: time)
            call.handle(event, at: time, into: &outlet)
            finish(at: time)
            outlet.show(.told(event))
        case .outputs(let outputs): prove(outputs.map(\.line))
        case .hash(let value): prove(hash: value)
        case .end(let value, _, _):
            prove([])
            prove(hash: value)
            report.isWhole = true
        }
    }

    private mutating func begin(_ input: @autoclosure () -> String, at time: CallTime) {
        prove([])
        report.inputs += 1
        report.duration = time
        outlet.now = ReplayMoment(at: time, number: report.inputs)
        guard report.difference == nil else { return }
        unproven = Difference(
            at: time, number: report.inputs, input: input(), state: call.state, recorded: [], replayed: [])
    }

    private mutating func finish(at time: CallTime) {
        let outputs = outlet.takeOutputs()
        for output in outputs {
            switch output {
            case .frames(let count): report.frames += count
            case .line(let line): report.decisions.append(Decision(at: time, line: line))
            }
        }
        unproven?.replayed = outputs.map(\.line)
    }

    /// Compares the last input's outputs with what was recorded of it.
    private mutating func prove(_ recorded: [String]) {
        guard var found = unproven else { return }
        unproven = nil
        guard found.replayed != recorded else { return }
        found.recorded = recorded
        report.difference = found
    }

    /// The frames' content is in no line: the hash tells, a second later at most.
    private mutating func prove(hash: UInt64) {
        prove([])
        guard report.difference == nil, hash != outlet.hash.value else { return }
        report.difference = Difference(
            at: report.duration, number: report.inputs, input: "all since the last hash", state: call.state,
            recorded: ["audio with hash \(String(hash, radix: 16))"],
            replayed: ["audio with hash \(String(outlet.hash.value, radix: 16))"])
    }
}

extension CapsuleOutput {
    /// For people, and to be compared.
    var line: String {
        switch self {
        case .frames(let count): "\(count) frame\(count == 1 ? "" : "s") of audio"
        case .line(let line): line
        }
    }
}
