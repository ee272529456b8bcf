import ParleyCore

/// What must hold between the parts of a flow: every name leads somewhere, nothing goes round without asking the
/// caller.
struct FlowChecks {
    let flow: Flow
    /// What the file declares, also in steps that could not be read: one mistake is one issue.
    let declared: FlowDeclarations
    let issues: FlowIssues

    func run() {
        for step in flow.steps {
            for way in flow.ways(from: step) where !declared.ids.contains(way.target) { unknownStep(way, step) }
            checkTemplates(step)
            checkKind(step)
        }
        let general: [(Template?, String)] =
            [
                (flow.settings.help, "help"), (flow.settings.about, "about"), (flow.settings.goodbye, "goodbye"),
            ] + flow.settings.welcomeBack.map { ($0, "welcome_back") }
        for (template, key) in general {
            if let template { check(template, line: flow.settings.lines[key] ?? 1, key: "settings.\(key)") }
        }
        findCircles()
    }

    private func unknownStep(_ way: Flow.Way, _ step: FlowStep) {
        let near = issues.nearest(to: way.target, among: declared.ids.sorted())
        issues.add(
            step.line(of: way.key), "steps.\(step.id).\(way.key)",
            "there is no step `\(way.target)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
    }

    private func checkTemplates(_ step: FlowStep) {
        for (template, key) in step.templates {
            check(template, line: step.line(of: key), key: "steps.\(step.id).\(key)")
        }
    }

    private func check(_ template: Template, line: Int, key: String) {
        for slot in template.slots where !declared.values.contains(slot) {
            let near = issues.nearest(
                to: slot,
                among: declared.values.sorted() + ["business", "call.reference", "call.from"]
                    + ThreadValue.allCases.map(\.written))
            issues.add(
                line, key,
                "`{{\(slot)}}` is filled by no step; "
                    + (near.map { "did you mean `{{\($0)}}`?" } ?? "ask for it with `ask: \(slot)`"))
        }
    }

    private func checkKind(_ step: FlowStep) {
        let path = "steps.\(step.id)"
        switch step.kind {
        case .ask(let ask):
            if ["business", "call"].contains(ask.slot) {
                issues.add(
                    step.line(of: "ask"), path + ".ask",
                    "`\(ask.slot)` is a name of its own; call the slot something else")
            }
            for other in flow.steps where other.line < step.line {
                if let first = other.ask, first.slot == ask.slot, first.kind.name != ask.kind.name {
                    issues.add(
                        step.line(of: "kind"), path + ".kind",
                        "the slot `\(ask.slot)` is \(first.kind.name) in line \(other.line); one slot has one kind")
                }
            }
        case .branch(let branch):
            for arm in branch.arms { for condition in arm.conditions { check(condition, step) } }
        case .consent(let consent): check(consent, step)
        case .action(let action): check(action, step)
        default: break
        }
    }

    /// What an action settles is no question's answer: it has no kind.
    private func check(_ action: ActionStep, _ step: FlowStep) {
        for result in action.results {
            let isTaken =
                ["business", "call"].contains(result) || flow.steps.contains { $0.ask?.slot == result }
                || flow.steps.contains { if case .consent = $0.kind { $0.id == result } else { false } }
            guard isTaken else { continue }
            issues.add(
                step.line(of: "results"), "steps.\(step.id).results",
                "`\(result)` is a name of its own; call the action's result something else")
        }
    }

    private func check(_ condition: (slot: String, values: [String]), _ step: FlowStep) {
        let key = "steps.\(step.id).branch.when.\(condition.slot)"
        let base = condition.slot.split(separator: ".").first.map(String.init) ?? condition.slot
        let isBooking = condition.slot == ThreadValue.booking.written
        guard isBooking || declared.values.contains(condition.slot) else {
            let near = issues.nearest(
                to: condition.slot, among: declared.values.sorted() + [ThreadValue.booking.written])
            issues.add(
                step.line(of: "branch"), key, "is filled by no step" + (near.map { "; did you mean `\($0)`?" } ?? ""))
            return
        }
        let possible: [String]?
        switch flow.steps.first(where: { $0.ask?.slot == base })?.ask?.kind {
        case .yesNo: possible = ["yes", "no"]
        case .oneOf(let choices): possible = choices.map(\.value)
        case nil:
            if isBooking {
                possible = ThreadValue.bookingWords
            } else if case .consent? = flow.step(base)?.kind {
                possible = ["yes", "no"]
            } else {
                possible = nil
            }
        default: possible = nil
        }
        guard let possible else { return }
        for value in condition.values where !possible.contains(value) {
            let near = issues.nearest(to: value, among: possible).map { "did you mean `\($0)`?" }
            issues.add(
                step.line(of: "branch"), key, "is never `\(value)`; " + (near ?? "it may be \(Spoken.list(possible))"))
        }
    }

    /// What the law wants to be said before a text: who texts, that rates may apply, how to end it.
    private func check(_ consent: ConsentStep, _ step: FlowStep) {
        let key = "steps.\(step.id).consent"
        let line = step.line(of: "consent")
        let wording = consent.wording.rendered { value, _ in value == .business ? flow.settings.name : "" }
        let words = Words(wording)
        if wording.count > 800 {
            issues.add(line, key, "is longer than 800 characters; what is not listened to is not agreed to")
        }
        if !flow.settings.name.isEmpty, !words.contains(Words(flow.settings.name).phrase) {
            issues.add(line, key, "does not say who texts; put `{{business}}` in it")
        }
        if words.tokens.allSatisfy({ !["text", "texts", "message", "messages", "sms"].contains($0) }) {
            issues.add(line, key, "does not say that a text message is sent")
        }
        if !words.contains("rates may apply") {
            issues.add(line, key, "does not say that rates may apply; add `Message and data rates may apply.`")
        }
        if !words.tokens.contains("stop") {
            issues.add(line, key, "does not say that STOP ends it; add `Reply STOP to end texts.`")
        }
    }

    /// A round of steps that never waits for the caller would talk for ever.
    private func findCircles() {
        var done: Set<String> = []
        for start in flow.steps where !start.waitsForCaller {
            var trail: [String] = []
            walk(start.id, &trail, &done)
        }
    }

    private func walk(_ id: String, _ trail: inout [String], _ done: inout Set<String>) {
        guard let step = flow.step(id), !step.waitsForCaller, !done.contains(id) else { return }
        if let begin = trail.firstIndex(of: id) {
            let circle = trail[begin...] + [id]
            issues.add(
                step.line, "steps.\(id)",
                "goes round without asking the caller anything: \(circle.joined(separator: " -> "))")
            done.formUnion(circle)
            return
        }
        trail.append(id)
        for way in flow.ways(from: step) { walk(way.target, &trail, &done) }
        trail.removeLast()
        done.insert(id)
    }
}

extension Flow {
    /// One way on from a step.
    struct Way {
        var key: String
        var target: String
        /// The values that are settled when this way is taken.
        var fills: [String] = []
    }

    func ways(from step: FlowStep) -> [Way] {
        let next = step.next.map { [Way(key: "next", target: $0)] } ?? []
        switch step.kind {
        case .say: return next
        case .ask(let ask):
            let filled = next.map { Way(key: $0.key, target: $0.target, fills: [ask.slot]) }
            return filled + (ask.onFailure.map { [Way(key: "on_failure", target: $0)] } ?? [])
        case .confirm(let confirm):
            return next + (confirm.onNo.map { [Way(key: "on_no", target: $0)] } ?? [])
                + (confirm.onFailure.map { [Way(key: "on_failure", target: $0)] } ?? [])
        case .branch(let branch):
            return branch.arms.map { Way(key: "branch.next", target: $0.next) } + [
                Way(key: "branch.else", target: branch.otherwise)
            ]
        case .action(let action):
            let done = next.map { Way(key: $0.key, target: $0.target, fills: action.results) }
            return done + [
                Way(key: "on_refused", target: action.onRefused), Way(key: "on_failed", target: action.onFailed),
            ]
        case .consent(let consent):
            return next.map { Way(key: $0.key, target: $0.target, fills: [FlowWarnings.granted]) }
                + [Way(key: "on_no", target: consent.onNo), Way(key: "on_failed", target: consent.onFailed)]
        case .transfer, .end: return []
        }
    }
}

extension FlowStep {
    /// Where a key of it stands; the step's own line where it is not written out.
    func line(of key: String) -> Int { lines[key.split(separator: ".").first.map(String.init) ?? key] ?? line }

    /// Whether the flow stops here until the caller says or keys something, or for good.
    var waitsForCaller: Bool {
        switch kind {
        case .ask, .confirm, .consent, .transfer, .end: true
        case .say, .branch, .action: false
        }
    }

    /// Its templates, with their keys.
    var templates: [(Template, String)] {
        let all: [(Template?, String)]
        switch kind {
        case .say(let say): all = [(say.text, "say")]
        case .ask(let ask):
            all =
                [
                    (ask.prompt, "prompt"), (ask.timePrompt, "prompt_time"), (ask.datePrompt, "prompt_date"),
                    (ask.acknowledgement, "acknowledge"), (ask.confirmation, "confirm"),
                ] + ask.reprompts.map { ($0, "reprompt") }
        case .confirm(let confirm):
            all =
                [(confirm.text, "confirm"), (confirm.changePrompt, "prompt_change")]
                + confirm.reprompts.map { ($0, "reprompt") }
        case .branch: all = []
        case .action(let action):
            all = [(action.sayBefore, "say_before")] + action.arguments.templates.map { ($0, "arguments") }
        case .consent(let consent): all = [(consent.wording, "consent"), (consent.reprompt, "reprompt")]
        case .transfer(_, let text): all = [(text, "say_before")]
        case .end(let text): all = [(text, "end")]
        }
        return all.compactMap { template, key in template.map { ($0, key) } }
    }
}

extension AskStep.Kind {
    /// As in a flow file.
    var name: String {
        switch self {
        case .yesNo: "yes_no"
        case .oneOf: "one_of"
        case .date: "date"
        case .time: "time"
        case .dateTime: "date_time"
        case .digits: "digits"
        case .phone: "phone"
        case .freeText: "free_text"
        }
    }
}
