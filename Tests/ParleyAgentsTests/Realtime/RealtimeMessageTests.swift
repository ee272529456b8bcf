import ParleyActions
import ParleyCore
import ParleyNetwork
import ParleySpeech
import Testing

@testable import ParleyAgents

@Suite("Speech to speech: messages")
struct RealtimeMessageTests {
    private func event(_ text: String) -> RealtimeEvent? { text.withUTF8Bytes { try? RealtimeEvent($0) } }

    @Test("The configuration in today's names")
    func session() throws {
        var settings = RealtimeSettings.test()
        settings.instructions = ""
        settings.language = "en"
        settings.temperature = 0.8
        settings.transferTargets = ["front desk"]
        let text = String(decoding: RealtimeMessages.session(settings), as: UTF8.self)
        let json = try JSON(parsing: text, maxBytes: 65_536, maxDepth: 16)
        let session = try #require(json["session"])
        #expect(json["type"] == .string("session.update"))
        #expect(session["type"] == .string("realtime"))
        #expect(session["output_modalities"] == .array([.string("audio")]))
        #expect(
            session["audio"]?.canonical
                == #"{"input":{"format":{"type":"audio/pcmu"},"transcription":{"language":"en","#
                + #""model":"gpt-4o-mini-transcribe"},"turn_detection":null},"output":{"format":{"type":"audio/pcmu"},"#
                + #""voice":"marin"}}"#)
        #expect(session["temperature"] == nil, "there is none any more")
        guard case .array(let tools)? = session["tools"] else { throw TestFault() }
        #expect(
            tools.map { $0["name"]?.canonical ?? "" }
                == [#""record_consent""#, #""send_sms""#, #""end_call""#, #""press_keys""#, #""transfer""#])
        #expect(tools.last?["parameters"]?["properties"]?["target"]?.canonical == #"{"enum":["front desk"]}"#)
        #expect(!text.contains("a-key-that-must-not-be-seen"))
    }

    @Test("The configuration in the names of before")
    func beta() throws {
        var settings = RealtimeSettings.test()
        settings.dialect = .beta
        settings.temperature = 0.8
        let text = String(decoding: RealtimeMessages.session(settings), as: UTF8.self)
        let session = try #require(try JSON(parsing: text, maxBytes: 65_536, maxDepth: 16)["session"])
        #expect(session["type"] == nil)
        #expect(session["input_audio_format"] == .string("g711_ulaw"))
        #expect(session["output_audio_format"] == .string("g711_ulaw"))
        #expect(session["turn_detection"] == .null)
        #expect(session["temperature"]?.canonical == "0.8")
        #expect(settings.headers.map { $0.name } == ["Authorization", "OpenAI-Beta"])
        settings.dialect = .ga
        #expect(settings.headers.map { $0.name } == ["Authorization"], "a server of today refuses the other")
    }

    @Test(
        "The model goes into the address",
        arguments: [
            ("ws://h/v1/realtime", "/v1/realtime?model=gpt%20x"), ("ws://h/rt?a=b", "/rt?a=b&model=gpt%20x"),
            ("ws://h/rt?model=mine", "/rt?model=mine"),
        ])
    func target(url: String, target: String) throws {
        var settings = RealtimeSettings.test()
        settings.address = try NetworkAddress(url, schemes: [.ws])
        settings.model = "gpt x"
        #expect(settings.target.target == target)
    }

    @Test("Mu-law from a mu-law leg goes through without a bit changed")
    func exact() {
        var listening = RealtimeListening()
        var samples: [Int16] = []
        let octets = (0..<640).map { UInt8(truncatingIfNeeded: $0) }
        MuLaw.decode(octets.span, appendingTo: &samples)
        let sent = listening.feed(samples.span, isOpen: true)
        // There are two codes of zero.
        let wanted = octets.map { $0 == 0x7F ? 0xFF : $0 }
        #expect(sent == [RealtimeMessages.append(wanted)])
    }

    @Test("Both spellings of an event are one; what is new is let pass")
    func spellings() {
        for prefix in ["response.output_audio", "response.audio"] {
            let place = #""response_id":"r","item_id":"i","output_index":0,"content_index":1"#
            #expect(
                event(#"{"type":"\#(prefix).delta",\#(place),"delta":"fn5+"}"#)
                    == .audio(response: "r", item: "i", content: 1, [0x7E, 0x7E, 0x7E]))
            #expect(
                event(#"{"type":"\#(prefix)_transcript.delta",\#(place),"delta":"Sure"}"#)
                    == .words(response: "r", item: "i", content: 1, "Sure"))
        }
        #expect(event(#"{"type":"response.music.delta","delta":[1]}"#) == .other)
        #expect(
            event(#"{"delta":"\/\/\/\/","type":"response.audio.delta","response_id":"r","item_id":"i"}"#)
                == .audio(response: "r", item: "i", content: 0, [255, 255, 255]))
    }

    @Test("The events of the protocol's description")
    func events() {
        #expect(
            event(
                #"{"type":"response.function_call_arguments.done","event_id":"ev_6","response_id":"resp_1","item_id":"item_8","output_index":1,"call_id":"call_9","name":"send_sms","arguments":"{\"body\":\"hi\"}"}"#
            )
                == .arguments(response: "resp_1", item: "item_8", call: "call_9", name: "send_sms", #"{"body":"hi"}"#))
        #expect(
            event(
                #"{"type":"response.done","event_id":"ev_7","response":{"id":"resp_1","status":"completed","output":[],"usage":{"total_tokens":80}}}"#
            )
                == .responseDone("resp_1", status: "completed", []))
        #expect(
            event(
                #"{"type":"error","event_id":"ev_8","error":{"type":"invalid_request_error","code":"invalid_value","message":"m","param":"session.type","event_id":null}}"#
            )
                == .error(code: "invalid_value", message: "m", event: nil))
        #expect(
            event(
                #"{"type":"conversation.item.input_audio_transcription.completed","event_id":"ev_3","item_id":"item_6","content_index":0,"transcript":"Book a table.","usage":{"type":"duration","seconds":2.0}}"#
            )
                == .callerTranscript(item: "item_6", "Book a table."))
        for text in [
            "", "{}", "[]", #"{"type":"response.done"}"#, #"{"type":"response.created","response":[]}"#,
            #"{"type":"input_audio_buffer.committed","item_id":null}"#,
        ] {
            #expect(event(text) == nil, "\(text)")
        }
    }

    @Test("The options make a model; a file that is not there is named, a key never is")
    func make() throws {
        let key = Secret("canary-key")
        let settings = EngineSettings(
            name: "mine", options: RealtimeModel.options,
            values: ["url": "ws://127.0.0.1:9/v1/realtime", "dialect": "beta", "temperature": "0.7"],
            lists: ["transfer_targets": ["desk"]], key: key)
        let model = try RealtimeModel.make(settings, registry: .builtIn)
        #expect(model.settings.dialect == .beta)
        #expect(model.settings.voice == "marin")
        #expect(model.settings.transferTargets == ["desk"])
        #expect(model.settings.temperature == 0.7)
        #expect(!"\(model)".contains("canary-key"))
        let missing = EngineSettings(
            name: "mine", options: RealtimeModel.options,
            values: ["url": "ws://127.0.0.1:9/", "prompt_file": "/nowhere/prompt.txt"], key: key)
        #expect(throws: EngineError.self) { try RealtimeModel.make(missing, registry: .builtIn) }
    }

    @Test("The memory keeps the newest, and a function's call goes with its outcome")
    func memory() {
        var memory = RealtimeMemory()
        memory.append(.call(id: "c", name: "send_sms", arguments: "{}"))
        memory.append(.output(id: "c", "{}"))
        for number in 0..<59 { memory.append(.caller("\(number)")) }
        #expect(memory.entries.count == 59)
        #expect(memory.entries.first == .caller("0"))
        memory.append(.agent(String(repeating: "x", count: 15_990)))
        #expect(memory.entries.count <= 7)
    }
}

struct TestFault: Error {}
