import ParleyCore

/// A replayed call as it is drawn: what was heard, decided, sent and said, each at its time.
struct CallTimeline {
    /// 20 ms of one side.
    struct Slice: Equatable {
        var at: CallTime
        /// Full scale is 32,768; `nil` where there is no sound to look at.
        var peak: Int?
    }

    /// 20 ms of the agent, where the caller's end plays it.
    struct Played: Equatable {
        var slice: Slice
        /// Sent, and dropped by a `clear` before it was played.
        var isFlushed = false
    }

    struct Judged: Equatable {
        var at: CallTime
        var activity: VoiceActivity
    }

    struct Stretch: Equatable {
        var floor: Floor
        var from: CallTime
        var to: CallTime
    }

    struct Moment: Equatable {
        enum Kind: String { case markSent, markBack, clear, bargeIn, key, phrase, end, input }
        var at: CallTime
        var kind: Kind
        var text: String
    }

    private(set) var caller: [Slice] = []
    private(set) var judged: [Judged] = []
    private(set) var agent: [Played] = []
    private(set) var floors: [Stretch] = []
    private(set) var moments: [Moment] = []
    private(set) var callerTurns: [CallerTurn] = []
    private(set) var agentTurns: [AgentTurn] = []
    private(set) var waterfalls: [Waterfall] = []
    /// Each side from the call's beginning, at the leg's rate; empty where the capsule has no sound, or the leg's codec no samples.
    private(set) var callerSound: [Int16] = []
    private(set) var agentSound: [Int16] = []
    /// Drawn and played up to here.
    static let longest = CallTime.seconds(900)
    let report: CapsuleReplay.Report
    let sampleRate: Int

    private let format: LegFormat
    /// When the caller's end has played all it was sent.
    private var playoutEnd = CallTime.zero

    /// Replays a capsule.
    ///
    /// - Throws: `CapsuleError`, when it is none.
    init(_ octets: [UInt8]) throws(CapsuleError) {
        format = try CapsuleReader(octets).settings.format
        sampleRate = format.sampleRate
        let steps = Steps()
        report = try CapsuleReplay.run(octets) { steps.all.append(($0, $1.at)) }
        for (step, now) in steps.all { take(step, at: now) }
        if let last = floors.indices.last { floors[last].to = report.duration }
    }

    private final class Steps { var all: [(ReplayStep, CallTime)] = [] }

    private mutating func take(_ step: ReplayStep, at now: CallTime) {
        switch step {
        case .heard(let samples, let activity):
            // A frame is heard when its 20 ms are over.
            let began = max(.zero, now - .frame)
            caller.append(Slice(at: began, peak: samples.map { abs(Int($0)) }.max()))
            judged.append(Judged(at: now, activity: activity))
            write(samples, at: began, to: &callerSound)
        case .frame(let octets): play(octets, at: now)
        case .effect(let effect): take(effect, at: now)
        case .told(.mark(let mark)):
            moments.append(Moment(at: now, kind: .markBack, text: "u\(mark.generation.number)-\(mark.index) came back"))
        case .told(.digit(let digit)): moments.append(Moment(at: now, kind: .key, text: "\(digit.character)"))
        // There are hundreds, and what they led to is drawn.
        case .told(.deadline), .told(.opinion): break
        case .told(let event): moments.append(Moment(at: now, kind: .input, text: event.line))
        }
    }

    private mutating func play(_ octets: [UInt8], at now: CallTime) {
        let start = max(now, playoutEnd)
        playoutEnd = start + .frame
        let samples = decode(octets)
        agent.append(Played(slice: Slice(at: start, peak: samples.map { abs(Int($0)) }.max())))
        write(samples, at: start, to: &agentSound)
    }

    private mutating func take(_ effect: CallEffect, at now: CallTime) {
        switch effect {
        case .clear:
            moments.append(Moment(at: now, kind: .clear, text: "clear"))
            for index in agent.indices.reversed() {
                guard agent[index].slice.at > now else { break }
                agent[index].isFlushed = true
            }
            playoutEnd = min(playoutEnd, now)
            agentSound.removeLast(max(0, agentSound.count - place(of: now)))
        case .mark(let mark):
            moments.append(Moment(at: now, kind: .markSent, text: "u\(mark.generation.number)-\(mark.index) sent"))
        case .note(.floor(let floor)):
            if let last = floors.indices.last { floors[last].to = now }
            floors.append(Stretch(floor: floor, from: now, to: now))
        case .note(.callerTurn(let turn)): callerTurns.append(turn)
        case .note(.agentTurn(let turn)): agentTurns.append(turn)
        case .note(.answered(let waterfall)): waterfalls.append(waterfall)
        case .note(.bargeIn(let state)): moments.append(Moment(at: now, kind: .bargeIn, text: state.rawValue))
        case .note(.bridged(let phrase)): moments.append(Moment(at: now, kind: .phrase, text: phrase.rawValue))
        case .end(let reason): moments.append(Moment(at: now, kind: .end, text: reason.rawValue))
        default: break
        }
    }

    // MARK: Sound

    private func decode(_ octets: [UInt8]) -> [Int16] {
        switch format.codec {
        case .mulaw: octets.map { MuLaw.decode($0) }
        case .linear16:
            stride(from: 0, to: octets.count - 1, by: 2).map {
                Int16(bitPattern: UInt16(octets[$0]) | UInt16(octets[$0 + 1]) << 8)
            }
        case .opus: []
        }
    }

    private func place(of time: CallTime) -> Int {
        max(0, Int(time.nanoseconds / 1_000 * Int64(sampleRate) / 1_000_000))
    }

    /// Puts samples where they are heard; a gap is silence, and what comes before the end of the last waits for it.
    private func write(_ samples: [Int16], at time: CallTime, to sound: inout [Int16]) {
        guard !samples.isEmpty, time <= Self.longest else { return }
        let gap = place(of: time) - sound.count
        if gap > sampleRate / 50 { sound += [Int16](repeating: 0, count: gap) }
        sound += samples
    }
}
