import ParleyActions
import ParleyCore
import Testing

@testable import ParleyAgents

@Suite("Speech to speech: functions happen once, or not at all")
struct RealtimeFunctionTests {
    private let text = #"{"message":"See you at ten."}"#

    /// The call has asked about turn 1, as generation 1; response `r1` is under way.
    private func asked(_ settings: RealtimeSettings = .test()) -> RealtimeDriver {
        var driver = RealtimeDriver.opened(settings)
        driver.say("Text me.", turn: 1)
        driver.ask(1, .said("Text me."), turn: 1)
        driver.created("r1")
        _ = driver.take()
        return driver
    }

    @Test("An action is run, its outcome goes to the model, and the model speaks of it in the same reply")
    func acts() {
        var driver = asked()
        driver.says("One moment.", "r1", item: "a1")
        driver.calls("send_sms", text, "r1", call: "c1")
        driver.done("r1")
        #expect(driver.take() == ["reply 1 text One moment.", "reply 1 action send_sms \(text)"])
        driver.finished(1, 1, "send_sms", text, .committed)
        #expect(driver.take() == [Sent.output("c1", #"{"status":"committed"}"#), Sent.create(2)])
        driver.answers("It is on its way.", "r2", item: "a2")
        #expect(driver.take() == ["reply 1 text |", "reply 1 text It is on its way.", "reply 1 done"])
    }

    @Test("What a draft wants done waits until the call asks; if it never does, it never happens")
    func draft() {
        var driver = RealtimeDriver.opened()
        driver.say("Text me.", turn: 1)
        driver.created("r1")
        driver.calls("send_sms", text, "r1", call: "c1")
        driver.done("r1")
        _ = driver.take()
        var other = driver
        driver.ask(1, .said("Text me."), turn: 1)
        #expect(driver.take() == ["reply 1 action send_sms \(text)"])
        other.wait(1_000)
        #expect(other.take() == [Sent.delete("ic1")])
    }

    @Test("The same again, in other spelling and under other names, happens once; each call gets the outcome")
    func repeated() {
        var driver = asked()
        driver.calls("send_sms", text, "r1", call: "c1")
        driver.calls("send_sms", #"{ "message" : "See you at ten." }"#, "r1", call: "c2")
        driver.calls("send_sms", text, "r1", call: "c1")
        driver.done("r1")
        #expect(driver.take() == ["reply 1 action send_sms \(text)"])
        driver.finished(1, 1, "send_sms", text, .refused("no_consent"))
        let refused = #"{"reason":"no_consent","status":"refused"}"#
        #expect(driver.take() == [Sent.output("c1", refused), Sent.output("c2", refused), Sent.create(2)])
        driver.created("r2")
        driver.calls("send_sms", text, "r2", call: "c3")
        driver.done("r2")
        #expect(driver.take() == [Sent.output("c3", refused), Sent.create(3)])
    }

    @Test("Interrupted while it runs: it stays done, the model is told, and does not speak of it by itself")
    func interrupted() {
        var driver = asked()
        driver.says("One moment.", "r1", item: "a1")
        driver.calls("send_sms", text, "r1", call: "c1")
        driver.done("r1")
        driver.cancel(1)
        driver.change { $0.heard("", of: Generation(1), wasCut: true, at: $1) }
        #expect(driver.take().suffix(1) == [Sent.delete("a1")])
        driver.finished(1, 1, "send_sms", text, .failed("ledger"))
        #expect(driver.take() == [Sent.output("c1", #"{"reason":"ledger","status":"failed"}"#)])
    }

    @Test("Interrupted before its arguments were whole: it is not run, and the model knows")
    func interruptedBefore() {
        var driver = asked()
        driver.says("One moment.", "r1", item: "a1")
        driver.cancel(1)
        _ = driver.take()
        driver.calls("send_sms", text, "r1", call: "c1")
        #expect(
            driver.take() == [Sent.output("c1", #"{"status":"not_run","reason":"the caller interrupted"}"#)])
    }

    @Test(
        "What is no function, or no arguments for it, is not run: a row, and one more answer of the model's",
        arguments: [
            ("buy_shares", "{}", "unknown_action"), ("send_sms", #"{"message":"#, "arguments_not_json"),
            ("send_sms", #"{"text":"x"}"#, "arguments_invalid"),
            ("press_keys", #"{"keys":"abc"}"#, "arguments_invalid"),
            ("transfer", #"{"target":"the boss"}"#, "unknown_action"),
        ])
    func rejected(name: String, arguments: String, why: String) {
        var driver = asked()
        driver.calls(name, arguments, "r1", call: "c1")
        driver.done("r1")
        let out = driver.take()
        #expect(out.count == 3)
        #expect(out[0].hasPrefix("news agent tool_rejected \(why)"))
        #expect(out[1].contains(#"\"status\":\"rejected\""#))
        #expect(out[2] == Sent.create(2))
    }

    @Test("The sixth function of a turn is not run, and the model is not asked for ever")
    func tooMany() {
        var driver = asked()
        for number in 1...6 { driver.calls("send_sms", #"{"message":"\#(number)"}"#, "r1", call: "c\(number)") }
        #expect(driver.take().filter { $0.hasPrefix("reply 1 action") }.count == 5)
        driver.done("r1")
        for number in 1...5 { driver.finished(UInt32(number), 1, "send_sms", #"{"message":"\#(number)"}"#, .committed) }
        for round in 2...9 {
            driver.created("r\(round)")
            driver.calls("send_sms", "{}", "r\(round)", call: "d\(round)")
            driver.done("r\(round)")
        }
        let out = driver.take()
        #expect(out.filter { $0.contains("response.create") }.count == 7, "eight responses in all")
        #expect(out.last { $0.contains("response.create") }?.contains(#""tool_choice":"none""#) == true)
        #expect(out.last == "reply 1 failed", "nothing was said: the caller is asked again")
    }

    @Test("The call is ended, handed over, or gets its keys pressed; the model is asked nothing more")
    func ofTheCall() {
        var settings = RealtimeSettings.test()
        settings.transferTargets = ["front desk"]
        for (name, arguments, part) in [
            ("end_call", "", "reply 1 end"), ("transfer", #"{"target":"front desk"}"#, "reply 1 transfer front desk"),
            ("press_keys", #"{"keys":"1w2#"}"#, "reply 1 keys 1w2#"),
        ] {
            var driver = asked(settings)
            driver.says("Goodbye.", "r1", item: "a1")
            driver.calls(name, arguments, "r1", call: "c1")
            driver.done("r1")
            #expect(
                driver.take() == [
                    "reply 1 text Goodbye.", part, Sent.output("c1", #"{"status":"ok"}"#), "reply 1 done",
                ])
        }
    }

    @Test("A model that leaves without a word is asked for one, once it has called")
    func muteGoodbye() {
        var driver = asked()
        driver.calls("end_call", "", "r1", call: "c1")
        driver.done("r1")
        let out = driver.take()
        #expect(out.first == "reply 1 end" && !out.contains("reply 1 done"))
        #expect(out.last?.contains("response.create") == true && out.last?.contains(#""tool_choice":"none""#) == true)
        driver.answers("Goodbye.", "r2", item: "a2")
        #expect(driver.take() == ["reply 1 text Goodbye.", "reply 1 done"])
    }

    @Test("The name of a function may come before its arguments, as servers of the beta send it")
    func betaName() {
        var driver = asked()
        driver.hear(
            #"{"type":"response.output_item.added","response_id":"r1","item":{"id":"i1","type":"function_call","#
                + #""name":"end_call","call_id":"c1","arguments":""}}"#)
        driver.hear(
            #"{"type":"response.function_call_arguments.done","response_id":"r1","item_id":"i1","call_id":"c1","#
                + #""arguments":"{}"}"#)
        #expect(driver.take() == ["reply 1 end", Sent.output("c1", #"{"status":"ok"}"#)])
    }
}
