import ParleyActions
import Foundation
import ParleyCore
import Synchronization
import Testing

@testable import ParleyAgents

private func flow(_ steps: String, settings: String = "") throws -> Flow {
    try FlowLoader.load(
        text: "settings: {name: Test, time_zone: Europe/London\(settings)}\nsteps:\n" + steps, file: "flow.yaml")
}

@Test("Digits come by voice or keys, are read back, and corrected")
func digitsAreReadBack() throws {
    var call = FlowTranscript(
        try flow(
            """
              - {id: pin, ask: pin, kind: digits, length: 4, prompt: "Your pin?", confirm: true}
              - {id: over, end: "Thanks, {{pin | written}}."}
            """))
    #expect(call.line("open") == "Your pin?")
    #expect(call.expectation == Expectation(digits: 4, hangover: .milliseconds(1_000), answer: .digits(4...4)))
    #expect(call.line("said one two three") == "Sorry, I did not catch that. Your pin?")
    #expect(call.line("said one two three for") == "1 2 3 4. Is that right?")
    #expect(call.line("said no, one two three five") == "1 2 3 5. Is that right?")
    #expect(call.line("said no") == "Your pin?")
    #expect(call.line("keys 123") == "Sorry, I did not catch that. Your pin?")
    #expect(call.line("keys 9876#") == "9 8 7 6. Is that right?")
    #expect(call.line("keys 1") == "Thanks, 9876.")
    #expect(call.slots.map(\.1) == ["1234", "1235", "9876"])
}

@Test(
    "A branch goes by what was answered",
    arguments: [
        ("yes", "said check-up", "New."), ("no", "said check-up", "Other."), ("yes", "said pain", "Urgent."),
        ("no", "said pain", "Urgent."),
    ])
func branches(first: String, reason: String, expected: String) throws {
    var call = FlowTranscript(
        try flow(
            """
              - {id: f, ask: first, kind: yes_no, prompt: "First visit?"}
              - {id: r, ask: reason, kind: one_of, prompt: "Why?", choices: [{value: check_up}, {value: pain}, {value: accident}]}
              - id: fork
                branch:
                  - {when: {reason: [pain, accident]}, next: urgent}
                  - {when: {first: "yes", reason: check_up}, next: new}
                  - else: other
              - {id: urgent, end: Urgent.}
              - {id: new, end: New.}
              - {id: other, end: Other.}
            """))
    _ = call.line("open")
    _ = call.line("said \(first)")
    #expect(call.line(reason) == expected)
}

@Test("Whoever asks for a person, or keys 0, is put through where a target is named")
func operatorTransfer() throws {
    let flow = try flow(
        """
          - {id: f, ask: first, kind: yes_no, prompt: "First visit?"}
          - {id: over, transfer: nurses, say_before: "To the nurses."}
        """, settings: ", operator: desk")
    #expect(flow.transferTargets == ["nurses", "desk"])
    for line in ["said can I speak to someone please", "keys 0"] {
        var call = FlowTranscript(flow)
        _ = call.line("open")
        #expect(call.line(line) == "Of course. I will put you through to a person.")
        #expect(call.ended == .transfer("desk"))
    }
    var failing = FlowTranscript(flow)
    _ = failing.line("open")
    for _ in 0..<3 { _ = failing.line("said blah") }
    #expect(failing.ended == .transfer("desk"))
    var call = FlowTranscript(flow)
    _ = call.line("open")
    #expect(call.line("said yep") == "To the nurses.")
    #expect(call.ended == .transfer("nurses"))
}

@Test("A protected greeting and a step that must be heard cannot be cut off")
func protection() throws {
    let flow = try flow(
        """
          - {id: f, ask: first, kind: yes_no, prompt: "First visit?"}
          - {id: notice, say: "Mind the step.", interruptible: false}
          - {id: n, ask: name, kind: free_text, prompt: "Your name?", hangover: 1.2s}
          - {id: m, ask: more, kind: yes_no, prompt: "More?", interruptible: false}
          - {id: over, end: Bye.}
        """, settings: ", protect_greeting: true")
    var call = FlowTranscript(flow)
    _ = call.line("open")
    #expect(call.expectation == Expectation(digits: 1, interruption: .never, answer: .yesNo))
    _ = call.line("said blah")
    #expect(call.expectation == Expectation(digits: 1, answer: .yesNo))
    #expect(call.line("said yes") == "Mind the step. Your name?")
    #expect(call.expectation == Expectation(interruption: .never, hangover: .milliseconds(1_200), answer: .freeText))
    #expect(call.line("said Anna") == "More?")
    #expect(call.expectation == Expectation(digits: 1, interruption: .never, answer: .yesNo))
}

@Test(
    "An action gets its arguments in writing, and its outcome chooses the way",
    arguments: [
        ("committed", " Found."), ("refused", " Refused."), ("failed", " Failed."),
    ])
func actionOutcomes(outcome: String, expected: String) throws {
    var call = FlowTranscript(
        try flow(
            """
              - {id: d, ask: day, kind: date, prompt: "Which day?"}
              - id: look
                action: look_up
                say_before: One moment.
                arguments: {day: "{{day | iso}}", text: "on {{day}}", loud: "{{day | spoken}}", count: 3, deep: {yes: [true, "a\\"b"]}}
                on_refused: refused
                on_failed: failed
              - {id: found, end: Found.}
              - {id: refused, end: Refused.}
              - {id: failed, end: Failed.}
            """))
    _ = call.line("open")
    #expect(call.line("said the 24th") == "One moment.")
    #expect(call.isOpen)
    #expect(
        call.actions == [
            ActionRequest(
                name: "look_up",
                arguments:
                    #"{"day":"2026-11-24","text":"on Tue 24 Nov","loud":"Tuesday the 24th of November","count":3,"deep":{"yes":[true,"a\"b"]}}"#
            )
        ])
    #expect(call.line(outcome) == expected)
    #expect(call.ended == .end)
}

@Test(
    "Tomorrow is tomorrow where the flow is at home",
    arguments: [
        ("America/New_York", "2026-11-19"), ("Asia/Tokyo", "2026-11-20"), ("Pacific/Auckland", "2026-11-20"),
        ("UTC", "2026-11-20"),
    ])
func zones(zone: String, tomorrow: String) throws {
    let flow = try FlowLoader.load(
        text: """
            settings: {name: Test, time_zone: \(zone)}
            steps:
              - {id: d, ask: day, kind: date, prompt: "Which day?"}
              - {id: over, end: Bye.}
            """, file: "flow.yaml")
    var call = FlowTranscript(flow, wallClock: 1_795_057_200)  // 19 November 2026, 03:00 UTC
    _ = call.line("open")
    _ = call.line("said tomorrow")
    #expect(call.value("day") == tomorrow)
}

@Test("Values of the call may be spoken: its number, its parameters, its reference")
func callValues() throws {
    let flow = try flow(
        "  - {id: over, end: \"{{call.from | written}} {{call.parameters.vip}} {{call.reference | written}}.\"}\n")
    let facts = CallFacts(callID: "x", from: "+15005550006", to: "", parameters: ["vip": "gold\u{0}\n"], wallClock: 0)
    var machine = FlowMachine(flow: flow, call: facts)
    let parts = machine.handle(AgentRequest(generation: Generation(1), turn: TurnID(1), cause: .opening))
    #expect(
        parts == [.expect(Expectation()), .text("+15005550006 gold \(CallReference.make(callID: "x"))."), .end, .done])
}

@Test("A session answers in order, with the request's generation, and may be called from within an answer")
func session() throws {
    final class Heard: Sendable {
        let parts = Mutex<[(Generation, ReplyPart)]>([])
        let session = Mutex<(any AgentSession)?>(nil)
    }
    let heard = Heard()
    let agent = FlowAgent(
        try flow(
            """
              - {id: look, action: look_up, say_before: "One moment.", on_failed: over}
              - {id: q, ask: more, kind: yes_no, prompt: "More?"}
              - {id: over, end: Bye.}
            """))
    let facts = CallFacts(callID: "x", from: "", to: "", parameters: [:], wallClock: 0)
    let session = agent.start(facts) { generation, part in
        heard.parts.withLock { $0.append((generation, part)) }
        // A shell that runs the action at once reports back from within.
        if case .action(let request) = part {
            let invocation = ActionInvocation(number: 1, generation: generation, turn: TurnID(0), request: request)
            heard.session.withLock { $0 }?.finished(invocation, .committed)
        }
    }
    heard.session.withLock { $0 = session }
    session.ask(AgentRequest(generation: Generation(1), turn: TurnID(0), cause: .opening))
    session.cancel(Generation(1))
    session.ask(AgentRequest(generation: Generation(2), turn: TurnID(1), cause: .said("no")))
    let parts = heard.parts.withLock { $0 }
    #expect(parts.map(\.0.number) == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
    #expect(
        parts.map(\.1) == [
            .expect(Expectation()), .text("One moment."), .action(ActionRequest(name: "look_up", arguments: "{}")),
            .expect(Expectation(digits: 1, answer: .yesNo)), .text(" More?"), .done,
            .set("more", "no"), .expect(Expectation()), .text("Bye."), .end, .done,
        ])
    heard.session.withLock { $0 = nil }
}

@Test("Parts stay in order when a second thread asks while the first hands out")
func twoThreads() throws {
    final class Heard: Sendable {
        let generations = Mutex<[UInt32]>([])
        let session = Mutex<(any AgentSession)?>(nil)
        let countAfterAsk = Mutex(0)
    }
    let heard = Heard()
    let agent = FlowAgent(
        try flow(
            """
              - {id: q, ask: more, kind: yes_no, prompt: "More?"}
              - {id: over, end: Bye.}
            """))
    let facts = CallFacts(callID: "x", from: "", to: "", parameters: [:], wallClock: 0)
    let session = agent.start(facts) { generation, _ in
        let isFirst = heard.generations.withLock { generations in
            generations.append(generation.number)
            return generations.count == 1
        }
        guard isFirst, let session = heard.session.withLock({ $0 }) else { return }
        let asked = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            session.ask(AgentRequest(generation: Generation(2), turn: TurnID(1), cause: .said("no")))
            asked.signal()
        }
        asked.wait()
        heard.countAfterAsk.withLock { $0 = heard.generations.withLock(\.count) }
    }
    heard.session.withLock { $0 = session }
    session.ask(AgentRequest(generation: Generation(1), turn: TurnID(0), cause: .opening))
    #expect(heard.countAfterAsk.withLock { $0 } == 1)
    #expect(heard.generations.withLock { $0 } == [1, 1, 1, 2, 2, 2, 2, 2])
    heard.session.withLock { $0 = nil }
}

@Test("A reply that nobody heard is taken back: the flow is where it was, unless an action was asked for")
func retracted() throws {
    let heard = Mutex<[(Generation, ReplyPart)]>([])
    let agent = FlowAgent(
        try flow(
            """
              - {id: q, ask: more, kind: yes_no, prompt: "More?"}
              - {id: size, ask: size, kind: one_of, prompt: "Which size?", choices: [{value: small}, {value: large}]}
              - {id: look, action: look_up, say_before: "One moment.", on_failed: over}
              - {id: over, end: Bye.}
            """))
    let facts = CallFacts(callID: "x", from: "", to: "", parameters: [:], wallClock: 0)
    let session = agent.start(facts) { generation, part in heard.withLock { $0.append((generation, part)) } }
    func ask(_ number: UInt32, _ cause: AgentRequest.Cause) -> String {
        session.ask(AgentRequest(generation: Generation(number), turn: TurnID(number), cause: cause))
        return heard.withLock { parts in
            parts.reduce("") { text, part in
                if part.0.number == number, case .text(let words) = part.1 { text + words } else { text }
            }
        }
    }
    #expect(ask(1, .opening) == "More?")
    // A greeting that was not heard is given again.
    session.retract(Generation(1))
    #expect(ask(2, .opening) == "More?")
    #expect(ask(3, .said("yes")) == "Which size?")
    session.retract(Generation(3))
    #expect(ask(4, .said("yes please")) == "Which size?")
    // Of an older reply nothing is taken back.
    session.retract(Generation(3))
    #expect(ask(5, .said("large")) == "One moment.")
    session.retract(Generation(5))
    let invocation = ActionInvocation(
        number: 1, generation: Generation(5), turn: TurnID(5), request: ActionRequest(name: "look_up", arguments: "{}"))
    session.finished(invocation, .committed)
    #expect(ask(6, .said("large")) == "Bye.")
}

@Test("The call is told what is asked, and of a day and a time what is still missing")
func answersAreExpected() throws {
    var call = FlowTranscript(
        try flow(
            """
              - {id: w, ask: when, kind: date_time, prompt: "When?", confirm: true}
              - {id: n, ask: number, kind: phone, country: "1", prompt: "Your number?"}
              - {id: over, end: Bye.}
            """))
    _ = call.line("open")
    #expect(call.expectation.answer == .dateTime)
    _ = call.line("said tomorrow")
    #expect(call.expectation.answer == .time)
    _ = call.line("said at three p.m.")
    #expect(call.expectation.answer == .confirmation)
    _ = call.line("said yes")
    #expect(call.expectation.answer == .phone(10))
}
