import ParleyActions
import ParleyCore
import Yams

/// Reads the steps of a flow, each by its kind.
struct FlowStepReader {
    private let reader: FlowReader
    /// The step after this one in the file: where `next` is left out, the flow goes there.
    private let following: String?

    static let kinds = ["say", "ask", "confirm", "branch", "action", "consent", "transfer", "end"]

    static func read(_ list: Node.Sequence, _ declared: FlowDeclarations, _ issues: FlowIssues) -> [FlowStep] {
        var lines: [String: Int] = [:]
        return list.enumerated().compactMap { index, node in
            let name = declared.order[index] ?? String(index + 1)
            guard let reader = FlowReader(node, path: "steps.\(name)", issues: issues) else { return nil }
            let below = index + 1 < declared.order.count ? declared.order[index + 1] ?? "" : nil
            guard let step = FlowStepReader(reader: reader, following: below).step() else { return nil }
            if let line = lines[step.id] {
                reader.fail("id", "`\(step.id)` is the id of the step in line \(line) already; give this one another")
            }
            lines[step.id] = step.line
            return step
        }
    }

    private func step() -> FlowStep? {
        let id = reader.require("id", "greeting") ? reader.name("id") : nil
        // In an `ask`, `confirm` is a setting.
        let found = Self.kinds.filter { reader.has($0) && !($0 == "confirm" && reader.has("ask")) }
        guard let kind = found.first, found.count == 1 else {
            if found.isEmpty {
                reader.finish(allowed: ["id", "next"] + Self.kinds)
                reader.issues.add(
                    reader.line, reader.path, "has no kind; give it one of \(Self.kinds.joined(separator: ", "))")
            } else {
                reader.issues.add(
                    reader.line(of: found[1]), reader.path,
                    "has more than one kind (\(found.joined(separator: ", "))); make two steps")
            }
            return nil
        }
        let read: (kind: FlowStep.Kind, next: String?)?
        switch kind {
        case "say": read = say()
        case "ask": read = ask()
        case "confirm": read = confirm()
        case "branch": read = branch()
        case "action": read = action()
        case "consent": read = consent()
        case "transfer": read = transfer()
        default: read = end()
        }
        guard let id, let read else { return nil }
        return FlowStep(id: id, kind: read.kind, next: read.next, line: reader.line, lines: reader.lines)
    }

    private func next() -> String? {
        if reader.has("next") { return reader.name("next") }
        // The step below has no id, which is reported there.
        if following?.isEmpty == true { return nil }
        if following == nil {
            reader.issues.add(
                reader.line, reader.path(of: "next"),
                "is missing, and no step follows; name the step to go on with, or end with an `end` step")
        }
        return following
    }

    private func listening(hangover: Int? = nil) -> Listening {
        Listening(
            interruption: reader.interruption("interruptible") ?? .always,
            hangover: reader.duration("hangover") ?? hangover)
    }

    // MARK: kinds

    private func say() -> (FlowStep.Kind, String?)? {
        reader.finish(allowed: ["id", "say", "interruptible", "next"])
        let next = next()
        guard let text = reader.template("say") else { return nil }
        return (.say(SayStep(text: text, interruption: reader.interruption("interruptible") ?? .always)), next)
    }

    private func ask() -> (FlowStep.Kind, String?)? {
        let common = [
            "id", "ask", "kind", "prompt", "reprompt", "acknowledge", "confirm", "retries", "on_failure",
            "interruptible",
            "hangover", "label", "next",
        ]
        let next = next()
        let slot = reader.name("ask")
        var kind: AskStep.Kind?
        var hangover: Int?
        var own: [String] = []
        if reader.require("kind", "yes_no"), let name = reader.string("kind") {
            switch name {
            case "yes_no": kind = .yesNo
            case "one_of":
                own = ["choices"]
                kind = choices().map { .oneOf($0) }
            case "date", "time", "date_time":
                own = name == "date_time" ? ["within", "prompt_date", "prompt_time"] : ["within"]
                kind = name == "date" ? .date : name == "time" ? .time : .dateTime
            case "digits":
                own = ["length"]
                hangover = 1_000  // people breathe between groups of digits
                kind = .digits(length(1...40) ?? 1...40)
            case "phone":
                own = ["country", "length"]
                hangover = 1_000
                kind = .phone(country: country(), length: reader.integer("length", in: 7...15) ?? 10)
            case "free_text":
                hangover = 800
                kind = .freeText
            default:
                own = ["choices", "within", "prompt_date", "prompt_time", "length", "country"]
                let kinds = ["yes_no", "one_of", "date", "time", "date_time", "digits", "phone", "free_text"]
                let near = reader.issues.nearest(to: name, among: kinds).map { "did you mean `\($0)`?" }
                reader.fail(
                    "kind",
                    "`\(name.prefix(40))` is no kind of answer; "
                        + (near ?? "there are \(kinds.joined(separator: ", "))"))
            }
        }
        reader.finish(allowed: common + own)
        guard reader.require("prompt", "Which day suits you?"), let prompt = reader.template("prompt"), let slot,
            let kind
        else { return nil }
        return (
            .ask(
                AskStep(
                    slot: slot, kind: kind, prompt: prompt, reprompts: reader.templates("reprompt"),
                    timePrompt: reader.template("prompt_time"), datePrompt: reader.template("prompt_date"),
                    acknowledgement: reader.template("acknowledge"), confirmation: confirmation(slot),
                    retries: reader.integer("retries", in: 0...10) ?? 2, onFailure: reader.name("on_failure"),
                    listening: listening(hangover: hangover), hours: hours(),
                    label: reader.string("label") ?? "the " + slot.replacing("_", with: " "))),
            next
        )
    }

    /// `confirm: true` reads the value back in words of our own; a text in the flow's.
    private func confirmation(_ slot: String) -> Template? {
        guard let text = reader.string("confirm"), text != "false" else { return nil }
        if text == "true" { return Template(parts: [.value(.slot(slot), nil), .text(". Is that right?")]) }
        return reader.template("confirm")
    }

    private func choices() -> [FlowChoice]? {
        guard reader.require("choices", ""), let node = reader.node("choices") else { return nil }
        guard case .sequence(let list) = node, !list.isEmpty, list.count <= 50 else {
            reader.fail("choices", "should be a list of 1 to 50 choices; each begins with `- value: name`")
            return nil
        }
        var keys: [String: String] = [:]
        var owners: [String: String] = [:]
        var values: Set<String> = []
        return list.compactMap { item -> FlowChoice? in
            if case .scalar(let scalar) = item { return FlowChoice(value: scalar.string) }
            guard let entry = FlowReader(item, path: reader.path(of: "choices"), issues: reader.issues) else {
                return nil
            }
            entry.finish(allowed: ["value", "say", "synonyms", "key"])
            guard entry.require("value", "cleaning"), let value = entry.name("value") else { return nil }
            if !values.insert(value).inserted { entry.fail("value", "`\(value)` is a choice already") }
            let key = entry.string("key")
            if let key {
                if key.count != 1 || !"0123456789*".contains(key) {
                    entry.fail(
                        "key",
                        "`\(key.prefix(40))` should be one key: 0 to 9 or `*` (in quotes); `#` ends what is keyed")
                } else if let other = keys[key] {
                    entry.fail("key", "`\(key)` chooses `\(other)` already")
                }
                keys[key] = value
            }
            let choice = FlowChoice(
                value: value, spoken: entry.string("say"), key: key,
                synonyms: entry.templates("synonyms").map { $0.rendered { _, _ in "" } })
            for phrase in choice.phrases {
                let joined = phrase.joined(separator: " ")
                if let other = owners[joined], other != value {
                    entry.fail("synonyms", "`\(joined)` means `\(other)` already; a phrase can mean one choice")
                }
                owners[joined] = value
            }
            return choice
        }
    }

    private func length(_ whole: ClosedRange<Int>) -> ClosedRange<Int>? {
        guard let text = reader.string("length") else { return nil }
        let ends = text.split(separator: "-").map { Int($0) }
        if let low = ends.first ?? nil, let high = ends.last ?? nil, ends.count <= 2, low <= high, whole.contains(low),
            whole.contains(high)
        {
            return low...high
        }
        reader.fail(
            "length",
            "`\(text.prefix(40))` should be a number of digits, such as `4` or `4-8`, at most \(whole.upperBound)")
        return nil
    }

    private func country() -> String? {
        guard let text = reader.string("country") else { return nil }
        let digits = text.hasPrefix("+") ? String(text.dropFirst()) : text
        guard NumberWords.isDigits(digits), digits.count <= 3, !digits.hasPrefix("0") else {
            reader.fail("country", "`\(text.prefix(40))` should be a country code, such as `44`")
            return nil
        }
        return digits
    }

    private func hours() -> OpeningHours? {
        guard let text = reader.string("within") else { return nil }
        do {
            return try OpeningHours(text)
        } catch {
            reader.fail("within", error.message)
            return nil
        }
    }

    private func confirm() -> (FlowStep.Kind, String?)? {
        reader.finish(allowed: [
            "id", "confirm", "reprompt", "prompt_change", "on_no", "retries", "on_failure", "interruptible", "hangover",
            "next",
        ])
        let next = next()
        guard let text = reader.template("confirm") else { return nil }
        return (
            .confirm(
                ConfirmStep(
                    text: text, reprompts: reader.templates("reprompt"), changePrompt: reader.template("prompt_change"),
                    onNo: reader.name("on_no"), retries: reader.integer("retries", in: 0...10) ?? 2,
                    onFailure: reader.name("on_failure"), listening: listening(), slots: [])),
            next
        )
    }

    private func branch() -> (FlowStep.Kind, String?)? {
        reader.finish(allowed: ["id", "branch"])
        guard case .sequence(let list)? = reader.node("branch"), !list.isEmpty else {
            reader.fail(
                "branch", "should be a list of `- when: {slot: value}` with `next: step`, and last `- else: step`")
            return nil
        }
        var arms: [BranchStep.Arm] = []
        var otherwise: String?
        for (index, item) in list.enumerated() {
            guard let entry = FlowReader(item, path: reader.path(of: "branch"), issues: reader.issues) else { continue }
            if entry.has("else") {
                entry.finish(allowed: ["else"])
                if index != list.count - 1 { entry.fail("else", "should be the last of the branch") }
                otherwise = entry.name("else")
                continue
            }
            entry.finish(allowed: ["when", "next", "else"])
            guard entry.require("when", "{slot: value}"), let node = entry.node("when"),
                entry.require("next", "goodbye"),
                let next = entry.name("next"),
                let when = FlowReader(node, path: entry.path(of: "when"), issues: reader.issues)
            else { continue }
            arms.append(BranchStep.Arm(conditions: conditions(node, when), next: next))
        }
        guard let last = list.last, case .mapping(let mapping) = last, mapping["else"] != nil else {
            reader.fail("branch", "has no `- else: step` at its end; say where to go when nothing fits")
            return nil
        }
        guard let otherwise else { return nil }
        return (.branch(BranchStep(arms: arms, otherwise: otherwise)), nil)
    }

    private func conditions(_ node: Node, _ when: FlowReader) -> [(slot: String, values: [String])] {
        guard case .mapping(let mapping) = node else { return [] }
        if mapping.isEmpty { when.issues.add(when.line, when.path, "is empty; write `{slot: value}`") }
        return mapping.compactMap { key, value in
            guard case .scalar(let slot) = key else { return nil }
            switch value {
            case .scalar(let scalar): return (slot.string, [scalar.string])
            case .sequence(let items):
                return (
                    slot.string, items.compactMap { if case .scalar(let scalar) = $0 { scalar.string } else { nil } }
                )
            default:
                when.fail(slot.string, "should be a value, or a list of values")
                return nil
            }
        }
    }

    private func action() -> (FlowStep.Kind, String?)? {
        reader.finish(allowed: [
            "id", "action", "arguments", "results", "say_before", "on_refused", "on_failed", "next",
        ])
        let next = next()
        var arguments = TemplateTree.object([])
        var lines: [String: Int] = [:]
        if let node = reader.node("arguments") {
            if case .mapping = node {
                var budget = 200
                arguments = tree(node, depth: 0, budget: &budget) ?? arguments
                lines = Self.lines(of: node)
            } else {
                reader.fail("arguments", "should be names and values")
            }
        }
        let failed = reader.require("on_failed", "sorry") ? reader.name("on_failed") : nil
        let refused = reader.has("on_refused") ? reader.name("on_refused") : failed
        guard let name = reader.name("action") else { return nil }
        if name == ConsentStep.action {
            reader.fail("action", "consent is asked for and recorded by a `consent` step")
        }
        guard let failed, let refused else { return nil }
        return (
            .action(
                ActionStep(
                    name: name, arguments: arguments, argumentLines: lines, results: results(),
                    sayBefore: reader.template("say_before"), onRefused: refused, onFailed: failed)),
            next
        )
    }

    /// Where each argument stands, by its name.
    private static func lines(of node: Node) -> [String: Int] {
        guard case .mapping(let mapping) = node else { return [:] }
        let lines = mapping.compactMap { key, _ in key.mark.map { (key.scalar?.string ?? "", $0.line) } }
        return Dictionary(lines) { first, _ in first }
    }

    private func results() -> [String] {
        guard let node = reader.node("results") else { return [] }
        guard case .sequence(let list) = node, list.count <= ResultMapping.mostFields else {
            reader.fail(
                "results", "should be a list of names, such as `[first_free]`, at most \(ResultMapping.mostFields)")
            return []
        }
        return list.compactMap { item in
            guard case .scalar(let scalar) = item, FlowReader.isName(scalar.string) else {
                reader.fail("results", "should hold names of letters, digits, `_` and `-` alone")
                return nil
            }
            return scalar.string
        }
    }

    /// Bounded in depth and size: aliases in YAML can make a small file a huge tree.
    private func tree(_ node: Node, depth: Int, budget: inout Int) -> TemplateTree? {
        budget -= 1
        guard depth <= 8, budget >= 0 else {
            if budget == -1 || depth == 9 {
                reader.fail("arguments", "holds more than 200 values, or is nested more than 8 deep")
            }
            budget = min(budget, -2)
            return nil
        }
        switch node {
        case .mapping(let mapping):
            var members: [(String, TemplateTree)] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key, let value = tree(value, depth: depth + 1, budget: &budget) else {
                    continue
                }
                members.append((name.string, value))
            }
            return .object(members)
        case .sequence(let sequence):
            var items: [TemplateTree] = []
            for item in sequence {
                if let item = tree(item, depth: depth + 1, budget: &budget) { items.append(item) }
            }
            return .list(items)
        case .scalar(let scalar):
            if scalar.style == .plain {
                if scalar.string == "true" || scalar.string == "false" { return .boolean(scalar.string == "true") }
                if let number = Int(scalar.string), String(number) == scalar.string { return .number(number) }
            }
            do {
                return .string(try Template(scalar.string))
            } catch {
                reader.issues.add(node.mark?.line ?? reader.line, reader.path(of: "arguments"), error.message)
                return nil
            }
        case .alias:
            reader.fail("arguments", "should not use YAML aliases; write the value out")
            return nil
        }
    }

    private func consent() -> (FlowStep.Kind, String?)? {
        reader.finish(allowed: ["id", "consent", "channel", "number", "reprompt", "on_no", "on_failed", "next"])
        let next = next()
        let onNo = reader.require("on_no", "goodbye") ? reader.name("on_no") : nil
        guard let wording = reader.template("consent"), let text = reader.string("consent"), let onNo else {
            return nil
        }
        let hash = String(CallReference.fingerprint(text), radix: 16)
        return (
            .consent(
                ConsentStep(
                    wording: wording, version: String(repeating: "0", count: 16 - hash.count) + hash,
                    channel: reader.string("channel") ?? "", number: reader.template("number"),
                    reprompt: reader.template("reprompt"), onNo: onNo,
                    onFailed: reader.has("on_failed") ? reader.name("on_failed") ?? onNo : onNo)),
            next
        )
    }

    private func transfer() -> (FlowStep.Kind, String?)? {
        reader.finish(allowed: ["id", "transfer", "say_before"])
        guard let target = reader.name("transfer") else { return nil }
        return (.transfer(target: target, reader.template("say_before")), nil)
    }

    private func end() -> (FlowStep.Kind, String?)? {
        reader.finish(allowed: ["id", "end"])
        guard let text = reader.string("end") else { return nil }
        return (.end(text == "true" ? nil : reader.template("end")), nil)
    }
}

/// The names that a file declares, read before anything else: a step's way on may be the step below it, and a step that
/// is wrong in itself is still there.
struct FlowDeclarations {
    /// The id of each step in the file's order; `nil` where it has none.
    private(set) var order: [String?] = []
    private(set) var ids: Set<String> = []
    /// What a template or a condition may name.
    private(set) var values: Set<String> = []

    init(_ list: Node.Sequence) {
        for node in list {
            let id = Self.text(node, "id")
            order.append(id)
            if let id { ids.insert(id) }
            if let slot = Self.text(node, "ask") {
                values.insert(slot)
                // Of an unknown kind, it may have been meant to have both.
                let kinds: Set<String> = ["yes_no", "one_of", "date", "time", "digits", "phone", "free_text"]
                if !kinds.contains(Self.text(node, "kind") ?? "") {
                    values.formUnion([slot + ".date", slot + ".time"])
                }
            }
            if let id, Self.text(node, "consent") != nil { values.insert(id) }
            values.formUnion(Self.texts(node, "results"))
        }
    }

    private static func texts(_ node: Node, _ key: String) -> [String] {
        guard case .mapping(let mapping) = node, case .sequence(let list)? = mapping[key] else { return [] }
        return list.compactMap { if case .scalar(let scalar) = $0 { scalar.string } else { nil } }
    }

    private static func text(_ node: Node, _ key: String) -> String? {
        guard case .mapping(let mapping) = node, case .scalar(let scalar)? = mapping[key] else { return nil }
        return scalar.string
    }
}
