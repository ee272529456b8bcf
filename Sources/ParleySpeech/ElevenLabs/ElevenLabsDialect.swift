import ParleyCore
import ParleyWire

/// ElevenLabs' `stream-input` WebSocket: one connection for each clause.
///
/// The first message is one space; an empty text ends the input, and the server drains, says that it is final and closes.
/// Nothing cancels but the connection's end.
struct ElevenLabsDialect: VoiceDialect {
    /// How the voice speaks; what is `nil` is the voice's own.
    struct Manner: Equatable, Sendable {
        var stability: Double?
        var similarity: Double?
        var speed: Double?
    }

    let format: VoiceFormat
    private let manner: Manner
    private var clause: Int?
    private(set) var isSpent = false
    private var letters = LetterTimes()
    /// Octets of sound that have come.
    private var received = 0

    init(format: VoiceFormat, manner: Manner) {
        self.format = format
        self.manner = manner
    }

    /// The connection asks for the longest time without input that there is, 180 s.
    var keepAlive: (every: CallTime, message: VoiceMessage)? {
        clause == nil ? (.seconds(60), .object { $0.field("text", " ") }) : nil
    }

    func room(at now: CallTime) -> Int { clause == nil ? 1 : 0 }

    mutating func opened() -> [VoiceMessage] {
        [
            .object { json in
                json.field("text", " ")
                guard manner != Manner() else { return }
                json.key("voice_settings")
                json.beginObject()
                if let stability = manner.stability { json.field("stability", stability) }
                if let similarity = manner.similarity { json.field("similarity_boost", similarity) }
                if let speed = manner.speed { json.field("speed", speed) }
                json.endObject()
            }
        ]
    }

    mutating func speak(_ text: String, as id: Int, at now: CallTime) -> [VoiceMessage] {
        clause = id
        return [
            .object { json in
                json.field("text", text + " ")
                json.field("flush", true)
            },
            .object { $0.field("text", "") },
        ]
    }

    mutating func cancel(_ ids: [Int], at now: CallTime) -> [VoiceMessage]? { nil }

    mutating func take(text: UnsafeRawBufferPointer, into news: inout [VoiceNews]) {
        guard let message = ElevenLabsMessage(text) else { return news.append(.garbage) }
        if let fault = message.fault {
            isSpent = true
            return news.append(.broken(fault))
        }
        guard let clause else { return }
        // Times count from the start of this message's sound.
        let words = letters.add(message.letters, from: format.milliseconds(of: received))
        if !words.isEmpty { news.append(.words(clause, words)) }
        if let audio = message.audio {
            received += audio.count
            news.append(.audio(clause, audio))
        }
        if message.isFinal {
            if let last = letters.finish() { news.append(.words(clause, [last])) }
            isSpent = true
            news.append(.done(clause))
        }
    }
}
