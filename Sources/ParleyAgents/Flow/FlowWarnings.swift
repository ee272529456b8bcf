/// What a flow may do and probably should not: found by following every way through it.
struct FlowWarnings {
    /// Stands for "the caller agreed to be texted" among the values that are settled.
    static let granted = "consent granted"

    let flow: Flow

    var found: [FlowIssue] {
        guard let first = flow.steps.first else { return [] }
        let settled = settledBefore(first)
        var issues: [FlowIssue] = []
        for step in flow.steps {
            guard let values = settled[step.id] else {
                issues.append(issue(step, "id", "nothing leads to this step"))
                continue
            }
            for (template, key) in step.templates {
                let own = step.ask.map { ["acknowledge", "confirm"].contains(key) ? [$0.slot] : [] } ?? []
                for slot in template.slots {
                    let base = slot.split(separator: ".").first.map(String.init) ?? slot
                    if !values.contains(base), !own.contains(base), flow.step(base) == nil {
                        issues.append(
                            issue(
                                step, key, "`{{\(slot)}}` may be empty here: a way leads here that does not ask for it")
                        )
                    }
                }
            }
            if case .action(let action) = step.kind, action.name == "send_sms", !values.contains(Self.granted) {
                issues.append(
                    issue(step, "action", "a way leads here without a `consent` step; that text will be refused"))
            }
        }
        return issues.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    }

    private func issue(_ step: FlowStep, _ key: String, _ message: String) -> FlowIssue {
        FlowIssue(file: flow.file, line: step.line(of: key), key: "steps.\(step.id).\(key)", message: message)
    }

    /// What is settled on every way to a step; no entry where no way leads to it.
    private func settledBefore(_ first: FlowStep) -> [String: Set<String>] {
        var settled: [String: Set<String>] = [first.id: []]
        var waiting = [first.id]
        while let id = waiting.popLast() {
            guard let step = flow.step(id), let values = settled[id] else { continue }
            for way in flow.ways(from: step) where flow.positions[way.target] != nil {
                var after = values
                after.formUnion(way.fills)
                if let known = settled[way.target] { after.formIntersection(known) }
                if settled[way.target] != after {
                    settled[way.target] = after
                    waiting.append(way.target)
                }
            }
        }
        return settled
    }
}
