import ParleyCore
import ParleyWire

/// Wyoming's `synthesize` over TCP: one connection for each clause, as only its end stops a server that speaks.
struct WyomingVoiceDialect: VoiceDialect {
    /// Who speaks; what is `nil` is the server's own choice.
    struct Speaker: Equatable, Sendable {
        var name: String?
        var language: String?
        var speaker: String?
    }

    /// Until the server declares its own.
    let format = VoiceFormat(.pcm16, rate: 22_050)
    private let speaker: Speaker
    private var reader = WyomingReader()
    private var clause: Int?
    private var hasFormat = false
    private(set) var isSpent = false

    init(_ speaker: Speaker) { self.speaker = speaker }

    func room(at now: CallTime) -> Int { clause == nil ? 1 : 0 }

    mutating func speak(_ text: String, as id: Int, at now: CallTime) -> [VoiceMessage] {
        clause = id
        var json = JSONWriter()
        json.beginObject()
        json.field("text", text)
        if speaker != Speaker() {
            json.key("voice")
            json.beginObject()
            if let name = speaker.name { json.field("name", name) }
            if let language = speaker.language { json.field("language", language) }
            if let speaker = speaker.speaker { json.field("speaker", speaker) }
            json.endObject()
        }
        json.endObject()
        var message: [UInt8] = []
        WyomingEvent.append("synthesize", data: json.bytes, to: &message)
        return [.binary(message)]
    }

    mutating func cancel(_ ids: [Int], at now: CallTime) -> [VoiceMessage]? { nil }

    mutating func take(binary: UnsafeRawBufferPointer, into news: inout [VoiceNews]) {
        reader.receive(binary)
        do throws(WyomingFault) {
            while !isSpent, let event = try reader.next() { take(event, into: &news) }
        } catch {
            isSpent = true
            news.append(.broken(VoiceFault("it sends \(error)")))
        }
    }

    private mutating func take(_ event: WyomingEvent, into news: inout [VoiceNews]) {
        guard let clause else { return }
        switch event.type {
        case "audio-start": declare(event, clause, into: &news)
        case "audio-chunk":
            if !hasFormat { declare(event, clause, into: &news) }
            if !isSpent, !event.payload.isEmpty { news.append(.audio(clause, event.payload)) }
        case "audio-stop":
            isSpent = true
            news.append(.done(clause))
        case "error":
            let said = event.text("text") ?? "it could not"
            fail(VoiceFault(event.text("code").map { "\($0): \(said)" } ?? said), clause, into: &news)
        default: break
        }
    }

    private mutating func declare(_ event: WyomingEvent, _ clause: Int, into news: inout [VoiceNews]) {
        guard let rate = event.whole("rate"), event.whole("width") == 2, event.whole("channels") == 1 else {
            return fail(VoiceFault("its sound is not one channel of 16 bits", isRetryable: false), clause, into: &news)
        }
        hasFormat = true
        news.append(.format(clause, VoiceFormat(.pcm16, rate: rate)))
    }

    private mutating func fail(_ fault: VoiceFault, _ clause: Int, into news: inout [VoiceNews]) {
        isSpent = true
        news.append(.failed(clause, fault))
    }
}
