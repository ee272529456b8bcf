import ParleyCore
import ParleyWire

/// A call with a caller, a carrier that plays and returns marks, and an agent that talks for as long as is wanted.
final class BenchCall {
    private(set) var call: Call
    private(set) var now = CallTime.zero
    private var sink = Outlet()
    private var frame = 0

    struct Outlet: CallEffectSink {
        var frames = 0
        /// Where frames go; `nil`: nowhere.
        var writer: FrameWriter?
        var marks = MarkRing()
        /// Asked since somebody looked last.
        var asked: Generation?
        var spoken: (generation: Generation, clause: Int)?
        mutating func play(_ frame: Span<UInt8>) {
            frames += 1
            writer?.write(frame)
        }
        mutating func feed(_ samples: Span<Int16>) {}
        mutating func perform(_ effect: CallEffect) {
            switch effect {
            case .mark(let mark): marks.put(mark, after: frames)
            case .ask(let request): asked = request.generation
            case .speak(let generation, let clause, _): spoken = (generation, clause)
            default: break
            }
        }
    }

    /// A ring, so that it asks for no memory: marks on their way, each with the count of frames that were sent before it.
    struct MarkRing {
        private var marks = [(mark: Mark, frames: Int)](
            repeating: (Mark(generation: Generation(0), index: 0), 0), count: 256)
        private var first = 0
        private var count = 0
        mutating func put(_ mark: Mark, after frames: Int) {
            guard count < marks.count else { return }
            marks[(first + count) % marks.count] = (mark, frames)
            count += 1
        }
        mutating func take(played: Int) -> Mark? {
            guard count > 0, marks[first].frames <= played else { return nil }
            defer {
                first = (first + 1) % marks.count
                count -= 1
            }
            return marks[first].mark
        }
    }

    /// - Parameter seconds: so long the agent goes on with its first reply; 0: it leaves the first word to the caller.
    init(talking seconds: Int = 0, to writer: FrameWriter? = nil) {
        var settings = CallSettings(format: .telephone)
        // Nothing but frames happens, however long it is measured.
        settings.noSpeechAfter = .seconds(36_000)
        settings.endpoint.maximumTurn = .seconds(36_000)
        call = Call(settings: settings)
        sink.writer = writer
        handle(.started)
        guard let generation = sink.asked else { return }
        if seconds > 0 {
            handle(.reply(generation, .text("A long story.")))
            handle(.reply(generation, .done))
            guard let clause = sink.spoken?.clause else { preconditionFailure("the call asks for no speech") }
            let second = SpeechAudio(
                payload: [UInt8](repeating: Sound.octets[3], count: 8_000), frameBytes: 160,
                reference: [], words: [])
            for _ in 0..<seconds { handle(.synthesizer(.audio(generation, clause: clause, second))) }
            handle(.synthesizer(.done(generation, clause: clause)))
        } else {
            handle(.reply(generation, .done))
        }
    }

    func handle(_ event: CallEvent) { call.handle(event, at: now, into: &sink) }

    /// 20 ms go by: the caller's frame, and the marks of what has been played by now.
    func hear(_ sounds: [[Int16]]) {
        let samples = sounds[frame]
        hear(samples.span)
        frame = frame == sounds.count - 1 ? 0 : frame + 1
    }

    func hear(_ samples: Span<Int16>) {
        now += .frame
        let played = Int(now.nanoseconds / CallTime.frame.nanoseconds)
        while let mark = sink.marks.take(played: played) { handle(.mark(mark)) }
        call.hear(samples, at: now, into: &sink)
    }

    var framesSent: Int { sink.frames }
}

struct CallListening: Component {
    static let name = "call.listening"
    static let operation = "20 ms of a quiet caller, the agent quiet too"
    private var line = BenchCall()
    mutating func run(_ times: Int) { for _ in 0..<times { line.hear(Sound.silence) } }
}

struct CallInTurn: Component {
    static let name = "call.turn"
    static let operation = "20 ms of a caller who speaks"
    private var line = BenchCall()
    mutating func run(_ times: Int) { for _ in 0..<times { line.hear(Sound.voice) } }
}

struct CallSpeaking: Component {
    static let name = "call.speaking"
    static let operation = "20 ms of a quiet caller, and 20 ms of the agent's sent"
    static let most = 14_000
    private var line = BenchCall(talking: 300)
    mutating func run(_ times: Int) {
        let before = line.framesSent
        for _ in 0..<times { line.hear(Sound.silence) }
        precondition(line.framesSent - before >= times - 10, "the agent talks on")
    }
}

struct CallMark: Component {
    static let name = "call.mark"
    static let operation = "a mark that is none of this reply"
    static let isOnFramePath = false
    private var line = BenchCall()
    mutating func run(_ times: Int) {
        let mark = Mark(generation: Generation(9_999), index: 1)
        for _ in 0..<times { line.handle(.mark(mark)) }
    }
}

struct CallDeadline: Component {
    static let name = "call.deadline"
    static let operation = "a deadline at which nothing is due"
    private var line = BenchCall()
    mutating func run(_ times: Int) { for _ in 0..<times { line.handle(.deadline) } }
}

struct CallPartial: Component {
    static let name = "call.partial"
    static let operation = "the words so far of a turn"
    static let isOnFramePath = false
    private var line = BenchCall()
    init() {
        for _ in 0..<30 { line.hear(Sound.voice) }
        precondition(line.call.floor == .caller, "the caller's first turn goes on")
    }
    mutating func run(_ times: Int) {
        let answer = RecognizerAnswer.partial(TurnID(1), "I would like to come on Tuesday at three")
        for _ in 0..<times { line.handle(.recognizer(answer)) }
    }
}

struct Recording: Component {
    static let name = "capsule.frame"
    static let operation = "20 ms in and out, recorded; each second of it is handed over"
    // Handing over is one request for memory.
    static let isOnFramePath = false
    private var recorder = CapsuleRecorder(header: CapsuleHeader(), settings: CallSettings(format: .telephone))
    private var now = CallTime.zero
    init() { _ = recorder.take() }
    mutating func run(_ times: Int) {
        for _ in 0..<times {
            now += .frame
            recorder.hear(Sound.frame.span, at: now)
            recorder.play(Sound.octets.span)
            recorder.finish()
            if recorder.waiting >= 16 << 10 { keep(recorder.take()) }
        }
    }
}

/// Frames into a socket's buffer, which is emptied for each.
struct FrameWriter {
    private var dialect = TwilioStream.begun()
    private var out: [UInt8] = []
    init() { out.reserveCapacity(2_048) }

    mutating func write(_ frame: Span<UInt8>) {
        out.removeAll(keepingCapacity: true)
        let message = WebSocketFrame.begin(in: &out)
        dialect.appendAudio(frame, to: &out)
        WebSocketFrame.end(message, .text, in: &out)
    }
}

/// All that happens to a frame between two sockets: the WebSocket's frame, the dialect, the call, and out again.
struct FramePath: Component {
    static let name = "path"
    static let operation = "a media message in, and one out, without the socket"
    static let most = 14_000
    private var line = PathLine(talking: 300)

    mutating func run(_ times: Int) {
        let before = line.framesSent
        for _ in 0..<times { line.pass() }
        precondition(line.framesSent - before >= times - 10, "the agent talks on")
    }
}

/// The same where no call's memory is near, as the others' frames came between.
struct FramePathOfMany: Component {
    static let name = "path.many"
    static let operation = "a media message in, nothing out: a thousand calls by turns"
    private let lines = (0..<1_000).map { _ in PathLine(talking: 0) }
    private var next = 0

    mutating func run(_ times: Int) {
        for _ in 0..<times {
            lines[next].pass()
            next = next == lines.count - 1 ? 0 : next + 1
        }
    }
}

/// A call and what is before it. As in the gateway, each stage is lent what the one before has, through a reference.
final class PathLine {
    private var stream = TwilioStream()
    private var octets: [UInt8] = []
    private var receiver = WebSocketReceiver(role: .server)
    private var dialect = TwilioStream.begun()
    private var packer = FramePacker(samplesPerFrame: 160)
    private let call: BenchCall

    init(talking seconds: Int) {
        call = BenchCall(talking: seconds, to: FrameWriter())
        octets.reserveCapacity(1_024)
    }

    var framesSent: Int { call.framesSent }

    /// One message.
    func pass() {
        stream.advance()
        octets.removeAll(keepingCapacity: true)
        stream.octets.withUnsafeBytes { WebSocketFrame.append(.text, $0, maskKey: 0x5A17_C3E9, to: &octets) }
        var socket = Socket(line: self)
        octets.withUnsafeMutableBytes { octets in
            do { try receiver.receive(octets, into: &socket) } catch { preconditionFailure("\(error)") }
        }
    }

    private struct Socket: WebSocketSink {
        let line: PathLine
        func text(_ message: UnsafeRawBufferPointer) {
            var inlet = Inlet(line: line)
            do { try line.dialect.decodeText(message, into: &inlet) } catch { preconditionFailure("\(error)") }
        }
        func binary(_ message: UnsafeRawBufferPointer) {}
        func ping(_ payload: UnsafeRawBufferPointer) {}
        func pong(_ payload: UnsafeRawBufferPointer) {}
        func close(code: UInt16?, reason: UnsafeRawBufferPointer) {}
        var acceptsMore: Bool { true }
    }

    private struct Inlet: LegEventSink {
        let line: PathLine
        func audio(_ samples: Span<Int16>, timestamp: Int) { line.packer.append(samples) { line.call.hear($0) } }
        func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {}
        func receive(_ event: LegEvent) {}
    }
}
