import ParleyCore
import ParleyNetwork
import ParleySpeech

@testable import ParleyAgents

/// Drives a machine: what comes out is written down, a line each.
///
///     connect                 > {"type":"response.cancel"}      final 1 Hello
///     reply 1 text Hi         sound 1.1 480 ms [5@240 8@480]    spoken 1.1
struct RealtimeDriver {
    var machine: RealtimeMachine
    var now = CallTime.zero
    private var lines: [String] = []

    init(_ settings: RealtimeSettings = .test()) { machine = RealtimeMachine(settings) }

    /// One whose connection stands, its configuration sent.
    static func opened(_ settings: RealtimeSettings = .test()) -> RealtimeDriver {
        var driver = RealtimeDriver(settings)
        driver.change { machine, _ in machine.connect() }
        driver.change { $0.opened(at: $1) }
        _ = driver.take()
        return driver
    }

    /// What has come since the last time.
    mutating func take() -> [String] {
        defer { lines = [] }
        return lines
    }

    mutating func change(_ body: (inout RealtimeMachine, CallTime) -> Void) {
        body(&machine, now)
        for effect in machine.takeEffects() { lines.append(effect.line) }
    }

    mutating func wait(_ milliseconds: Int) {
        let end = now + .milliseconds(milliseconds)
        while let due = machine.nextDeadline, due <= end {
            now = max(now, due)
            change { $0.pass(at: $1) }
        }
        now = end
    }

    // MARK: The call

    /// So many frames of silence.
    mutating func feed(_ frames: Int) {
        let silence = [Int16](repeating: 0, count: 160)
        for _ in 0..<frames { change { machine, _ in machine.feed(silence.span) } }
    }

    mutating func finish(_ turn: UInt32) { change { $0.finish(TurnID(turn), at: $1) } }

    mutating func ask(
        _ generation: UInt32, _ cause: AgentRequest.Cause, turn: UInt32, heard: String = "", cut: Bool = false
    ) {
        let request = AgentRequest(
            generation: Generation(generation), turn: TurnID(turn), cause: cause, heard: heard, wasCut: cut)
        change { $0.ask(request, at: $1) }
    }

    mutating func speak(_ text: String, _ generation: UInt32, _ clause: Int) {
        change { $0.speak(text, Generation(generation), clause: clause, at: $1) }
    }

    mutating func cancel(_ generation: UInt32) { change { $0.cancel(Generation(generation), at: $1) } }
    mutating func retract(_ generation: UInt32) { change { $0.retract(Generation(generation), at: $1) } }

    mutating func finished(
        _ number: UInt32, _ generation: UInt32, _ name: String, _ arguments: String, _ outcome: ActionResult.Outcome
    ) {
        let invocation = ActionInvocation(
            number: number, generation: Generation(generation), turn: TurnID(1),
            request: ActionRequest(name: name, arguments: arguments))
        change { $0.finished(invocation, outcome, at: $1) }
    }

    /// A turn whose words the server has: fed, finished, committed, written down.
    mutating func say(_ words: String, turn: UInt32) {
        feed(10)
        finish(turn)
        commit("u\(turn)")
        written(words, "u\(turn)")
    }

    // MARK: The server

    mutating func hear(_ json: String) {
        let event = json.withUTF8Bytes { try? RealtimeEvent($0) }
        change { machine, now in
            if let event { machine.handle(event, at: now) } else { machine.handleGarbage(at: now) }
        }
    }

    mutating func commit(_ item: String) {
        hear(#"{"type":"input_audio_buffer.committed","event_id":"e","item_id":"\#(item)","previous_item_id":null}"#)
    }

    mutating func written(_ words: String, _ item: String) {
        hear(
            #"{"type":"conversation.item.input_audio_transcription.completed","item_id":"\#(item)","content_index":0,"#
                + #""transcript":"\#(words)"}"#)
    }

    mutating func created(_ id: String) { hear(#"{"type":"response.created","response":{"id":"\#(id)","output":[]}}"#) }

    /// Words, with 60 ms of sound for each character.
    mutating func says(_ words: String, _ id: String, item: String) {
        reads(words, id, item: item)
        sounds(words.count * 60, id, item: item)
    }

    mutating func reads(_ words: String, _ id: String, item: String) {
        hear(
            #"{"type":"response.output_audio_transcript.delta","response_id":"\#(id)","item_id":"\#(item)","#
                + #""output_index":0,"content_index":0,"delta":"\#(words)"}"#)
    }

    mutating func sounds(_ milliseconds: Int, _ id: String, item: String) {
        // "////" is three octets of silence: 3/8 of a millisecond.
        let sound = String(repeating: "////", count: milliseconds * 8 / 3)
        hear(
            #"{"type":"response.output_audio.delta","response_id":"\#(id)","item_id":"\#(item)","output_index":0,"#
                + #""content_index":0,"delta":"\#(sound)"}"#)
    }

    mutating func calls(_ name: String, _ arguments: String, _ id: String, call: String) {
        let arguments = arguments.replacing("\"", with: "\\\"")
        hear(
            #"{"type":"response.function_call_arguments.done","response_id":"\#(id)","item_id":"i\#(call)","#
                + #""output_index":1,"call_id":"\#(call)","name":"\#(name)","arguments":"\#(arguments)"}"#)
    }

    mutating func done(_ id: String, _ status: String = "completed") {
        hear(#"{"type":"response.done","response":{"id":"\#(id)","status":"\#(status)","output":[]}}"#)
    }

    /// A whole response.
    mutating func answers(_ words: String, _ id: String, item: String) {
        created(id)
        says(words, id, item: item)
        done(id)
    }
}

extension String {
    func withUTF8Bytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Array(utf8).withUnsafeBytes(body)
    }
}

extension RealtimeSettings {
    static func test() -> RealtimeSettings {
        var settings = RealtimeSettings(
            address: try! NetworkAddress("ws://127.0.0.1:9/v1/realtime", schemes: [.ws]), instructions: "Be brief.")
        settings.key = Secret("a-key-that-must-not-be-seen")
        settings.greeting = "Hello, this is the dentist."
        return settings
    }
}

extension RealtimeMachine.Effect {
    var line: String {
        switch self {
        case .connect: "connect"
        case .disconnect: "disconnect"
        case .send(let message): "> " + String(decoding: message, as: UTF8.self)
        case .recognizer(.partial(let turn, let text)): "partial \(turn.number) \(text)"
        case .recognizer(.final(let turn, let text)): "final \(turn.number) \(text)"
        case .recognizer(.failed(let turn)): "failed \(turn.number)"
        case .reply(let generation, let part): "reply \(generation.number) \(Self.words(part))"
        case .speech(.chunk(let generation, let clause, let chunk)):
            "sound \(generation.number).\(clause) \(chunk.samples.count / 8) ms"
                + (chunk.words.isEmpty
                    ? "" : " [\(chunk.words.map { "\($0.textEnd)@\($0.audioEnd)" }.joined(separator: " "))]")
        case .speech(.done(let generation, let clause)): "spoken \(generation.number).\(clause)"
        case .speech(.failed(let generation, let clause, _)): "unspoken \(generation.number).\(clause)"
        case .news(let role, let kind, let detail): "news \(role.rawValue) \(kind.rawValue) \(detail)"
        }
    }

    private static func words(_ part: ReplyPart) -> String {
        switch part {
        case .text(let text): "text \(text == "\n" ? "|" : text)"
        case .action(let request): "action \(request.name) \(request.arguments)"
        case .sound(.keys(let keys)): "keys \(keys)"
        case .transfer(let target): "transfer \(target)"
        default: "\(part)"
        }
    }
}

/// Messages that are short enough to compare.
enum Sent {
    static func create(_ number: Int) -> String { #"> {"type":"response.create","event_id":"response-\#(number)"}"# }
    static let cancel = #"> {"type":"response.cancel"}"#
    static func commit(_ turn: Int) -> String {
        #"> {"type":"input_audio_buffer.commit","event_id":"commit-\#(turn)"}"#
    }
    static func delete(_ item: String) -> String { #"> {"type":"conversation.item.delete","item_id":"\#(item)"}"# }
    static func truncate(_ item: String, _ milliseconds: Int) -> String {
        #"> {"type":"conversation.item.truncate","item_id":"\#(item)","content_index":0,"audio_end_ms":\#(milliseconds)}"#
    }
    static func output(_ call: String, _ output: String) -> String {
        #"> {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"\#(call)","#
            + #""output":"\#(output.replacing("\"", with: "\\\""))"}}"#
    }
}
