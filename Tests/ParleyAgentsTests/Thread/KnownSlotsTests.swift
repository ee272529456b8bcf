import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyAgents

private let separate = Result {
    try FlowLoader.load(
        text: flow(
            dates: """
                  - {id: day, ask: day, kind: date, prompt: "Q-day?", within: "mon-fri 08:00-18:00"}
                  - {id: time, ask: time, kind: time, prompt: "Q-time?", within: "mon-fri 08:00-18:00"}
                """, read: "{{day}} {{time}}"), file: "six.yaml")
}
private let together = Result {
    try FlowLoader.load(
        text: flow(
            dates: """
                  - {id: when, ask: when, kind: date_time, prompt: "Q-when?", prompt_time: "Q-time?", prompt_date: "Q-day?", within: "mon-fri 08:00-18:00"}
                  - {id: phone, ask: phone, kind: phone, country: "1", prompt: "Q-phone?", confirm: true}
                """, read: "{{when}} {{phone}}"), file: "six.yaml")
}

private func flow(dates: String, read: String) -> String {
    """
    settings: {name: Test, time_zone: America/New_York, welcome_back: "Welcome back. You texted: {{thread.last_text_in}}."}
    steps:
      - {id: hello, say: Hello.}
      - {id: name, ask: name, kind: free_text, prompt: "Q-name?"}
      - {id: reason, ask: reason, kind: one_of, prompt: "Q-reason?", choices: [cleaning, toothache]}
    \(dates)
      - {id: pin, ask: pin, kind: digits, length: 4, prompt: "Q-pin?"}
      - {id: first, ask: first, kind: yes_no, prompt: "Q-first?"}
      - {id: check, confirm: "\(read) {{reason}} {{pin}} {{first}} {{name}}?"}
      - {id: over, end: Bye.}
    """
}

private struct Answer {
    /// As it is texted, and as it is said.
    var words: String
    var iso: String
    /// A text may tell it without having been asked.
    var isClear = false
}

private let answers: [String: Answer] = [
    "name": Answer(words: "Ann Lee", iso: "Ann Lee"),
    "reason": Answer(words: "toothache", iso: "toothache", isClear: true),
    "day": Answer(words: "Dec 1", iso: "2026-12-01", isClear: true),
    "time": Answer(words: "3pm", iso: "15:00", isClear: true),
    "when": Answer(words: "Tue Dec 1 3pm", iso: "2026-12-01T15:00", isClear: true),
    "phone": Answer(words: "212 555 0123", iso: "+12125550123", isClear: true),
    "pin": Answer(words: "4711", iso: "4711"),
    "first": Answer(words: "yes", iso: "yes"),
]

@Test("Slots known by text, in any subset and order, are not asked by voice; every other is, once", arguments: 0..<200)
func knownSlots(seed: Int) throws {
    var random = SeededGenerator(state: UInt64(seed))
    let flow = try (seed % 2 == 0 ? separate : together).get()
    #expect(flow.slotNames.count == 6)
    var desk = ThreadDesk(flow)
    let known = flow.slotNames.shuffled(using: &random).prefix(Int.random(in: 0...6, using: &random))
    for slot in known {
        let answer = try #require(answers[slot])
        let asked = desk.thread.question?.subject
        // Free text takes any words, so nothing else can be told while it is asked for.
        if asked == .slot(slot) || (answer.isClear && asked != .slot("name")) {
            _ = desk.text(answer.words)
        } else {
            desk.learn(slot, answer.iso)
        }
        #expect(desk.thread.known[slot] == answer.iso, "seed \(seed): \(slot)")
    }
    #expect(Set(desk.thread.known.keys) == Set(known), "seed \(seed)")

    var call = FlowTranscript(
        flow, wallClock: Double(desk.now) / 1_000, thread: ThreadContext(desk.thread, at: desk.now))
    var reply = call.line("open")
    #expect(reply.hasPrefix(desk.thread.lastTextIn == nil ? "Hello." : "Welcome back. You texted: "))
    var asked: [String] = []
    for _ in 0..<20 {
        for slot in known { #expect(!reply.contains("Q-\(slot)?"), "seed \(seed)") }
        switch call.machine.position {
        case .asking(let step):
            let slot = try #require(flow.step(step)?.ask?.slot)
            #expect(!asked.contains(slot), "seed \(seed): \(slot) again")
            asked.append(slot)
            reply = call.line("said \(answers[slot]?.words ?? "")")
        default: reply = call.line("said yes")
        }
        if call.ended != nil { break }
    }
    #expect(call.ended == .end, "seed \(seed)")
    #expect(asked == flow.slotNames.filter { !known.contains($0) }, "seed \(seed)")
    for slot in flow.slotNames { #expect(call.value(slot) == answers[slot]?.iso, "seed \(seed): \(slot)") }
}

@Test(
    "A known value that does not fit its question is asked",
    arguments: [
        ("reason", "polish"), ("reason", ""), ("day", "2026-11-18"), ("day", "2026-11-28"), ("day", "tomorrow"),
        ("day", "2026-02-30"), ("time", "19:00"), ("time", "25:00"), ("time", "3pm"), ("pin", "47112"), ("pin", "abcd"),
        ("first", "maybe"), ("name", "\u{0}"), ("when", "2026-11-19T09:00"), ("when", "2026-11-20T18:00"),
        ("when", "2026-11-20"), ("phone", "12"), ("phone", "+1212555012x"),
    ])
func unfit(slot: String, value: String) throws {
    let flow = try (["when", "phone"].contains(slot) ? together : separate).get()
    var known = answers.mapValues(\.iso)
    known[slot] = value
    var call = FlowTranscript(flow, thread: ThreadContext(known: known))
    let opening = call.line("open")
    #expect(opening == "Hello. Q-\(slot)?")
}

@Test("Half of a day and time is taken over: only the other half is asked")
func knownHalf() throws {
    var known = answers.mapValues(\.iso)
    known["when"] = nil
    known["when.date"] = "2026-12-01"
    var call = FlowTranscript(try together.get(), thread: ThreadContext(known: known))
    #expect(call.line("open") == "Hello. Tuesday the 1st of December. Q-time?")
    #expect(call.line("said four").hasPrefix("Tuesday the 1st of December at four p.m."))
    known["when.date"] = "2026-11-28"  // closed
    call = FlowTranscript(try together.get(), thread: ThreadContext(known: known))
    #expect(call.line("open") == "Hello. Q-when?")
}

@Test("What is known and wrong is changed as what was said: at the reading back, or ahead")
func knownAndWrong() throws {
    var known = answers.mapValues(\.iso)
    var call = FlowTranscript(try separate.get(), thread: ThreadContext(known: known))
    _ = call.line("open")
    #expect(call.line("said no, on Wednesday").contains("Wednesday the 25th of November three p.m. toothache"))
    known["reason"] = nil
    call = FlowTranscript(try together.get(), thread: ThreadContext(known: known))
    #expect(call.line("open") == "Hello. Q-reason?")
    #expect(call.line("said a cleaning, but on Wednesday").hasPrefix("Wednesday the 25th of November at three p.m."))
}

@Test("Without a thread, and with an empty one, the words are the same")
func emptyThread() throws {
    for flow in [try separate.get(), try dentist()] {
        var without = FlowTranscript(flow)
        var with = FlowTranscript(flow, thread: ThreadContext())
        for line in ["open", "said cleaning", "said Tuesday at three", "said yes", "said yes", "committed"] {
            #expect(without.line(line) == with.line(line))
        }
        #expect(!without.slots.contains { $0.0 == FlowMachine.bookingName })
    }
}
