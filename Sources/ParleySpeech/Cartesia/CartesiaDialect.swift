import ParleyCore
import ParleyWire

/// Cartesia's WebSocket: many clauses over one connection, each a context of its own with its own id.
struct CartesiaDialect: VoiceDialect {
    /// More are never under way.
    private static let most = 64

    let format: VoiceFormat
    private let model: String
    private let voice: String
    private let language: String
    private var contexts: Set<Int> = []

    init(format: VoiceFormat, model: String, voice: String, language: String) {
        self.format = format
        self.model = model
        self.voice = voice
        self.language = language
    }

    func room(at now: CallTime) -> Int { Self.most - contexts.count }

    mutating func speak(_ text: String, as id: Int, at now: CallTime) -> [VoiceMessage] {
        contexts.insert(id)
        return [
            .object { json in
                json.field("model_id", model)
                json.field("context_id", Self.name(id))
                json.field("transcript", text)
                // All of the context's text: nothing is kept back for more.
                json.field("continue", false)
                json.field("language", language)
                json.key("voice")
                json.beginObject()
                json.field("mode", "id")
                json.field("id", voice)
                json.endObject()
                json.key("output_format")
                json.beginObject()
                json.field("container", "raw")
                json.field("encoding", format.encoding == .mulaw ? "pcm_mulaw" : "pcm_s16le")
                json.field("sample_rate", format.rate)
                json.endObject()
                json.field("add_timestamps", true)
            }
        ]
    }

    mutating func cancel(_ ids: [Int], at now: CallTime) -> [VoiceMessage]? {
        contexts.subtract(ids)
        return ids.map { id in
            .object { json in
                json.field("context_id", Self.name(id))
                json.field("cancel", true)
            }
        }
    }

    mutating func take(text: UnsafeRawBufferPointer, into news: inout [VoiceNews]) {
        guard let message = CartesiaMessage(text) else { return news.append(.garbage) }
        guard let context = message.context else {
            if case .error(let fault) = message.body { news.append(.broken(fault)) }
            return
        }
        // What was cancelled goes on for a moment.
        guard let id = contexts.first(where: { Self.name($0) == context }) else { return }
        switch message.body {
        case .chunk(let octets): news.append(.audio(id, octets))
        case .words(let words): news.append(.words(id, words))
        case .done:
            contexts.remove(id)
            news.append(.done(id))
        case .error(let fault):
            contexts.remove(id)
            news.append(.failed(id, fault))
        case .other: break
        }
    }

    private static func name(_ id: Int) -> String { "c\(id)" }
}
