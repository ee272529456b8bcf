import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleySpeech

@Suite("AssemblyAI's streaming recognition")
struct AssemblyAITests {
    private func rig(isFormatting: Bool = true) -> DialectRig<AssemblyAIDialect> {
        var rig = DialectRig(AssemblyAIDialect(isFormatting: isFormatting))
        #expect(rig.open() == [])
        let begin = #"{"type":"Begin","id":"0c1d2e3f-0000-4000-8000-000000000001","expires_at":"2026-11-21T06:50:00Z"}"#
        #expect(rig.hear(begin) == [.ready])
        return rig
    }

    /// A message of a spell whose words began and ended then.
    private func turn(
        _ order: Int, _ text: String, _ times: ClosedRange<Int>? = nil, isEnd: Bool = false, isFormatted: Bool = false
    ) -> String {
        let words = times.map { #"{"text":"x","start":\#($0.lowerBound),"end":\#($0.upperBound)}"# } ?? ""
        return #"{"type":"Turn","turn_order":\#(order),"turn_is_formatted":\#(isFormatted),"end_of_turn":\#(isEnd),"#
            + #""transcript":"\#(text)","end_of_turn_confidence":0.12,"words":[\#(words)]}"#
    }

    @Test("The documented messages out")
    func out() {
        var rig = rig()
        rig.feed(1, octets: [0xFF])
        _ = rig.finish(1)
        _ = rig.keepAlive()
        _ = rig.end()
        #expect(
            rig.takeSent() == [
                "[255]", #"{"type":"ForceEndpoint"}"#, #"{"type":"KeepAlive"}"#, #"{"type":"Terminate"}"#,
            ])
    }

    @Test("The documented messages in")
    func `in`() {
        var rig = rig()
        rig.feed(1, milliseconds: 2_000)
        #expect(rig.hear(#"{"type":"SpeechStarted","timestamp":1300}"#) == [.alive])
        #expect(
            rig.hear(
                #"{"type":"Turn","turn_order":0,"turn_is_formatted":false,"end_of_turn":false,"transcript":"book a","end_of_turn_confidence":0.12,"words":[{"text":"book","start":1300,"end":1520,"confidence":0.97,"word_is_final":true}]}"#
            ) == [.partial(1, "book a")])
        #expect(rig.finish(1, quiet: 400) == [.expect(1, within: .milliseconds(500))])
        #expect(
            rig.hear(
                #"{"type":"Turn","turn_order":0,"turn_is_formatted":true,"end_of_turn":true,"transcript":"Book a table.","end_of_turn_confidence":0.91,"words":[]}"#
            ) == [.partial(1, "Book a table."), .final(1, "Book a table.")])
        #expect(
            rig.hear(#"{"type":"Termination","audio_duration_seconds":12,"session_duration_seconds":13}"#) == [.alive])
        #expect(
            rig.hear(#"{"type":"Error","error_code":3007,"error":"Input duration violation"}"#)
                == [.fault("Input duration violation")])
    }

    @Test("A spell that ends plain and then formatted counts once; the formatted end is waited for briefly")
    func endsTwice() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        _ = rig.finish(1)
        #expect(
            rig.hear(turn(0, "book a table", 100...900, isEnd: true))
                == [.partial(1, "book a table"), .expect(1, within: .milliseconds(150))])
        #expect(
            rig.hear(turn(0, "Book a table.", 100...900, isEnd: true, isFormatted: true))
                == [.partial(1, "Book a table."), .final(1, "Book a table.")])
        #expect(rig.hear(turn(0, "Book a table.", 100...900, isEnd: true, isFormatted: true)) == [.alive])
    }

    @Test("Where nothing is formatted the plain end is the end")
    func plain() {
        var rig = rig(isFormatting: false)
        rig.feed(1, milliseconds: 1_000)
        _ = rig.finish(1)
        #expect(rig.hear(turn(0, "book a table", 100...900, isEnd: true)).last == .final(1, "book a table"))
    }

    @Test("A turn may hold several spells; late news of the first changes nothing")
    func spells() {
        var rig = rig(isFormatting: false)
        rig.feed(1, milliseconds: 3_000)
        #expect(rig.hear(turn(0, "book a table", 100...900, isEnd: true)) == [.partial(1, "book a table")])
        #expect(rig.hear(turn(1, "for", 2_000...2_200)) == [.partial(1, "book a table for")])
        #expect(rig.hear(turn(0, "book", 100...300)) == [.partial(1, "book a table for")])
        _ = rig.finish(1)
        #expect(rig.hear(turn(1, "for two", 2_000...2_900, isEnd: true)).last == .final(1, "book a table for two"))
    }

    @Test("A spell that ended of itself, with nothing but quiet behind it, is the final when the turn ends")
    func ended() {
        var rig = rig(isFormatting: false)
        rig.feed(1, milliseconds: 1_500)
        _ = rig.hear(turn(0, "yes", 100...900, isEnd: true))
        #expect(rig.finish(1, quiet: 500) == [.final(1, "yes")])
    }

    @Test("Nothing was said: nothing ends, and the turn is concluded empty")
    func nothing() {
        var rig = rig()
        rig.feed(1, milliseconds: 500)
        #expect(rig.finish(1) == [.expect(1, within: .milliseconds(500))])
        #expect(rig.conclude(1) == [.final(1, "")])
    }

    @Test("Spells go by the time of their words: those of turns that are over are nobody's, with or without times")
    func owners() {
        var rig = rig(isFormatting: false)
        rig.feed(1, milliseconds: 1_000)
        _ = rig.cancel(1)
        #expect(rig.takeSent().last == #"{"type":"ForceEndpoint"}"#)
        rig.feed(2, milliseconds: 1_000)
        #expect(rig.hear(turn(0, "never mind", 100...900, isEnd: true)) == [.alive])
        #expect(rig.hear(turn(0, "never mind", isEnd: true, isFormatted: true)) == [.alive])
        #expect(rig.hear(turn(1, "yes", 1_100...1_300)) == [.partial(2, "yes")])
    }

    @Test("Words in audio that was never sent are not believed")
    func wrongRate() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        #expect(rig.hear(turn(0, "yes", 900...1_200)) == [.fault("it has heard more audio than it was sent")])
    }

    @Test(
        "What is no message of its is garbage",
        arguments: Rubbish.texts + [
            #"{"type":"Turn","turn_order":0,"end_of_turn":true,"transcript":7}"#,
            #"{"type":"Turn","turn_order":"x","end_of_turn":true,"transcript":"x"}"#,
            #"{"type":"Turn","transcript":"x"}"#,
        ])
    func garbage(text: String) {
        var rig = rig()
        rig.feed(1)
        #expect(rig.hear(text) == [.garbage])
        #expect(rig.hear([1, 2, 3]) == [.garbage])
    }

    @Test("Its address has the model and the form of the audio, and its key stands alone")
    func address() throws {
        let settings = EngineSettings(
            name: "aai", options: AssemblyAIRecognizer.options, values: ["max_turn_silence": "800"],
            lists: ["keyterms": ["Parley", "Ombud"]], key: Secret("key-1"))
        let recognizer = try #require(try AssemblyAIRecognizer.make(settings) as? NetworkRecognizer)
        #expect(
            recognizer.profile.address(AudioShape(.mulaw, rate: 8_000)).text
                == "wss://streaming.assemblyai.com/v3/ws?speech_model=universal-streaming-english&format_turns=true"
                + "&max_turn_silence=800&keyterms_prompt=%5B%22Parley%22%2C%22Ombud%22%5D&encoding=pcm_mulaw"
                + "&sample_rate=8000")
        #expect(
            recognizer.profile.address(AudioShape(.pcm16, rate: 16_000)).target.hasSuffix(
                "encoding=pcm_s16le&sample_rate=16000"))
        #expect(recognizer.profile.headers.map(\.value.revealed) == ["key-1"])
        #expect(recognizer.profile.shortestBatch == .milliseconds(60))
    }
}
