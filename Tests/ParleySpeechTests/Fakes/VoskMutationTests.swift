import FakeEngines
import Testing

@Suite("Vosk's fake checks its client")
struct VoskMutationTests {
    static let exchange = FakeExchange(
        target: "/", headers: [:],
        messages: [.text(#"{"config":{"sample_rate":8000,"words":true,"max_alternatives":0}}"#)]
            + Array(repeating: .binary([UInt8](repeating: 1, count: 1_600)), count: 20)
            + [.text(#"{"reset" : 1}"#)])

    static let mutations = [
        Mutation("eof without its spaces") { $0.replaceLast(with: .text(#"{"eof":1}"#)) },
        Mutation("reset without its spaces") { $0.replaceLast(with: .text(#"{"reset":1}"#)) },
        Mutation("reset that is true") { $0.replaceLast(with: .text(#"{"reset" : true}"#)) },
        Mutation("eof as a binary message") { $0.replaceLast(with: .binary(Array(#"{"eof" : 1}"#.utf8))) },
        Mutation("audio as text") { $0.messages[2] = .text("AAAAAAAA") },
        Mutation("half a sample") { $0.messages[2] = .binary([0, 0, 0]) },
        Mutation("empty audio") { $0.messages[2] = .binary([]) },
        Mutation("a rate that is a text") { $0.replaceInFirst("8000", #""8000""#) },
        Mutation("a rate that no model has") { $0.replaceInFirst("8000", "11025") },
        Mutation("an unknown setting") { $0.replaceInFirst("words", "show_words") },
        Mutation("a configuration that is no JSON") { $0.messages[0] = .text("config: 8000") },
        Mutation("a configuration after audio") { $0.messages.swapAt(0, 1) },
    ]

    static func isFinal(_ message: FakeMessage) -> Bool {
        message.text.flatMap { FakeJSON(text: $0) }?["text"]?.string?.hasSuffix("two") ?? false
    }

    @Test("Vosk's takes a correct turn")
    func voskTakes() async throws {
        try await Self.exchange.isTaken(by: .vosk(FakeExchange.script), final: Self.isFinal)
    }

    @Test("Vosk's refuses", arguments: mutations)
    func voskRefuses(_ mutation: Mutation) async throws {
        var exchange = Self.exchange
        mutation.change(&exchange)
        try await exchange.isRefused(by: .vosk(FakeExchange.script))
    }
}
