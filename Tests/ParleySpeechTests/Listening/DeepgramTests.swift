import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleySpeech

@Suite("Deepgram's live recognition")
struct DeepgramTests {
    private func rig() -> DialectRig<DeepgramDialect> {
        var rig = DialectRig(DeepgramDialect())
        #expect(rig.open() == [.ready])
        return rig
    }

    /// A result with words of 100 ms.
    private func results(
        _ start: Double, _ end: Double, _ text: String, isFinal: Bool = true, isFromFinalize: Bool = false
    ) -> String {
        let words = text.split(separator: " ").enumerated().map { index, word in
            let at = start + Double(index) / 10
            return #"{"word":"\#(word.lowercased())","start":\#(at),"end":\#(at + 0.1),"punctuated_word":"\#(word)"}"#
        }
        return #"{"type":"Results","start":\#(start),"duration":\#(end - start),"is_final":\#(isFinal),"#
            + #""from_finalize":\#(isFromFinalize),"channel":{"alternatives":[{"transcript":"\#(text)","#
            + #""words":[\#(words.joined(separator: ","))]}]}}"#
    }

    @Test("The documented messages out")
    func out() {
        var rig = rig()
        rig.feed(1, octets: [0xFF, 0x7F])
        _ = rig.pause(1)
        rig.feed(1)
        _ = rig.finish(1)
        _ = rig.keepAlive()
        _ = rig.end()
        #expect(
            rig.takeSent() == [
                "[255, 127]", #"{"type":"Finalize"}"#, "[1, 2]", #"{"type":"Finalize"}"#, #"{"type":"KeepAlive"}"#,
                #"{"type":"CloseStream"}"#,
            ])
    }

    @Test("The documented messages in")
    func `in`() {
        var rig = rig()
        rig.feed(1, milliseconds: 2_400)
        let result = """
            {"type":"Results","channel_index":[0,1],"start":1.22,"duration":0.98,"is_final":true,"speech_final":true,"from_finalize":false,
             "channel":{"alternatives":[{"transcript":"book a table","confidence":0.981,"words":[{"word":"book","start":1.30,"end":1.52,"confidence":0.99,"punctuated_word":"Book"}]}]},
             "metadata":{"request_id":"6d1f0c9e-0000-4000-8000-000000000001","model_info":{"name":"general-nova-3","version":"2026-01-01.0","arch":"nova-3"},"model_uuid":"0b1c2d3e-0000-4000-8000-000000000002"}}
            """
        #expect(rig.hear(result) == [.partial(1, "book a table")])
        #expect(rig.hear(#"{"type":"SpeechStarted","channel":[0,1],"timestamp":1.30}"#) == [.alive])
        #expect(rig.hear(#"{"type":"UtteranceEnd","channel":[0,1],"last_word_end":2.41}"#) == [.alive])
        #expect(
            rig.hear(
                #"{"type":"Metadata","transaction_key":"deprecated","request_id":"6d1f0c9e-…","sha256":"…","created":"2026-11-21T03:50:00.000Z","duration":12.4,"channels":1}"#
            ) == [.alive])
        #expect(
            rig.hear(#"{"type":"ConfigureSuccess","request_id":"6d1f0c9e-…","keyterms":["Parley","Ombud"]}"#) == [
                .alive
            ])
        #expect(
            rig.hear(#"{"type":"Error","variant":"SchemaError","description":"could not parse message"}"#)
                == [.fault("could not parse message")])
    }

    @Test("A turn: what may change, what will not, and the rest at its end")
    func turn() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        #expect(rig.hear(results(0, 0.6, "book a", isFinal: false)) == [.partial(1, "book a")])
        #expect(rig.hear(results(0, 0.8, "Book a")) == [.partial(1, "Book a")])
        rig.feed(1, milliseconds: 1_000)
        #expect(rig.hear(results(0.8, 1.5, "table", isFinal: false)) == [.partial(1, "Book a table")])
        #expect(rig.finish(1) == [.expect(1, within: .milliseconds(500))])
        #expect(
            rig.hear(results(0.8, 2, "table please.", isFromFinalize: true)) == [
                .final(1, "Book a table please."), .alive,
            ])
    }

    @Test("A pause settles the words early: the final is there when the turn ends")
    func pause() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        _ = rig.pause(1)
        rig.feed(1, milliseconds: 300)
        #expect(rig.hear(results(0, 1, "Yes.", isFromFinalize: true)) == [.partial(1, "Yes.")])
        #expect(rig.finish(1, quiet: 400).first == .final(1, "Yes."))
        // The answer to the turn's own end says nothing new, and is not the next turn's.
        rig.feed(2, milliseconds: 500)
        #expect(rig.hear(results(1, 1.3, "", isFromFinalize: true)) == [.alive])
        #expect(rig.hear(results(1.3, 1.8, "No.")) == [.partial(2, "No.")])
    }

    @Test("The caller goes on after a pause: what was settled stays, what follows is waited for")
    func pauseAndOn() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        _ = rig.pause(1)
        rig.feed(1, milliseconds: 1_000)
        _ = rig.hear(results(0, 1, "Book a", isFromFinalize: true))
        #expect(rig.finish(1, quiet: 300) == [.expect(1, within: .milliseconds(500))])
        #expect(rig.hear(results(1, 2, "table.", isFromFinalize: true)).first == .final(1, "Book a table."))
    }

    @Test("An end that is not answered is concluded with the words that are there")
    func missing() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        _ = rig.hear(results(0, 0.5, "Book a"))
        _ = rig.hear(results(0.5, 0.9, "table", isFinal: false))
        _ = rig.finish(1)
        #expect(rig.conclude(1) == [.final(1, "Book a table")])
        #expect(rig.conclude(1) == [])
        #expect(rig.hear(results(0.5, 1, "table", isFromFinalize: true)) == [.alive])
    }

    @Test("An engine that has said nothing of a turn is late, and not done with it")
    func late() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        _ = rig.finish(1)
        #expect(rig.conclude(1) == [])
        #expect(rig.hear(results(0, 1, "Yes.", isFromFinalize: true)).first == .final(1, "Yes."))
    }

    @Test("Results for audio that was never sent are not believed")
    func wrongRate() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        #expect(rig.hear(results(0, 1.1, "Yes.")) == [.partial(1, "Yes.")])
        #expect(rig.hear(results(0, 2, "Yes.")) == [.fault("it has heard more audio than it was sent")])
    }

    @Test("Repeated and disordered finals: each word once, and none is lost")
    func disorder() {
        var rig = rig()
        rig.feed(1, milliseconds: 2_000)
        _ = rig.finish(1)
        #expect(rig.hear(results(1, 2, "table please.", isFromFinalize: true)) == [.partial(1, "table please.")])
        #expect(rig.hear(results(1, 2, "table please.", isFromFinalize: true)) == [.partial(1, "table please.")])
        #expect(rig.hear(results(0, 1, "Book a")).first == .final(1, "Book a table please."))
        #expect(rig.hear(results(0, 1, "Book a")) == [.alive])
    }

    @Test("An end that is told again, or late, is not the next turn's")
    func repeatedEnd() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        _ = rig.finish(1)
        let end = results(0, 1, "Yes.", isFromFinalize: true)
        #expect(rig.hear(end).first == .final(1, "Yes."))
        rig.feed(2, milliseconds: 1_000)
        _ = rig.finish(2)
        #expect(rig.hear(end) == [.alive])
        #expect(rig.hear(results(1, 1.5, "Which", isFinal: false)) == [.partial(2, "Which")])
        #expect(rig.conclude(2) == [.final(2, "Which")])
        rig.feed(3, milliseconds: 1_000)
        _ = rig.finish(3)
        #expect(rig.hear(results(1, 2, "Which day?", isFromFinalize: true)) == [.alive])
        #expect(rig.hear(results(2, 3, "Friday.", isFromFinalize: true)).first == .final(3, "Friday."))
    }

    @Test("Words of a cancelled turn, and of one before, are nobody's")
    func cancel() {
        var rig = rig()
        rig.feed(1, milliseconds: 1_000)
        _ = rig.takeSent()
        #expect(rig.cancel(1) == [])
        #expect(rig.takeSent() == [#"{"type":"Finalize"}"#])
        rig.feed(2, milliseconds: 1_000)
        #expect(rig.hear(results(0, 1, "Never mind.", isFromFinalize: true)) == [.alive])
        #expect(rig.hear(results(1, 2, "Yes.")) == [.partial(2, "Yes.")])
    }

    @Test(
        "What is no message of its is garbage",
        arguments: Rubbish.texts + [
            #"{"type":"Results","is_final":"yes","channel":{"alternatives":{"transcript":7}}}"#,
            #"{"type":"Results","start":-1,"duration":1,"is_final":true,"channel":{"alternatives":[{"transcript":"x"}]}}"#,
            #"{"type":"Results","start":1e300,"duration":1,"channel":{"alternatives":[{"transcript":"x"}]}}"#,
        ])
    func garbage(text: String) {
        var rig = rig()
        rig.feed(1)
        #expect(rig.hear(text) == [.garbage])
        #expect(rig.hear([1, 2, 3]) == [.garbage])
    }

    @Test("Its address has the model, the language and the form of the audio")
    func address() throws {
        let settings = EngineSettings(
            name: "dg", options: DeepgramRecognizer.options, lists: ["keyterms": ["Söder & co"]],
            key: Secret("key-1"))
        let recognizer = try #require(try DeepgramRecognizer.make(settings) as? NetworkRecognizer)
        let narrow = recognizer.profile.address(AudioShape(.mulaw, rate: 8_000))
        #expect(
            narrow.text
                == "wss://api.deepgram.com/v1/listen?model=nova-3&language=en-US&channels=1&interim_results=true"
                + "&endpointing=300&smart_format=true&keyterm=S%C3%B6der%20%26%20co&encoding=mulaw&sample_rate=8000")
        let wide = recognizer.profile.address(AudioShape(.pcm16, rate: 16_000))
        #expect(wide.target.hasSuffix("encoding=linear16&sample_rate=16000"))
        #expect(recognizer.profile.headers.map(\.name) == ["Authorization"])
        #expect(recognizer.profile.headers.map(\.value.revealed) == ["Token key-1"])
        #expect(!"\(recognizer.profile.headers)".contains("key-1"))
    }

    @Test("Without a key it is not made")
    func noKey() {
        let settings = EngineSettings(name: "dg", options: DeepgramRecognizer.options)
        #expect(throws: EngineError(engine: "dg", message: "is missing; set key_env or key_file", option: "key_env")) {
            try DeepgramRecognizer.make(settings)
        }
    }
}
