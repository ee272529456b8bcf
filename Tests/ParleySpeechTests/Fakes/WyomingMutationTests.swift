import FakeEngines
import Testing

@Suite("Wyoming's fake checks its client")
struct WyomingMutationTests {
    private static let format: [String: FakeJSON] = ["rate": 16_000, "width": 2, "channels": 1]

    private static func event(
        _ type: String, _ data: [String: FakeJSON] = [:], payload: [UInt8] = []
    ) -> FakeMessage { .binary(FakeWyomingEvent(type, data, payload: payload).bytes) }

    static let exchange = FakeExchange(
        target: "", headers: [:],
        messages: [event("transcribe", ["language": "en"]), event("audio-start", format)]
            + Array(
                repeating: event("audio-chunk", format, payload: [UInt8](repeating: 1, count: 3_200)), count: 20)
            + [event("audio-stop")])

    static let mutations = [
        Mutation("no transcribe") { $0.messages.remove(at: 0) },
        Mutation("transcribe twice") { $0.messages.insert(event("transcribe"), at: 0) },
        Mutation("no audio-start") { $0.messages.remove(at: 1) },
        Mutation("audio-stop without audio-start") { $0.messages = [event("transcribe"), event("audio-stop")] },
        Mutation("an unknown language") { $0.messages[0] = event("transcribe", ["language": "xx"]) },
        Mutation("a language that is no text") { $0.messages[0] = event("transcribe", ["language": 7]) },
        Mutation("no rate") { $0.messages[1] = event("audio-start", ["width": 2, "channels": 1]) },
        Mutation("two channels") {
            $0.messages[1] = event("audio-start", ["rate": 16_000, "width": 2, "channels": 2])
        },
        Mutation("another rate than was said") {
            $0.messages[3] = event(
                "audio-chunk", ["rate": 8_000, "width": 2, "channels": 1], payload: [0, 0])
        },
        Mutation("a chunk without its format") { $0.messages[3] = event("audio-chunk", payload: [0, 0]) },
        Mutation("a chunk without audio") { $0.messages[3] = event("audio-chunk", format) },
        Mutation("half a sample") { $0.messages[3] = event("audio-chunk", format, payload: [0, 0, 0]) },
        Mutation("a line that is no JSON") { $0.messages[0] = .binary(Array("transcribe\n".utf8)) },
        Mutation("no type") { $0.messages[0] = .binary(Array("{\"data\":{}}\n".utf8)) },
        Mutation("a length that is a text") {
            $0.messages[0] = .binary(Array("{\"type\":\"transcribe\",\"data_length\":\"2\"}\n{}".utf8))
        },
        Mutation("data that is a list") {
            $0.messages[0] = .binary(Array("{\"type\":\"transcribe\",\"data\":[]}\n".utf8))
        },
    ]

    static func isFinal(_ message: FakeMessage) -> Bool {
        String(decoding: message.binary ?? [], as: UTF8.self).contains("for two")
    }

    @Test("Wyoming's takes a correct turn")
    func wyomingTakes() async throws {
        try await Self.exchange.isTaken(by: .wyoming(FakeExchange.script), final: Self.isFinal)
    }

    @Test("Wyoming's refuses", arguments: mutations)
    func wyomingRefuses(_ mutation: Mutation) async throws {
        var exchange = Self.exchange
        mutation.change(&exchange)
        try await exchange.isRefused(by: .wyoming(FakeExchange.script))
    }
}
