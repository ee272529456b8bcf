import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("ElevenLabs' messages")
struct ElevenLabsDialectTests {
    private func dialect(_ manner: ElevenLabsDialect.Manner = .init()) -> ElevenLabsDialect {
        ElevenLabsDialect(format: .telephone, manner: manner)
    }

    @Test("The first text is a space, a clause ends in one, an empty one ends the input")
    func out() {
        var dialect = dialect(.init(stability: 0.5, similarity: 0.8, speed: 1))
        #expect(
            dialect.opened().map(\.string) == [
                #"{"text":" ","voice_settings":{"stability":0.5,"similarity_boost":0.8,"speed":1.0}}"#
            ])
        #expect(dialect.keepAlive?.message.string == #"{"text":" "}"#)
        #expect(dialect.room(at: .zero) == 1)
        #expect(
            dialect.speak(#"Say "yes"."#, as: 3, at: .zero).map(\.string) == [
                #"{"text":"Say \"yes\". ","flush":true}"#, #"{"text":""}"#,
            ])
        #expect(dialect.room(at: .zero) == 0 && dialect.keepAlive == nil)
        #expect(dialect.cancel([3], at: .zero) == nil)
        var plain = self.dialect()
        #expect(plain.opened().map(\.string) == [#"{"text":" "}"#])
    }

    @Test("Sound, letters and the end, as the vendor writes them")
    func golden() {
        var dialect = dialect()
        _ = dialect.speak("Su re", as: 3, at: .zero)
        let messages: [VoiceMessage] = [
            #"""
            {"audio":"fn5+","normalizedAlignment":{"chars":["x"],"charStartTimesMs":[9],"charDurationsMs":[9]},\#
            "alignment":{"chars":["S","u"," ","r"],"charStartTimesMs":[0,80,150,160],"charDurationsMs":[80,70,10,\#
            5]}}
            """#,
            #"{"audio":null,"isFinal":null,"alignment":null,"new_field":[1,{"a":2}]}"#,
            #"{"isFinal":true,"audio":null}"#,
        ]
        #expect(
            news(messages, of: &dialect) == [
                .words(3, [TimedWord("Su", end: 150)]), .audio(3, [0x7E, 0x7E, 0x7E]),
                .words(3, [TimedWord("r", end: 165)]), .done(3),
            ])
        #expect(dialect.isSpent)
    }

    @Test("Letters' times count from the start of their own sound, and words go on from message to message")
    func times() {
        var dialect = dialect()
        _ = dialect.speak("Good day", as: 1, at: .zero)
        // 800 octets of mu-law are 100 ms.
        let sound = String(repeating: "/", count: 1_064) + "//8="
        let messages: [VoiceMessage] = [
            .text(
                Array(
                    #"""
                    {"audio":"\#(sound)","alignment":{"chars":["G","o"],"charStartTimesMs":[0,50],\#
                    "charDurationsMs":[50,50]}}
                    """#
                    .utf8)),
            #"""
            {"audio":"/w==","alignment":{"chars":["o","d"," ","d"],"charStartTimesMs":[0,50,100,110],\#
            "charsDurationsMs":[50,50,10,10]}}
            """#,
        ]
        let words = news(messages, of: &dialect).filter { if case .words = $0 { true } else { false } }
        #expect(words == [.words(1, [TimedWord("Good", end: 200)])])
    }

    @Test(
        "An error ends the connection",
        arguments: [
            (
                #"{"message":"Voice not found","error":"voice_not_found","code":1008}"#,
                "voice_not_found: Voice not found", false
            ),
            (
                #"{"message":"busy","error":"too_many_concurrent_requests","code":1008}"#,
                "too_many_concurrent_requests: busy", true
            ),
            (#"{"error":"internal_error"}"#, "internal_error", true),
        ])
    func errors(message: String, said: String, isRetryable: Bool) {
        var dialect = dialect()
        _ = dialect.speak("Yes.", as: 1, at: .zero)
        #expect(
            news([VoiceMessage(stringLiteral: message)], of: &dialect) == [
                .broken(VoiceFault(said, isRetryable: isRetryable))
            ])
    }

    @Test(
        "What means nothing is counted, and does no harm",
        arguments: [
            "", "{", "[]", "null", #"{"audio":"fn5"}"#, #"{"audio":"%%%%"}"#, #"{"audio":"fn5+"} x"#,
            #"{"audio":"fn5+","audio":"fn5+"}"#,
        ])
    func garbage(message: String) {
        var dialect = dialect()
        _ = dialect.speak("Yes.", as: 1, at: .zero)
        #expect(news([VoiceMessage(stringLiteral: message)], of: &dialect) == [.garbage])
    }

    @Test("Numbers of any size are no times, and never a crash")
    func numbers() {
        var dialect = dialect()
        _ = dialect.speak("a b c d", as: 1, at: .zero)
        let message: VoiceMessage =
            #"""
            {"alignment":{"chars":["a"," ","b"," ","c"," ","d"," ",5],"charStartTimesMs":[1e400,0,-5,0,9e18,0,"x",\#
            0,0],"charDurationsMs":[1,0,1,0,1,0,1,0,0]}}
            """#
        #expect(news([message], of: &dialect) == [])
    }

    @Test("Sound whose slashes are escaped is sound")
    func escaped() {
        var dialect = dialect()
        _ = dialect.speak("Yes.", as: 1, at: .zero)
        #expect(news([#"{"audio":"\/\/8="}"#], of: &dialect) == [.audio(1, [0xFF, 0xFF])])
    }
}
