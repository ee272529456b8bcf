import ParleyCore

@testable import ParleySpeech

/// A dialect in plain words, for tests of what is done with any: `final 1 book a table`.
struct PlainDialect: RecognizerDialect {
    var keepAliveAfter: CallTime? = .seconds(4)
    var saysGoodbye = true
    /// Messages that may be sent before one is answered.
    var room = Int.max

    var takesMore: Bool { room > 0 }

    mutating func open(into line: inout DialectLine) { line.send(text: "open") }
    mutating func audio(_ octets: [UInt8], length: CallTime, of turn: Int, into line: inout DialectLine) {
        room -= 1
        line.send(text: "audio \(turn) \(length.milliseconds)")
    }
    mutating func pause(_ turn: Int, into line: inout DialectLine) { line.send(text: "pause \(turn)") }
    mutating func finish(_ turn: Int, quiet: CallTime, into line: inout DialectLine) {
        room -= 1
        line.send(text: "finish \(turn) quiet \(quiet.milliseconds)")
    }
    mutating func cancel(_ turn: Int, into line: inout DialectLine) { line.send(text: "cancel \(turn)") }
    mutating func conclude(_ turn: Int, into line: inout DialectLine) { line.tell(.final(turn, "what was there")) }
    mutating func keepAlive(into line: inout DialectLine) { line.send(text: "keep alive") }
    mutating func end(into line: inout DialectLine) { if saysGoodbye { line.send(text: "goodbye") } }

    mutating func receive(text message: UnsafeRawBufferPointer, into line: inout DialectLine) {
        let text = String(decoding: message, as: UTF8.self)
        let words = text.split(separator: " ", maxSplits: 2).map(String.init)
        let number = words.count > 1 ? Int(words[1]) ?? 0 : 0
        let rest = words.count > 2 ? words[2] : ""
        switch words.first {
        case "ready": line.tell(.ready)
        case "alive": line.tell(.alive)
        case "partial": line.tell(.partial(number, rest))
        case "final": line.tell(.final(number, rest))
        case "failed": line.tell(.failed(number, rest))
        case "expect": line.tell(.expect(number, within: .milliseconds(500)))
        case "more": room = 1
        case "done": line.tell(.done)
        case "fault": line.tell(.fault("it said so"))
        default: line.tell(.garbage)
        }
    }
}

/// A `RecognizerLine` and the time, as a script of what happens to it.
struct LineRig {
    var line: RecognizerLine
    var now = CallTime.zero
    /// Everything that was to be done, as text.
    private(set) var log: [String] = []

    init(_ dialect: PlainDialect = PlainDialect(), batch: Int = 20) {
        let encoder = BatchEncoder(
            AudioShape(.mulaw, rate: 8_000), legRate: 8_000, batch: .milliseconds(batch))
        line = RecognizerLine(encoder: encoder, legRate: 8_000, makeDialect: { dialect })
    }

    /// One that takes audio.
    static func ready(_ dialect: PlainDialect = PlainDialect(), batch: Int = 20) -> LineRig {
        var rig = LineRig(dialect, batch: batch)
        _ = rig.start()
        _ = rig.open()
        _ = rig.hear("ready")
        return rig
    }

    mutating func start() -> [String] { run { $0.start(at: $1, into: &$2) } }
    mutating func open() -> [String] { run { $0.opened(at: $1, into: &$2) } }
    mutating func close() -> [String] { run { $0.close(at: $1, into: &$2) } }
    mutating func lose(_ why: String = "it broke") -> [String] { run { $0.closed(why, at: $1, into: &$2) } }
    mutating func pause(_ turn: Int) -> [String] { run { $0.pause(TurnID(UInt32(turn)), at: $1, into: &$2) } }
    mutating func finish(_ turn: Int) -> [String] { run { $0.finish(TurnID(UInt32(turn)), at: $1, into: &$2) } }
    mutating func cancel(_ turn: Int) -> [String] { run { $0.cancel(TurnID(UInt32(turn)), at: $1, into: &$2) } }

    /// Frames of 20 ms, as loud as speech or silent.
    mutating func feed(_ frames: Int = 1, level: Int16 = 4_000) -> [String] {
        let frame = [Int16](repeating: level, count: 160)
        return run { line, now, effects in
            for _ in 0..<frames { line.feed(frame.span, at: now, into: &effects) }
        }
    }

    mutating func hear(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return run { line, now, effects in
            bytes.withUnsafeBytes { line.received(text: $0, at: now, into: &effects) }
        }
    }

    /// The timer, as it rings now.
    mutating func ring() -> [String] { run { $0.deadline(at: $1, into: &$2) } }

    /// Goes to each deadline on the way, as the shell does.
    mutating func wait(_ milliseconds: Int) -> [String] {
        let end = now + .milliseconds(milliseconds)
        var done: [String] = []
        var rounds = 0
        while let due = line.nextDeadline, due <= end, rounds < 1_000 {
            rounds += 1
            now = max(now, due)
            done += run { $0.deadline(at: $1, into: &$2) }
        }
        now = end
        return done
    }

    private mutating func run(
        _ event: (inout RecognizerLine, CallTime, inout [RecognizerLine.Effect]) -> Void
    ) -> [String] {
        var effects: [RecognizerLine.Effect] = []
        event(&line, now, &effects)
        let texts = effects.map(Self.text)
        log += texts
        return texts
    }

    private static func text(_ effect: RecognizerLine.Effect) -> String {
        switch effect {
        case .connect: "connect"
        case .send(.text(let text)): String(decoding: text, as: UTF8.self)
        case .send(.binary(let octets)): "\(octets.count) octets"
        case .drop: "drop"
        case .close: "close"
        case .answer(.partial(let turn, let words)): "<partial \(turn.number) \(words)>"
        case .answer(.final(let turn, let words)): "<final \(turn.number) \(words)>"
        case .answer(.failed(let turn)): "<failed \(turn.number)>"
        case .news(let kind, let detail): "<\(kind.rawValue): \(detail)>"
        }
    }
}
