import ParleyCore

@testable import ParleySpeech

extension SpeechAnswer {
    /// For tests to compare: generation, clause, and what.
    var line: String {
        switch self {
        case .chunk(let generation, let clause, let chunk):
            let kind = chunk.mulaw == nil ? "pcm" : "mulaw"
            let words = chunk.words.map { " \($0.textEnd)@\($0.audioEnd)" }.joined()
            return "\(generation.number)/\(clause) \(kind) \(chunk.sampleCount) at \(chunk.sampleRate)\(words)"
        case .done(let generation, let clause): return "\(generation.number)/\(clause) done"
        case .failed(let generation, let clause, let error):
            return "\(generation.number)/\(clause) failed: \(error)\(error.isRetryable ? "" : " (for good)")"
        }
    }

    var chunk: SpeechChunk? { if case .chunk(_, _, let chunk) = self { chunk } else { nil } }
    /// The clause is over.
    var isEnd: Bool { chunk == nil }

    var place: (generation: UInt32, clause: Int) {
        switch self {
        case .chunk(let generation, let clause, _), .done(let generation, let clause),
            .failed(let generation, let clause, _):
            (generation.number, clause)
        }
    }
}

/// What a dialect makes of messages, text or binary.
func news<Dialect: VoiceDialect>(_ messages: [VoiceMessage], of dialect: inout Dialect) -> [VoiceNews] {
    var news: [VoiceNews] = []
    for message in messages {
        switch message {
        case .text(let bytes): bytes.withUnsafeBytes { dialect.take(text: $0, into: &news) }
        case .binary(let bytes): bytes.withUnsafeBytes { dialect.take(binary: $0, into: &news) }
        }
    }
    return news
}

extension VoiceMessage: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .text(Array(value.utf8)) }

    var string: String {
        switch self {
        case .text(let bytes), .binary(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}
