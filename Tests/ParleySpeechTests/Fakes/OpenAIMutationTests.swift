import FakeEngines
import Testing

@Suite("OpenAI's fake checks its client")
struct OpenAIMutationTests {
    static let exchange = FakeExchange(
        target: "/v1/realtime?intent=transcription", headers: ["Authorization": "Bearer openai-key"],
        messages: [
            .text(
                #"{"type":"session.update","session":{"type":"transcription","audio":{"input":{"format":"#
                    + #"{"type":"audio/pcmu"},"transcription":{"model":"gpt-4o-transcribe","language":"en"},"#
                    + #""turn_detection":null}}}}"#)
        ]
            + Array(
                repeating: .text(
                    #"{"type":"input_audio_buffer.append","audio":"\#(String(repeating: "AAAA", count: 200))"}"#),
                count: 10)
            + [.text(#"{"type":"input_audio_buffer.commit"}"#)])

    static let mutations = [
        Mutation("no key") { $0.headers = [:] },
        Mutation("another key") { $0.headers = ["Authorization": "Bearer other"] },
        Mutation("another scheme") { $0.headers = ["Authorization": "Token openai-key"] },
        Mutation("neither model nor intent") { $0.replace("?intent=transcription", "") },
        Mutation("the header of the beta") { $0.headers["OpenAI-Beta"] = "realtime=v1" },
        Mutation("no session.type") { $0.replaceInFirst(#""type":"transcription","#, "") },
        Mutation("another session.type") { $0.replaceInFirst(#""type":"transcription""#, #""type":"realtime""#) },
        Mutation("a format of the beta") { $0.replaceInFirst("audio/pcmu", "g711_ulaw") },
        Mutation("linear audio at 16 000") {
            $0.replaceInFirst(#""type":"audio/pcmu""#, #""type":"audio/pcm","rate":16000"#)
        },
        Mutation("no model to transcribe with") { $0.replaceInFirst(#""model":"gpt-4o-transcribe","#, "") },
        Mutation("an unknown field") { $0.replaceInFirst("turn_detection", "vad") },
        Mutation("the beta's configuration") { $0.replaceInFirst("session.update", "transcription_session.update") },
        Mutation("audio before the configuration") { $0.messages.swapAt(0, 1) },
        Mutation("nothing committed") { $0.messages.removeSubrange(1...10) },
        Mutation("under 100 ms committed") { $0.messages.removeSubrange(2...10) },
        Mutation("audio that is not base64") {
            $0.messages[3] = .text(#"{"type":"input_audio_buffer.append","audio":"****"}"#)
        },
        Mutation("audio under another name") {
            $0.messages[3] = .text(#"{"type":"input_audio_buffer.append","data":"AAAA"}"#)
        },
        Mutation("binary audio") { $0.messages[3] = .binary([0, 0, 0, 0]) },
        Mutation("an unknown event") { $0.replaceLast(with: .text(#"{"type":"input_audio_buffer.finish"}"#)) },
    ]

    static func isFinal(_ message: FakeMessage) -> Bool {
        guard let json = message.text.flatMap({ FakeJSON(text: $0) }) else { return false }
        return json["type"] == "conversation.item.input_audio_transcription.completed"
            && json["transcript"]?.string != nil
    }

    @Test("OpenAI's takes a correct turn")
    func openAITakes() async throws {
        try await Self.exchange.isTaken(by: .openAITranscription(FakeExchange.script), final: Self.isFinal)
    }

    @Test("OpenAI's refuses", arguments: mutations)
    func openAIRefuses(_ mutation: Mutation) async throws {
        var exchange = Self.exchange
        mutation.change(&exchange)
        try await exchange.isRefused(by: .openAITranscription(FakeExchange.script))
    }

    static var betaExchange: FakeExchange {
        var exchange = Self.exchange
        exchange.headers["OpenAI-Beta"] = "realtime=v1"
        exchange.messages[0] = .text(
            #"{"type":"transcription_session.update","session":{"input_audio_format":"g711_ulaw","#
                + #""input_audio_transcription":{"model":"whisper-1"},"turn_detection":null}}"#)
        return exchange
    }

    static let betaMutations = [
        Mutation("no header of the beta") { $0.headers["OpenAI-Beta"] = nil },
        Mutation("the format of today") { $0.replaceInFirst("g711_ulaw", "audio/pcmu") },
        Mutation("the configuration of today") { $0.messages[0] = exchange.messages[0] },
        Mutation("the type of today") { $0.replaceInFirst(#""session":{"#, #""session":{"type":"transcription","#) },
    ]

    @Test("OpenAI's of before takes a correct turn")
    func openAIBetaTakes() async throws {
        try await Self.betaExchange.isTaken(
            by: .openAITranscription(FakeExchange.script, isBeta: true), final: Self.isFinal)
    }

    @Test("OpenAI's of before refuses", arguments: betaMutations)
    func openAIBetaRefuses(_ mutation: Mutation) async throws {
        var exchange = Self.betaExchange
        mutation.change(&exchange)
        try await exchange.isRefused(by: .openAITranscription(FakeExchange.script, isBeta: true))
    }
}
