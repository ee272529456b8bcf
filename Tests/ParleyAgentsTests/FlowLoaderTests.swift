import Testing

@testable import ParleyAgents

private let head = "settings: {name: Test, time_zone: UTC}\nsteps:\n"

/// The issues of a flow, as `line key`.
private func issues(_ text: String) -> [FlowIssue] {
    do throws(FlowErrors) {
        _ = try FlowLoader.load(text: text, file: "flow.yaml")
        return []
    } catch {
        return error.issues
    }
}

struct WrongFlow: CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var line: Int
    var key: String
    var says: String
}

private let wrong: [WrongFlow] = [
    WrongFlow(testDescription: "empty", text: "", line: 1, key: "", says: "the file is empty"),
    WrongFlow(
        testDescription: "not YAML", text: "settings: {name: A\nsteps: [", line: 2, key: "", says: "this is not YAML"),
    WrongFlow(testDescription: "a list", text: "- a\n- b\n", line: 1, key: "", says: "should be keys and values"),
    WrongFlow(
        testDescription: "no steps", text: "settings: {name: A, time_zone: UTC}\n", line: 1, key: "steps",
        says: "is missing"),
    WrongFlow(
        testDescription: "no settings", text: "steps:\n  - id: a\n    end: Bye.\n", line: 1, key: "settings",
        says: "is missing"),
    WrongFlow(
        testDescription: "empty steps", text: "settings: {name: A, time_zone: UTC}\nsteps: []\n", line: 2, key: "steps",
        says: "is empty"),
    WrongFlow(
        testDescription: "steps a mapping", text: "settings: {name: A, time_zone: UTC}\nsteps: {a: b}\n", line: 2,
        key: "steps", says: "should be a list"),
    WrongFlow(
        testDescription: "unknown top key", text: head + "  - id: a\n    end: Bye.\nstepps: 1\n", line: 5,
        key: "stepps", says: "did you mean `steps`?"),
    WrongFlow(
        testDescription: "unknown setting",
        text: "settings:\n  name: A\n  timezone: UTC\nsteps:\n  - id: a\n    end: Bye.\n", line: 3,
        key: "settings.timezone", says: "did you mean `time_zone`?"),
    WrongFlow(
        testDescription: "no such zone",
        text: "settings:\n  name: A\n  time_zone: Europe/Lodnon\nsteps:\n  - id: a\n    end: Bye.\n", line: 3,
        key: "settings.time_zone", says: "did you mean `Europe/London`?"),
    WrongFlow(
        testDescription: "an abbreviated zone",
        text: "settings:\n  name: A\n  time_zone: EST\nsteps:\n  - id: a\n    end: Bye.\n", line: 3,
        key: "settings.time_zone", says: "is no time zone"),
    WrongFlow(
        testDescription: "language",
        text: "settings:\n  name: A\n  time_zone: UTC\n  language: fr\nsteps:\n  - id: a\n    end: Bye.\n", line: 4,
        key: "settings.language", says: "`fr` is not understood yet"),
    WrongFlow(
        testDescription: "no id", text: head + "  - say: Hello.\n  - id: a\n    end: Bye.\n", line: 3,
        key: "steps.1.id", says: "is missing"),
    WrongFlow(
        testDescription: "same id twice", text: head + "  - id: a\n    say: Hello.\n  - id: a\n    end: Bye.\n",
        line: 5, key: "steps.a.id", says: "is the id of the step in line 3 already"),
    WrongFlow(
        testDescription: "no kind", text: head + "  - id: a\n    next: b\n  - id: b\n    end: Bye.\n", line: 3,
        key: "steps.a", says: "has no kind"),
    WrongFlow(
        testDescription: "misspelt kind", text: head + "  - id: a\n    sya: Hello.\n  - id: b\n    end: Bye.\n",
        line: 4, key: "steps.a.sya", says: "did you mean `say`?"),
    WrongFlow(
        testDescription: "two kinds", text: head + "  - id: a\n    say: Hello.\n    end: Bye.\n", line: 5,
        key: "steps.a", says: "more than one kind (say, end)"),
    WrongFlow(
        testDescription: "unknown key",
        text: head
            + "  - id: a\n    ask: x\n    kind: yes_no\n    promt: Yes?\n    prompt: Yes?\n  - id: b\n    end: Bye.\n",
        line: 6, key: "steps.a.promt", says: "did you mean `prompt`?"),
    WrongFlow(
        testDescription: "unknown answer kind",
        text: head + "  - id: a\n    ask: x\n    kind: yesno\n    prompt: Yes?\n  - id: b\n    end: Bye.\n", line: 5,
        key: "steps.a.kind", says: "did you mean `yes_no`?"),
    WrongFlow(
        testDescription: "no prompt",
        text: head + "  - id: a\n    ask: x\n    kind: yes_no\n  - id: b\n    end: Bye.\n", line: 3,
        key: "steps.a.prompt", says: "is missing"),
    WrongFlow(
        testDescription: "choices missing",
        text: head + "  - id: a\n    ask: x\n    kind: one_of\n    prompt: What?\n  - id: b\n    end: Bye.\n", line: 3,
        key: "steps.a.choices", says: "is missing"),
    WrongFlow(
        testDescription: "key given twice",
        text: head
            + "  - id: a\n    ask: x\n    kind: one_of\n    prompt: What?\n    choices:\n      - {value: one, key: 1}\n      - {value: two, key: 1}\n  - id: b\n    end: Bye.\n",
        line: 9, key: "steps.a.choices.key", says: "chooses `one` already"),
    WrongFlow(
        testDescription: "a phrase of two choices",
        text: head
            + "  - id: a\n    ask: x\n    kind: one_of\n    prompt: What?\n    choices:\n      - {value: one, synonyms: [same]}\n      - {value: two, synonyms: [same]}\n  - id: b\n    end: Bye.\n",
        line: 9, key: "steps.a.choices.synonyms", says: "means `one` already"),
    WrongFlow(
        testDescription: "choices of a yes_no",
        text: head
            + "  - id: a\n    ask: x\n    kind: yes_no\n    prompt: What?\n    choices: [a]\n  - id: b\n    end: Bye.\n",
        line: 7, key: "steps.a.choices", says: "unknown key"),
    WrongFlow(
        testDescription: "hours",
        text: head
            + "  - id: a\n    ask: x\n    kind: date\n    prompt: When?\n    within: 9 to 5\n  - id: b\n    end: Bye.\n",
        line: 7, key: "steps.a.within", says: "mon-fri 09:00-17:00"),
    WrongFlow(
        testDescription: "hangover",
        text: head
            + "  - id: a\n    ask: x\n    kind: date\n    prompt: When?\n    hangover: 700\n  - id: b\n    end: Bye.\n",
        line: 7, key: "steps.a.hangover", says: "such as `700ms`"),
    WrongFlow(
        testDescription: "retries",
        text: head
            + "  - id: a\n    ask: x\n    kind: date\n    prompt: When?\n    retries: many\n  - id: b\n    end: Bye.\n",
        line: 7, key: "steps.a.retries", says: "from 0 to 10"),
    WrongFlow(
        testDescription: "length",
        text: head
            + "  - id: a\n    ask: x\n    kind: digits\n    prompt: Pin?\n    length: 8-4\n  - id: b\n    end: Bye.\n",
        line: 7, key: "steps.a.length", says: "such as `4` or `4-8`"),
    WrongFlow(
        testDescription: "next leads nowhere",
        text: head + "  - id: a\n    say: Hello.\n    next: goodby\n  - id: goodbye\n    end: Bye.\n", line: 5,
        key: "steps.a.next", says: "did you mean `goodbye`?"),
    WrongFlow(
        testDescription: "last without next", text: head + "  - id: a\n    say: Hello.\n", line: 3, key: "steps.a.next",
        says: "no step follows"),
    WrongFlow(
        testDescription: "unknown template",
        text: head
            + "  - id: a\n    ask: reason\n    kind: free_text\n    prompt: Why?\n  - id: b\n    end: \"So {{raeson}}.\"\n",
        line: 8, key: "steps.b.end", says: "did you mean `{{reason}}`?"),
    WrongFlow(
        testDescription: "open template", text: head + "  - id: a\n    end: \"So {{reason.\"\n", line: 4,
        key: "steps.a.end", says: "has no `}}`"),
    WrongFlow(
        testDescription: "unknown format", text: head + "  - id: a\n    end: \"So {{business | loud}}.\"\n", line: 4,
        key: "steps.a.end", says: "`loud` is no format"),
    WrongFlow(
        testDescription: "unknown call value", text: head + "  - id: a\n    end: \"So {{call.colour}}.\"\n", line: 4,
        key: "steps.a.end", says: "`call.colour` is not known"),
    WrongFlow(
        testDescription: "branch without else",
        text: head
            + "  - id: q\n    ask: x\n    kind: yes_no\n    prompt: Yes?\n  - id: a\n    branch:\n      - when: {x: \"yes\"}\n        next: b\n  - id: b\n    end: Bye.\n",
        line: 8, key: "steps.a.branch", says: "has no `- else: step`"),
    WrongFlow(
        testDescription: "branch on nothing",
        text: head
            + "  - id: a\n    branch:\n      - when: {y: \"yes\"}\n        next: b\n      - else: b\n  - id: b\n    end: Bye.\n",
        line: 4, key: "steps.a.branch.when.y", says: "is filled by no step"),
    WrongFlow(
        testDescription: "branch on a value that cannot be",
        text: head
            + "  - id: q\n    ask: x\n    kind: yes_no\n    prompt: Yes?\n  - id: a\n    branch:\n      - when: {x: \"yess\"}\n        next: b\n      - else: b\n  - id: b\n    end: Bye.\n",
        line: 8, key: "steps.a.branch.when.x", says: "did you mean `yes`?"),
    WrongFlow(
        testDescription: "action without on_failed",
        text: head + "  - id: a\n    action: look_up\n  - id: b\n    end: Bye.\n", line: 3, key: "steps.a.on_failed",
        says: "is missing"),
    WrongFlow(
        testDescription: "consent by hand",
        text: head + "  - id: a\n    action: record_consent\n    on_failed: b\n  - id: b\n    end: Bye.\n", line: 4,
        key: "steps.a.action", says: "by a `consent` step"),
    WrongFlow(
        testDescription: "consent without the sender",
        text: head
            + "  - id: a\n    consent: May we text you? Message rates may apply. Reply STOP to end.\n    on_no: b\n  - id: b\n    end: Bye.\n",
        line: 4, key: "steps.a.consent", says: "does not say who texts"),
    WrongFlow(
        testDescription: "consent without rates",
        text: head
            + "  - id: a\n    consent: May Test text you? Reply STOP to end.\n    on_no: b\n  - id: b\n    end: Bye.\n",
        line: 4, key: "steps.a.consent", says: "rates may apply"),
    WrongFlow(
        testDescription: "consent without STOP",
        text: head
            + "  - id: a\n    consent: May Test text you? Message rates may apply.\n    on_no: b\n  - id: b\n    end: Bye.\n",
        line: 4, key: "steps.a.consent", says: "STOP ends it"),
    WrongFlow(
        testDescription: "round and round",
        text: head + "  - id: a\n    say: Hello.\n  - id: b\n    say: Again.\n    next: a\n", line: 3, key: "steps.a",
        says: "a -> b -> a"),
    WrongFlow(
        testDescription: "one slot of two kinds",
        text: head
            + "  - id: a\n    ask: x\n    kind: date\n    prompt: When?\n  - id: b\n    ask: x\n    kind: time\n    prompt: When?\n  - id: c\n    end: Bye.\n",
        line: 9, key: "steps.b.kind", says: "is date in line 3"),
    WrongFlow(
        testDescription: "the same key twice", text: head + "  - id: a\n    end: Bye.\n    end: Bye.\n", line: 4,
        key: "end", says: "is given twice"),
]

@Test("A wrong flow is refused with its line, its key and the mend", arguments: wrong)
func wrongFlow(flow: WrongFlow) {
    let found = issues(flow.text)
    #expect(
        found.contains { $0.line == flow.line && $0.key == flow.key && $0.message.contains(flow.says) },
        "\(found.map(\.description))")
    #expect(found.allSatisfy { $0.file == "flow.yaml" })
}

@Test("Everything wrong with a file is said at once, in its order")
func allAtOnce() {
    let found = issues(
        """
        settings:
          name: Test
          time_zone: Mars/Base
          colour: red
        steps:
          - id: a
            say: "Hello {{nobody}}"
            next: nowhere
          - id: b
            ask: x
            kind: date
            promt: When?
        """)
    #expect(found.map(\.line) == [3, 4, 7, 8, 9, 9, 12])
    #expect(
        found.map(\.key) == [
            "settings.time_zone", "settings.colour", "steps.a.say", "steps.a.next", "steps.b.next", "steps.b.prompt",
            "steps.b.promt",
        ])
}

@Test("An issue reads as one line: file, line, key, what is wrong")
func issueText() {
    let found = issues(head + "  - id: a\n    say: Hello.\n    next: b\n  - id: c\n    end: Bye.\n")
    #expect(found.map(\.description) == ["flow.yaml:5: steps.a.next: there is no step `b`"])
}

/// `a` is two values, `b` two of these, and so on: a value of 2^26 in the end.
private let doubling =
    "a: &a [x, x]\n"
    + zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz").map { "\($1): &\($1) [*\($0), *\($0)]\n" }.joined()

@Test(
    "A small file that grows by aliases is refused before anything unfolds it",
    arguments: [doubling, doubling + "? *z\n: 1\n", "&a a: 1\nb: {c: *a}\n", "- &long-name_1 x\n- [*long-name_1]\n"])
func aliases(text: String) {
    let found = issues(text)
    #expect(found.count == 1)
    #expect(found.first?.line == 2)
    #expect(found.first?.message.contains("aliases are not taken; write the value out") == true)
}

@Test("Stars and ampersands in what is said are no aliases")
func noAliases() {
    #expect(issues(head + "  - id: a\n    end: Marks&Co, Tom &Jerry, press * or *1, for R&D *D\n") == [])
}

@Test("An action with more than 200 values is refused")
func manyArguments() {
    let values = Array(repeating: "x", count: 201).joined(separator: ", ")
    let found = issues(
        head + "  - id: a\n    action: look_up\n    on_failed: b\n    arguments: {a: [\(values)]}\n"
            + "  - id: b\n    end: Bye.\n")
    #expect(found.map(\.line) == [6])
    #expect(found.first?.message.contains("more than 200 values") == true)
}

@Test("An issue is one line, and no longer than a person reads, whatever the file says in it")
func longIssues() {
    let found = issues(
        head + "  - id: a\n    end: Bye.\n\"x\\ny\\e[31m\": 1\n" + String(repeating: "z", count: 900) + ": 1\n")
    #expect(found.map(\.line) == [5, 6])
    #expect(found.first?.key == "x\u{FFFD}y\u{FFFD}[31m")
    #expect(found.last?.key == String(repeating: "z", count: 120) + "…")
}

@Test("All mistakes are told; what was meant is guessed for the first twenty")
func manyMistakes() {
    let text = String(repeating: "{{busines}}", count: 150)
    let found = issues(head + "  - id: a\n    say: \"\(text)\"\n  - id: b\n    end: Bye.\n")
    #expect(found.map(\.line) == Array(repeating: 4, count: 150))
    #expect(found.filter { $0.message.contains("did you mean `{{business}}`?") }.count == 20)
}

@Test("What is allowed and doubtful is a warning")
func warnings() throws {
    let flow = try FlowLoader.load(
        text: head + """
              - id: q
                ask: when
                kind: date_time
                prompt: When?
                on_failure: text
              - id: text
                action: send_sms
                arguments: {message: "{{when}}"}
                on_failed: over
              - id: over
                end: Bye.
              - id: lonely
                end: Bye.
            """, file: "flow.yaml")
    #expect(
        flow.warnings.map { "\($0.line) \($0.key)" } == [
            "9 steps.text.action", "10 steps.text.arguments", "14 steps.lonely.id",
        ])
}

@Test("Random bytes and broken copies of a good flow never crash the loader", arguments: 0..<60)
func brokenFlows(seed: Int) throws {
    var random = SeededGenerator(state: UInt64(seed))
    var bytes = Array(goodFlow.utf8)
    for _ in 0..<Int.random(in: 1...12, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        default: bytes.insert(contentsOf: Array(bytes[0..<min(index, 30)]), at: index)
        }
    }
    _ = issues(String(decoding: bytes, as: UTF8.self))
}

private let goodFlow =
    head + """
          - id: q
            ask: first
            kind: one_of
            prompt: Which?
            choices: [{value: one, key: 1}, {value: two, synonyms: [b, c]}]
            within: x
          - id: may
            consent: "May {{business}} text you? Rates may apply. Reply STOP."
            on_no: over
          - id: fork
            branch:
              - when: {first: [one, two], may: "yes"}
                next: over
              - else: over
          - id: over
            end: "Bye {{first | written}}."
        """
