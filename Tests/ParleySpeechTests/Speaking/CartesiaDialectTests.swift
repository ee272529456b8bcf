import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Cartesia's messages")
struct CartesiaDialectTests {
    private func dialect(_ format: VoiceFormat = .telephone) -> CartesiaDialect {
        CartesiaDialect(
            format: format, model: "sonic-3", voice: "5c0ffee3-0000-4000-8000-000000000001", language: "en")
    }

    @Test("A clause is a context, whole at once; cancelling names it")
    func out() {
        var dialect = dialect()
        #expect(
            dialect.speak("Sure.", as: 3, at: .zero).map(\.string) == [
                #"""
                {"model_id":"sonic-3","context_id":"c3","transcript":"Sure.","continue":false,"language":"en",\#
                "voice":{"mode":"id","id":"5c0ffee3-0000-4000-8000-000000000001"},"output_format":{\#
                "container":"raw","encoding":"pcm_mulaw","sample_rate":8000},"add_timestamps":true}
                """#
            ])
        #expect(dialect.cancel([3], at: .zero)?.map(\.string) == [#"{"context_id":"c3","cancel":true}"#])
        var wide = self.dialect(VoiceFormat(.pcm16, rate: 16_000))
        #expect(
            wide.speak("Sure.", as: 1, at: .zero)[0].string.contains(
                #""output_format":{"container":"raw","encoding":"pcm_s16le","sample_rate":16000}"#))
    }

    @Test("Contexts side by side: each one's sound, words and end, as the vendor writes them")
    func golden() {
        var dialect = dialect()
        _ = dialect.speak("Sure, yes.", as: 3, at: .zero)
        _ = dialect.speak("Two.", as: 4, at: .zero)
        let messages: [VoiceMessage] = [
            #"""
            {"type":"chunk","context_id":"c3","data":"fn5+","done":false,"status_code":206,"step_time":12.1,\#
            "flush_id":1}
            """#,
            #"{"data":"/w==","context_id":"c4","type":"chunk"}"#,
            #"""
            {"type":"timestamps","context_id":"c3","done":false,"status_code":206,"word_timestamps":{\#
            "words":["Sure,","yes."],"start":[0.0,0.4],"end":[0.31,0.9]}}
            """#,
            #"{"type":"flush_done","context_id":"c3","done":false,"flush_done":true,"flush_id":1,"status_code":206}"#,
            #"{"type":"news_of_next_year","context_id":"c3"}"#,
            #"{"type":"done","context_id":"c3","done":true,"status_code":200}"#,
            #"{"type":"chunk","context_id":"c3","data":"fn5+"}"#,
        ]
        #expect(
            news(messages, of: &dialect) == [
                .audio(3, [0x7E, 0x7E, 0x7E]), .audio(4, [0xFF]),
                .words(3, [TimedWord("Sure,", end: 310), TimedWord("yes.", end: 900)]), .done(3),
            ])
    }

    @Test("Sound in flight of a cancelled context is dropped")
    func cancelled() {
        var dialect = dialect()
        _ = dialect.speak("Sure.", as: 3, at: .zero)
        _ = dialect.cancel([3], at: .zero)
        #expect(
            news(
                [#"{"type":"chunk","context_id":"c3","data":"fn5+"}"#, #"{"type":"done","context_id":"c3"}"#],
                of: &dialect) == [])
    }

    @Test("An error is one context's, or the connection's; too many requests may pass")
    func errors() {
        var dialect = dialect()
        _ = dialect.speak("Sure.", as: 3, at: .zero)
        _ = dialect.speak("Two.", as: 4, at: .zero)
        let messages: [VoiceMessage] = [
            #"""
            {"type":"error","context_id":"c3","done":true,"status_code":400,"title":"Bad request",\#
            "message":"no such voice","error_code":"invalid","request_id":"rq-1"}
            """#,
            #"{"type":"error","context_id":"c4","done":true,"status_code":429,"error":"slow down"}"#,
            #"{"type":"error","done":true,"status_code":500}"#,
        ]
        #expect(
            news(messages, of: &dialect) == [
                .failed(3, VoiceFault("it answered with 400: Bad request: no such voice", isRetryable: false)),
                .failed(4, VoiceFault("it answered with 429: slow down")),
                .broken(VoiceFault("it answered with 500")),
            ])
    }

    @Test(
        "What means nothing is counted",
        arguments: [
            "{",
            #"{"context_id":"c3"}"#, #"{"type":"chunk","context_id":"c3"}"#,
            #"{"type":"chunk","context_id":"c3","data":"f"}"#,
        ])
    func garbage(message: String) {
        var dialect = dialect()
        _ = dialect.speak("Sure.", as: 3, at: .zero)
        #expect(news([VoiceMessage(stringLiteral: message)], of: &dialect) == [.garbage])
    }
}
