import ParleyActions
import ParleyCore
import Testing

@testable import ParleyAgents

@Suite struct ChatToolTests {
    private func talk(_ calls: ModelCall..., text: String? = nil) -> ChatTalk {
        var talk = ChatTalk()
        talk.say("do it")
        if let text { talk.stream(.text(text)) }
        talk.stream(.ended(.stop, calls))
        return talk
    }

    private func results(_ request: ChatRequest?) -> [String] {
        request?.messages.compactMap { if case .tool(_, let result) = $0 { result } else { nil } } ?? []
    }

    @Test("A tool is done, and the model speaks of it when it is committed, not before")
    func committed() {
        var talk = talk(.text(), text: "One moment.")
        #expect(
            talk.allParts == [
                .text("One moment.\n"), .action(ActionRequest(name: "send_sms", arguments: #"{"message":"Hi"}"#)),
            ])
        #expect(!talk.hasSent)
        talk.settle()
        #expect(results(talk.request) == [ToolResult.done])
        talk.stream(.text("It is sent."), .ended(.stop, []))
        #expect(talk.spoken == "One moment. It is sent." && talk.allParts.last == .done)
    }

    @Test("What came back of it is told as JSON")
    func answered() {
        var talk = talk(.text())
        talk.settle(0, .answered(#"{"first_free":"9:00","n":2}"#))
        #expect(results(talk.request) == [#"{"status":"done","result":{"first_free":"9:00","n":2}}"#])
    }

    @Test("What was refused is told with its reason")
    func refused() {
        var talk = talk(.text())
        talk.settle(0, .refused("no consent"))
        #expect(results(talk.request) == [#"{"status":"refused","reason":"no consent"}"#])
        #expect(talk.rows == [])
    }

    @Test("A repeated call is one effect, in one answer, in the next, and after an interruption")
    func repeated() {
        var talk = talk(.text(), ModelCall(name: "send_sms", arguments: #"{ "message" : "\u0048i" }"#))
        #expect(talk.actions.count == 1)
        talk.settle()
        #expect(results(talk.request) == [ToolResult.done, ToolResult.done])
        talk.stream(.ended(.stop, [.text()]))
        #expect(talk.actions.count == 1 && talk.hasSent)
        talk.tell(.cancelled(talk.generation))
        talk.ask(.silence(1), inSameTurn: true)
        talk.stream(.ended(.stop, [.text()]))
        #expect(talk.actions.count == 1)
        #expect(talk.rows == Array(repeating: "tool_repeated send_sms", count: 3))
        #expect(results(talk.request).allSatisfy { $0 == ToolResult.done })
    }

    @Test("A repeat of what is under way waits for its one result")
    func repeatedUnderWay() {
        var talk = talk(.text())
        talk.tell(.cancelled(talk.generation))
        talk.ask(.silence(1), inSameTurn: true)
        talk.stream(.ended(.stop, [.text()]))
        #expect(talk.actions.count == 1 && !talk.hasSent)
    }

    @Test("Other arguments, or another turn, are another deed")
    func others() {
        var talk = talk(.text("a"), .text("b"))
        #expect(talk.actions.count == 2)
        talk.settle(0)
        #expect(!talk.hasSent)
        talk.settle(1)
        #expect(talk.hasSent)
        talk.stream(.text("Sent."), .ended(.stop, []))
        talk.say("again")
        talk.stream(.ended(.stop, [.text("a")]))
        #expect(talk.actions.count == 3)
    }

    @Test("Interrupted in the middle of a call: nothing is done, and there is a row")
    func interrupted() {
        var talk = ChatTalk()
        talk.say("do it")
        talk.stream(.text("Sure. "), .tool("send_sms"))
        talk.tell(.cancelled(talk.generation))
        #expect(talk.rows == ["tool_rejected send_sms interrupted"])
        talk.stream(.ended(.stop, [.text()]))
        #expect(talk.actions.isEmpty)
        talk.ask(.said("what"), heard: "Sure.", wasCut: false)
        #expect(talk.request?.messages == [.system("S"), .user("do it"), .assistant("Sure.", []), .user("what")])
    }

    @Test("Interrupted while it is under way: it goes on, the next request knows, and the caller is told in the end")
    func underWay() {
        var talk = talk(.text(), text: "One moment.")
        talk.tell(.cancelled(talk.generation))
        talk.ask(.said("hello?"), heard: "One", wasCut: true)
        #expect(results(talk.request) == [ChatMemory.underWay])
        talk.stream(.text("Yes?"), .ended(.stop, []))
        talk.settle()
        #expect(talk.effects == [.nudge])
        talk.ask(.nudged, heard: "Yes?")
        #expect(results(talk.request) == [ToolResult.done])
        talk.stream(.text("The text is sent."), .ended(.stop, []))
        #expect(talk.actions.count == 1)
        talk.ask(.nudged, heard: "The text is sent.")
        #expect(talk.parts == [.done])
    }

    @Test("A request that is taken back with its tool, before that was run: both are asked for again")
    func retracted() {
        var talk = talk(.text(), text: "One moment.")
        talk.tell(.retracted(talk.generation))
        talk.ask(.said("do it now"), inSameTurn: true)
        #expect(talk.request?.messages == [.system("S"), .user("do it now")])
        talk.stream(.ended(.stop, [.text()]))
        #expect(talk.actions.count == 2)
        talk.settle(1)
        #expect(results(talk.request) == [ToolResult.done])
    }

    @Test("A request that is taken back when its tool is being run: what comes of it is told")
    func retractedTooLate() {
        var talk = talk(.text())
        talk.tell(.retracted(talk.generation))
        talk.settle()
        #expect(talk.effects == [.nudge])
        talk.say("hello?")
        let note = ChatPrompt.text(of: "send_sms", ToolResult.done)
        #expect(talk.request?.messages == [.system("S"), .user(note + "\nhello?")])
        talk.settle()
        #expect(talk.effects == [])
    }

    @Test("A request that is taken back after its tool was done: the deed stays known, its words do not")
    func retractedAfterwards() {
        var talk = talk(.text(), text: "One moment.")
        talk.settle()
        talk.tell(.retracted(talk.generation))
        talk.say("hello?")
        #expect(results(talk.request) == [ToolResult.done])
        #expect(
            talk.request?.messages.contains { if case .assistant(let text, _) = $0 { !text.isEmpty } else { false } }
                == false)
    }

    @Test(
        "What is cut, unknown or wrong is not done: a row, and one try to mend it",
        arguments: [
            (ModelCall(name: "send_sms", arguments: #"{"message": "Hi"#), "send_sms arguments_not_json: at byte 14"),
            (ModelCall(name: "send_sms", arguments: "[1]"), "send_sms arguments_not_json: a JSON object is wanted"),
            (ModelCall(name: "send_sms", arguments: "{}"), "send_sms arguments_invalid: send_sms needs message"),
            (ModelCall(name: "launch\nmissiles", arguments: "{}"), "launchmissiles unknown_action"),
            (ModelCall(name: "", arguments: "{}"), "unknown unknown_action"),
            (
                ModelCall(name: "transfer", arguments: #"{"target":"+8823456"}"#),
                "transfer arguments_invalid: target must be one of reception"
            ),
            (ModelCall(name: "transfer", arguments: #"{"target":"#), "transfer arguments_not_json"),
            (
                ModelCall(name: "press_keys", arguments: #"{"keys":"12,3"}"#),
                "press_keys arguments_invalid: keys must be 1 to 32 of 0-9, *, # and w"
            ),
        ])
    func rejected(call: ModelCall, row: String) {
        var talk = talk(call)
        #expect(talk.allParts.isEmpty)
        #expect(talk.rows.count == 1 && talk.rows[0].hasPrefix("tool_rejected " + String(row.prefix(27))))
        #expect(results(talk.request).first?.hasPrefix(#"{"status":"rejected","reason":"#) == true)
        #expect(talk.request?.mayUseTools == true)
        // It is as wrong again: now it has to answer in words.
        talk.stream(.ended(.stop, [call]))
        #expect(talk.request?.mayUseTools == false)
        talk.stream(.ended(.stop, [call]))
        #expect(!talk.hasSent && talk.parts == [.failed])
        #expect(talk.rows.count == 3 && talk.actions.isEmpty)
        let hasFailed = talk.all.contains { if case .fared(_, .failed) = $0 { true } else { false } }
        #expect(!hasFailed, "its server did what it should: no alarm, no breaker")
    }

    @Test("A call that is mended is done")
    func mended() {
        var talk = talk(ModelCall(name: "send_sms", arguments: "{"))
        talk.stream(.ended(.stop, [.text()]))
        #expect(talk.actions.count == 1)
    }

    @Test("A call in an answer that ran out of tokens is not done, though it reads as whole")
    func outOfTokens() {
        var talk = ChatTalk()
        talk.say("do it")
        talk.stream(.tool("send_sms"), .ended(.length, [.text()]))
        #expect(talk.actions.isEmpty)
        #expect(talk.rows == ["tool_rejected send_sms cut_off: the call did not end"])
    }

    @Test("A stream that breaks in a call: the call is not done, and the same model is asked once more")
    func brokenStream() {
        var talk = ChatTalk()
        talk.say("do it")
        talk.stream(.tool("send_sms"))
        talk.fail(.broken("the stream cannot be read"))
        #expect(talk.rows == ["failed the stream cannot be read", "tool_rejected send_sms cut_off"])
        #expect(talk.request?.id == 2 && talk.request?.model == 0)
        talk.stream(.ended(.stop, [.text()]))
        #expect(talk.actions.count == 1)
    }

    @Test("Five tools in a turn, then words; twenty in a call")
    func limits() {
        var talk = ChatTalk()
        talk.say("do it")
        talk.stream(.ended(.stop, (1...7).map { .text("\($0)") }))
        #expect(talk.actions.count == 5)
        #expect(
            talk.rows
                == Array(repeating: "tool_rejected send_sms too_many_tools: none may be called now", count: 2))
        for number in 0..<5 { talk.settle(number) }
        #expect(talk.request?.mayUseTools == false)
        talk.stream(.text("Done."), .ended(.stop, []))
        for turn in 2...6 {
            talk.say("more")
            talk.stream(.ended(.stop, (1...5).map { .text("\(turn) \($0)") }))
            talk.tell(.cancelled(talk.generation))
        }
        #expect(talk.actions.count == 20)
    }

    @Test("The call ends when the goodbye was said; a model without one is asked for it, once, and then Parley says it")
    func endCall() {
        let end = ModelCall(name: "end_call", arguments: "")
        let talk = talk(end, text: "Goodbye.")
        #expect(talk.allParts == [.text("Goodbye.\n"), .end, .done] && !talk.hasSent)
        var mute = self.talk(end)
        #expect(mute.request?.mayUseTools == false)
        mute.stream(.text("Bye bye."), .ended(.stop, []))
        #expect(mute.parts == [.text("Bye bye.\n"), .end, .done])
        var broken = self.talk(end)
        broken.fail(.status(401, retryAfter: nil))
        broken.fail(.status(401, retryAfter: nil))
        #expect(broken.parts == [.text("Goodbye.\n"), .end, .done])
        var silent = self.talk(end)
        silent.stream(.ended(.stop, []))
        #expect(silent.parts == [.text("Goodbye.\n"), .end, .done])
    }

    @Test("A transfer goes to a target of the configuration, and keys are pressed behind what was said")
    func transferAndKeys() {
        let talk = talk(ModelCall(name: "transfer", arguments: #"{"target":"reception"}"#), text: "I put you through.")
        #expect(talk.allParts == [.text("I put you through.\n"), .transfer("reception"), .done])
        let keys = self.talk(ModelCall(name: "press_keys", arguments: #"{"keys":"1w2#"}"#))
        #expect(keys.allParts == [.sound(.keys("1w2#")), .done] && keys.requests.count == 1)
    }

    @Test("The tools of a request: the actions and what belongs to every call, targets as an enum")
    func definitions() throws {
        let tools = try JSON(
            parsing: ChatTools(.builtIn, transferTargets: ["reception", "billing"]).json, maxBytes: 65_536, maxDepth: 16
        )
        guard case .array(let list) = tools else { return #expect(Bool(false)) }
        let names = list.compactMap { if case .string(let name)? = $0["function"]?["name"] { name } else { nil } }
        #expect(names == ["end_call", "press_keys", "transfer", "record_consent", "send_sms"])
        #expect(
            list[2]["function"]?["parameters"]?["properties"]?["target"]?["enum"]
                == .array([.string("reception"), .string("billing")]))
        #expect(!ChatTools(.builtIn, transferTargets: []).json.contains(#""transfer""#))
    }
}
