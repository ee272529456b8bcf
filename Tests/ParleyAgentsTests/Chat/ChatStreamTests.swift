import Testing

@testable import ParleyAgents

@Suite struct ChatStreamTests {
    private func read(_ chunks: [String]) throws -> [ChatStreamEvent] {
        var stream = ChatStream()
        var events: [ChatStreamEvent] = []
        for chunk in chunks { events += try Array(chunk.utf8).withUnsafeBytes { try stream.take($0) } }
        return try events + stream.finish()
    }

    private func delta(_ json: String, finish: String = "null") -> String {
        #"{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":\#(json),"finish_reason":\#(finish)}]}"#
    }

    private func tools(_ json: String, finish: String = "null") -> String {
        delta(#"{"tool_calls":[\#(json)]}"#, finish: finish)
    }

    private let sms = ModelCall(name: "send_sms", arguments: #"{"body":"12 Elm St"}"#)

    private func calls(_ events: [ChatStreamEvent]) -> [ModelCall]? {
        if case .ended(_, let calls)? = events.last { calls } else { nil }
    }

    @Test("Text comes as it streams, and the end once, though three things tell of it")
    func text() throws {
        let events = try read([
            delta(#"{"role":"assistant","content":""}"#), delta(#"{"content":"Sure"}"#),
            delta(#"{"content":", \u0041"}"#), delta("{}", finish: #""stop""#),
            #"{"choices":[],"usage":{"prompt_tokens":91,"completion_tokens":14}}"#, "[DONE]",
        ])
        #expect(events == [.text("Sure"), .text(", A"), .ended(.stop, [])])
    }

    @Test("What is no content is never spoken: reasoning, refusals, padding, other choices")
    func unknownFields() throws {
        let events = try read([
            delta(
                #"{"content":null,"reasoning_content":"hm","refusal":"no","obfuscation":"xyz","reasoning":{"a":[1]}}"#),
            #"{"choices":[{"index":1,"delta":{"content":"other"},"finish_reason":"stop"}]}"#,
            delta(#"{"content":["parts"]}"#), delta(#"{"content":"Hi"}"#, finish: #""stop""#),
        ])
        #expect(events == [.text("Hi"), .ended(.stop, [])])
    }

    @Test("The fragments of two calls are joined by their index, in whatever order they come")
    func fragments() throws {
        let events = try read([
            tools(#"{"index":0,"id":"call_1","type":"function","function":{"name":"send_sms","arguments":""}}"#),
            tools(#"{"index":1,"id":"call_2","type":"function","function":{"name":"end_call","arguments":""}}"#),
            tools(#"{"index":0,"function":{"arguments":"{\"body\":\"12"}}"#),
            tools(#"{"index":1,"function":{"arguments":"{}"}},{"index":0,"function":{"arguments":" Elm St\"}"}}"#),
            delta("{}", finish: #""tool_calls""#),
        ])
        #expect(calls(events) == [sms, ModelCall(name: "end_call", arguments: "{}")])
        #expect(events.first == .tool("send_sms"))
    }

    @Test(
        "A call as local servers send it: whole, without index, without id, as an object, ended with stop",
        arguments: [
            [#"{"index":0,"id":"a","function":{"name":"send_sms","arguments":"{\"body\":\"12 Elm St\"}"}}"#],
            [#"{"function":{"name":"send_sms","arguments":"{\"body\":\"12 Elm St\"}"}}"#],
            [#"{"function":{"name":"send_sms","arguments":{"body":"12 Elm St"}}}"#],
            [
                #"{"id":"a","function":{"name":"send_sms"}}"#,
                #"{"id":"a","function":{"arguments":"{\"body\":\"12 Elm St\"}"}}"#,
            ],
            [
                #"{"function":{"name":"send_sms","arguments":"{\"body\""}}"#,
                #"{"function":{"arguments":":\"12 Elm St\"}"}}"#,
            ],
            [#"{"id":"","index":null,"function":{"name":"send_sms","arguments":"{\"body\":\"12 Elm St\"}"}}"#],
        ])
    func localServers(fragments: [String]) throws {
        #expect(calls(try read(fragments.map { tools($0) } + [delta("{}", finish: #""stop""#)])) == [sms])
    }

    @Test("Two calls without index or id are two calls")
    func twoNameless() throws {
        let one = #"{"function":{"name":"end_call","arguments":"{}"}}"#
        #expect(calls(try read([tools(one), tools(one), "[DONE]"]))?.count == 2)
    }

    @Test("An answer that ran out of tokens, or was filtered, says so")
    func reasons() throws {
        #expect(try read([delta(#"{"content":"a"}"#, finish: #""length""#)]).last == .ended(.length, []))
        #expect(try read([delta(#"{"content":"a"}"#, finish: #""content_filter""#)]).last == .ended(.filtered, []))
    }

    @Test("A body that is over is the end of text, and of nothing else")
    func noEnd() throws {
        #expect(try read([delta(#"{"content":"Hi"}"#)]) == [.text("Hi"), .ended(.stop, [])])
        #expect(throws: ChatStreamFault.cut) { try read([]) }
        #expect(throws: ChatStreamFault.cut) {
            try read([tools(#"{"index":0,"id":"a","function":{"name":"end_call","arguments":"{}"}}"#)])
        }
    }

    @Test(
        "What nothing can be made of",
        arguments: [
            (#"{"error":{"message":"overloaded"}}"#, ChatStreamFault.error), ("{\"choices\":[{", .malformed),
            ("nothing", .malformed), ("[1]", .malformed), (#"{"choices":[7]}"#, .malformed),
            (#"{"a":1,"a":2}"#, .malformed), (String(repeating: "[", count: 100), .malformed),
        ])
    func faults(chunk: String, fault: ChatStreamFault) {
        #expect(throws: fault) { try read([chunk]) }
    }

    @Test("Arguments of 16 KiB are read, longer ones are not; nor are seventeen calls")
    func bounds() throws {
        func call(_ size: Int) -> String {
            tools(#"{"index":0,"function":{"arguments":"\#(String(repeating: "x", count: size))"}}"#)
        }
        #expect(calls(try read([call(8_192), call(8_192), "[DONE]"]))?.first?.arguments.utf8.count == 16_384)
        #expect(throws: ChatStreamFault.argumentsTooLong) { try read([call(8_192), call(8_193), "[DONE]"]) }
        #expect(throws: ChatStreamFault.tooManyCalls) {
            try read((0..<17).map { tools(#"{"index":\#($0),"function":{"name":"end_call"}}"#) })
        }
    }

    @Test("A null error is none, and usage is as the server counted it")
    func usage() throws {
        var stream = ChatStream()
        let chunk =
            #"{"error":null,"choices":[],"usage":{"prompt_tokens":91,"completion_tokens":14,"total_tokens":105}}"#
        #expect(try Array(chunk.utf8).withUnsafeBytes { try stream.take($0) } == [])
        #expect(stream.usage == ChatChunk.Usage(promptTokens: 91, completionTokens: 14))
    }

    @Test("A whole answer, cut at every byte on its way, is the same answer")
    func cuts() throws {
        let body =
            ": hello\r\n\r\ndata: \(delta(#"{"content":"Ça va 🙂"}"#))\n\ndata:\(tools(#"{"index":0,"id":"a","function":{"name":"send_sms","arguments":"{\"bo"}}"#))\r\n\r\n"
            + "data: \(tools(#"{"index":0,"function":{"arguments":"dy\":1}"}}"#))\n\ndata: \(delta("{}", finish: #""tool_calls""#))\n\ndata: [DONE]\n\n"
        let bytes = Array(body.utf8)
        let whole = try answer([bytes[...]])
        #expect(whole.last == .ended(.stop, [ModelCall(name: "send_sms", arguments: #"{"body":1}"#)]))
        for cut in bytes.indices { #expect(try answer([bytes[..<cut], bytes[cut...]]) == whole, "cut at byte \(cut)") }
    }

    private func answer(_ pieces: [ArraySlice<UInt8>]) throws -> [ChatStreamEvent] {
        var parser = EventStreamParser()
        var chunks: [String] = []
        for piece in pieces {
            try piece.withUnsafeBytes { try parser.feed($0) { chunks.append(String(decoding: $0, as: UTF8.self)) } }
        }
        try parser.finish { chunks.append(String(decoding: $0, as: UTF8.self)) }
        return try read(chunks)
    }
}
