import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleySpeech

@Suite("OpenAI Realtime as a recogniser")
struct TranscriptionTests {
    private static let session = TranscriptionSession(
        dialect: .ga, model: "gpt-4o-transcribe", language: nil, prompt: nil, noiseReduction: nil,
        shape: AudioShape(.mulaw, rate: 8_000))

    private func rig(_ session: TranscriptionSession = session) -> DialectRig<TranscriptionDialect> {
        var rig = DialectRig(TranscriptionDialect(session))
        #expect(rig.open() == [])
        #expect(rig.hear(#"{"type":"session.created","event_id":"ev_0","session":{"id":"sess_1"}}"#) == [.alive])
        #expect(
            rig.hear(#"{"type":"session.updated","event_id":"ev_0","session":{"type":"transcription"}}"#) == [.ready])
        return rig
    }

    private func committed(_ item: String) -> String {
        #"{"type":"input_audio_buffer.committed","event_id":"ev_9","item_id":"\#(item)","previous_item_id":null}"#
    }

    private func completed(_ item: String, _ text: String) -> String {
        #"{"type":"conversation.item.input_audio_transcription.completed","event_id":"ev_3","item_id":"\#(item)","content_index":0,"transcript":"\#(text)","usage":{"type":"duration","seconds":2.0}}"#
    }

    private func delta(_ item: String, _ text: String) -> String {
        #"{"type":"conversation.item.input_audio_transcription.delta","event_id":"ev_2","item_id":"\#(item)","content_index":0,"delta":"\#(text)"}"#
    }

    @Test("The session's settings, in both sets of names, for both forms of audio")
    func settings() {
        var session = Self.session
        #expect(
            String(decoding: session.update(eventID: "s"), as: UTF8.self)
                == #"{"type":"session.update","event_id":"s","session":{"type":"transcription","audio":{"input":{"format":{"type":"audio/pcmu"},"transcription":{"model":"gpt-4o-transcribe"},"turn_detection":null}}}}"#
        )
        session.shape = AudioShape(.pcm16, rate: 24_000)
        session.language = "en"
        session.prompt = "A \"clinic\""
        session.noiseReduction = "near_field"
        #expect(
            String(decoding: session.update(eventID: "s"), as: UTF8.self)
                == #"{"type":"session.update","event_id":"s","session":{"type":"transcription","audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":{"model":"gpt-4o-transcribe","language":"en","prompt":"A \"clinic\""},"turn_detection":null,"noise_reduction":{"type":"near_field"}}}}}"#
        )
        session.dialect = .beta
        #expect(
            String(decoding: session.update(eventID: "s"), as: UTF8.self)
                == #"{"type":"transcription_session.update","event_id":"s","session":{"input_audio_format":"pcm16","input_audio_transcription":{"model":"gpt-4o-transcribe","language":"en","prompt":"A \"clinic\""},"turn_detection":null,"input_audio_noise_reduction":{"type":"near_field"}}}"#
        )
    }

    @Test("Audio is appended as base64 and committed at the turn's end; the words come under the item's id")
    func turn() {
        var rig = rig()
        _ = rig.takeSent()
        rig.feed(1, milliseconds: 100, octets: [0xFF, 0xFF, 0xFF])
        #expect(rig.finish(1) == [])
        #expect(
            rig.takeSent() == [
                #"{"type":"input_audio_buffer.append","audio":"////"}"#,
                #"{"type":"input_audio_buffer.commit","event_id":"commit-1"}"#,
            ])
        #expect(rig.hear(committed("item_6")) == [.alive])
        #expect(rig.hear(delta("item_6", "Book a")) == [.partial(1, "Book a")])
        #expect(rig.hear(delta("item_6", " table")) == [.partial(1, "Book a table")])
        #expect(rig.hear(completed("item_6", "Book a table.")) == [.final(1, "Book a table.")])
        #expect(rig.hear(completed("item_6", "Book a table.")) == [.alive])
        #expect(rig.hear(delta("item_6", "late")) == [.alive])
    }

    @Test("The documented messages that mean nothing here are signs of life")
    func others() {
        var rig = rig()
        #expect(
            rig.hear(
                #"{"type":"input_audio_buffer.speech_started","event_id":"ev_1","audio_start_ms":1180,"item_id":"item_6"}"#
            )
                == [.alive])
        #expect(
            rig.hear(
                #"{"type":"response.done","event_id":"ev_7","response":{"id":"resp_1","status":"completed","output":[],"usage":{"total_tokens":80}}}"#
            )
                == [.alive])
        #expect(
            rig.hear(
                #"{"type":"error","event_id":"ev_8","error":{"type":"invalid_request_error","code":"invalid_value","message":"…","param":"session.type","event_id":null}}"#
            )
                == [.alive])
    }

    @Test("Words of two turns under way go to their own")
    func twoTurns() {
        var rig = rig()
        rig.feed(1, milliseconds: 500)
        _ = rig.finish(1)
        rig.feed(2, milliseconds: 500)
        _ = rig.finish(2)
        _ = rig.hear(committed("a"))
        _ = rig.hear(committed("a"))
        _ = rig.hear(committed("b"))
        #expect(rig.hear(completed("b", "Two.")) == [.final(2, "Two.")])
        #expect(rig.hear(completed("a", "One.")) == [.final(1, "One.")])
    }

    @Test("Words may come ahead of the commit, from a model that listens along")
    func early() {
        var rig = rig()
        rig.feed(1, milliseconds: 500)
        #expect(rig.hear(delta("a", "Book")) == [.partial(1, "Book")])
        #expect(rig.hear(completed("a", "Book")) == [.alive])
        _ = rig.finish(1)
        #expect(rig.hear(committed("a")) == [.alive])
        rig.feed(2, milliseconds: 500)
        _ = rig.finish(2)
        _ = rig.hear(committed("b"))
        #expect(rig.hear(completed("a", "Book it.")) == [.final(1, "Book it.")])
        #expect(rig.hear(completed("b", "Yes.")) == [.final(2, "Yes.")])
    }

    @Test("A cancelled turn is cleared; one that was committed keeps its place among the items")
    func cancel() {
        var rig = rig()
        _ = rig.takeSent()
        rig.feed(1, milliseconds: 500)
        _ = rig.cancel(1)
        #expect(rig.takeSent().last == #"{"type":"input_audio_buffer.clear"}"#)
        rig.feed(2, milliseconds: 500)
        _ = rig.finish(2)
        _ = rig.cancel(2)
        rig.feed(3, milliseconds: 500)
        _ = rig.finish(3)
        _ = rig.hear(committed("two"))
        _ = rig.hear(committed("three"))
        #expect(rig.hear(completed("two", "Never mind.")) == [.alive])
        #expect(rig.hear(completed("three", "Yes.")) == [.final(3, "Yes.")])
    }

    @Test("A turn too short to be committed is empty")
    func short() {
        var rig = rig()
        _ = rig.takeSent()
        rig.feed(1, milliseconds: 80)
        #expect(rig.finish(1) == [.final(1, "")])
        #expect(rig.takeSent().last == #"{"type":"input_audio_buffer.clear"}"#)
    }

    @Test("Errors: of a commit, of an item, of the settings")
    func errors() {
        var rig = rig()
        rig.feed(1, milliseconds: 500)
        _ = rig.finish(1)
        #expect(
            rig.hear(
                #"{"type":"error","error":{"code":"input_audio_buffer_commit_empty","message":"too small","event_id":"commit-1"}}"#
            )
                == [.final(1, "")])
        rig.feed(2, milliseconds: 500)
        _ = rig.finish(2)
        #expect(
            rig.hear(#"{"type":"error","error":{"code":"server_error","message":"sorry","event_id":"commit-2"}}"#)
                == [.failed(2, "sorry")])
        rig.feed(3, milliseconds: 500)
        _ = rig.finish(3)
        _ = rig.hear(committed("three"))
        #expect(
            rig.hear(
                #"{"type":"conversation.item.input_audio_transcription.failed","item_id":"three","error":{"message":"unintelligible"}}"#
            )
                == [.failed(3, "unintelligible")])
        #expect(
            rig.hear(
                #"{"type":"error","error":{"code":"invalid_model","message":"no such model","event_id":"session"}}"#)
                == [.fault("no such model")])
    }

    @Test(
        "Errors that do not say what they are about: of the settings before they stand, of a commit that is too short")
    func namelessErrors() {
        var young = DialectRig(TranscriptionDialect(Self.session))
        _ = young.open()
        let error = #"{"type":"error","error":{"code":"invalid_value","message":"no","event_id":null}}"#
        #expect(young.hear(error) == [.fault("no")])
        var rig = rig()
        rig.feed(1, milliseconds: 500)
        _ = rig.finish(1)
        #expect(rig.hear(error) == [.alive])
        #expect(
            rig.hear(
                #"{"type":"error","error":{"code":"input_audio_buffer_commit_empty","message":"","event_id":null}}"#)
                == [.final(1, "")])
    }

    @Test(
        "What is no message of its is garbage",
        arguments: Rubbish.texts + [
            #"{"type":"conversation.item.input_audio_transcription.completed","item_id":7,"transcript":"x"}"#,
            #"{"type":"conversation.item.input_audio_transcription.completed","item_id":"a"}"#,
            #"{"type":"conversation.item.input_audio_transcription.delta","item_id":"a","delta":[]}"#,
            #"{"type":"input_audio_buffer.committed"}"#, #"{"type":"error","error":"x"}"#,
        ])
    func garbage(text: String) {
        var rig = rig()
        rig.feed(1)
        #expect(rig.hear(text) == [.garbage])
        #expect(rig.hear([1, 2, 3]) == [.garbage])
    }

    @Test("Words without end are cut")
    func bounded() {
        var rig = rig()
        rig.feed(1, milliseconds: 500)
        let long = String(repeating: "x", count: 10_000)
        var longest = 0
        for _ in 0..<100 {
            if case .partial(_, let text)? = rig.hear(delta("a", long)).first { longest = text.utf8.count }
        }
        #expect(longest == 60_000)
    }

    @Test("The beta header goes with the beta names alone")
    func headers() throws {
        var settings = EngineSettings(name: "oa", options: OpenAIRealtimeRecognizer.options, key: Secret("key-1"))
        var recognizer = try #require(try OpenAIRealtimeRecognizer.make(settings) as? NetworkRecognizer)
        #expect(
            recognizer.profile.headers.map { "\($0.name): \($0.value.revealed)" } == ["Authorization: Bearer key-1"])
        #expect(
            recognizer.profile.address(AudioShape(.mulaw, rate: 8_000)).text
                == "wss://api.openai.com/v1/realtime?intent=transcription")
        settings = EngineSettings(
            name: "oa", options: OpenAIRealtimeRecognizer.options, values: ["dialect": "beta"], key: Secret("key-1"))
        recognizer = try #require(try OpenAIRealtimeRecognizer.make(settings) as? NetworkRecognizer)
        #expect(recognizer.profile.headers.last?.name == "OpenAI-Beta")
        #expect(recognizer.profile.headers.last?.value.revealed == "realtime=v1")
    }
}
