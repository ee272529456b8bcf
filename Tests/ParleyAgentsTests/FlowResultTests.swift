import ParleyCore
import Testing

@testable import ParleyAgents

/// What an action's answer says, in the flow's next sentence.
@Suite("Results of actions in a flow")
struct FlowResultTests {
    private static let head = "settings: {name: Test, time_zone: UTC}\nsteps:\n"
    private static let steps = """
          - {id: ask, ask: really, kind: yes_no, prompt: "Shall I look?"}
          - id: look
            action: free_times
            arguments: {day: "2026-12-01"}
            results: [first_free, is_open]
            say_before: "One moment."
            on_refused: no
            on_failed: sorry
          - branch: [{when: {is_open: "yes"}, next: tell}, {else: closed}]
            id: by
          - {id: tell, say: "The first free time is {{first_free}}.", next: again}
          - {id: closed, say: "We are closed, {{first_free}}", next: again}
          - {id: again, ask: more, kind: yes_no, prompt: "Once more?"}
          - {id: loop, branch: [{when: {more: "yes"}, next: look}, {else: bye}]}
          - {id: no, end: "They said no."}
          - {id: sorry, end: "I could not look."}
          - {id: bye, end: "Goodbye."}
        """

    private func transcript() throws -> FlowTranscript {
        FlowTranscript(try FlowLoader.load(text: Self.head + Self.steps, file: "flow.yaml"))
    }

    @Test("Its values are said, settled and branched on")
    func said() throws {
        var call = try transcript()
        _ = call.line("open")
        #expect(call.line("said yes") == "One moment.")
        #expect(call.actions.last == ActionRequest(name: "free_times", arguments: #"{"day":"2026-12-01"}"#))
        let words = call.finish(.answered(#"{"first_free":"9:00","is_open":true,"other":"x"}"#))
        #expect(words == " The first free time is 9:00. Once more?")
        #expect(call.slots.map { "\($0.0)=\($0.1)" } == ["really=yes", "first_free=9:00", "is_open=yes"])
    }

    @Test("A value that a later answer lacks is not the older one")
    func lacking() throws {
        var call = try transcript()
        _ = call.line("open")
        _ = call.line("said yes")
        _ = call.finish(.answered(#"{"first_free":"9:00","is_open":true}"#))
        _ = call.line("said yes")
        #expect(call.finish(.answered(#"{"first_free":null,"is_open":false}"#)) == " We are closed,  Once more?")
    }

    @Test("An answer that comes while the caller speaks is said in the next reply")
    func late() throws {
        var call = try transcript()
        _ = call.line("open")
        _ = call.line("said yes")
        call.cancel()
        #expect(call.finish(.answered(#"{"first_free":"9:00","is_open":true}"#)) == "")
        #expect(call.line("said hello") == "The first free time is 9:00. Once more?")
    }

    @Test("Refused and failed go their own ways; what is no JSON settles nothing")
    func ways() throws {
        for (outcome, words) in [
            (ActionResult.Outcome.refused("http_409"), " They said no."), (.failed("http_500"), " I could not look."),
            (.answered("no JSON"), " We are closed,  Once more?"), (.committed, " We are closed,  Once more?"),
        ] {
            var call = try transcript()
            _ = call.line("open")
            _ = call.line("said yes")
            #expect(call.finish(outcome) == words)
        }
    }

    @Test("A result is settled on each way that passes its action")
    func settled() throws {
        #expect(try FlowLoader.load(text: Self.head + Self.steps, file: "flow.yaml").warnings.isEmpty)
    }

    @Test(
        "What cannot be a result is told",
        arguments: [
            ("results: first_free", "steps.look.results", "should be a list of names"),
            ("results: [a b]", "steps.look.results", "should hold names"),
            ("results: [really]", "steps.look.results", "`really` is a name of its own"),
            ("results: [business]", "steps.look.results", "`business` is a name of its own"),
            ("result: [x]", "steps.look.result", "did you mean `results`?"),
        ])
    func wrong(line: String, key: String, says: String) {
        let text =
            Self.head + """
                  - {id: ask, ask: really, kind: yes_no, prompt: "Shall I look?"}
                  - id: look
                    action: free_times
                    \(line)
                    on_failed: bye
                  - {id: bye, end: "Goodbye."}
                """
        do throws(FlowErrors) {
            _ = try FlowLoader.load(text: text, file: "flow.yaml")
            Issue.record("it was taken")
        } catch {
            #expect(error.issues.map(\.key) == [key])
            #expect(error.issues.first?.message.contains(says) == true)
        }
    }
}
