import ParleyActions
import ParleyCore

extension Flow {
    /// What the flow asks for that is not to be had, whatever a caller says: actions that nobody knows, arguments that an
    /// action refuses, results that it does not give.
    ///
    /// - Parameters:
    ///   - registry: what may be asked for.
    ///   - source: the file that names the actions; `nil`: there is none.
    /// - Throws: all of it, in the flow's order.
    public func check(against registry: ActionRegistry, of source: String?) throws(FlowErrors) {
        let checks = FlowActionChecks(registry: registry, source: source, issues: FlowIssues(file: file))
        for step in steps {
            guard case .action(let action) = step.kind else { continue }
            checks.check(action, step)
        }
        let issues = checks.issues.sorted
        if !issues.isEmpty { throw FlowErrors(issues: issues) }
    }
}

/// Holds the actions of a flow's steps against those that are configured.
private struct FlowActionChecks {
    let registry: ActionRegistry
    let source: String?
    let issues: FlowIssues

    func check(_ action: ActionStep, _ step: FlowStep) {
        guard let schema = registry.parameters(of: action.name) else {
            // What happens in a call may bring nothing about.
            if TextAction.Trigger(rawValue: action.name) == nil { unknown(action, step) }
            return
        }
        for fault in schema.faults(in: action.arguments.draft) { report(fault, action, step) }
        let known = registry.webhook(named: action.name)?.result.fields.map(\.name) ?? []
        for result in action.results where !known.contains(result) {
            issues.add(
                step.line(of: "results"), "steps.\(step.id).results",
                "`\(result)` is nothing that \(action.name) gives; "
                    + (known.isEmpty ? "it has no `result`" : "it gives \(known.joined(separator: ", "))"))
        }
    }

    private func unknown(_ action: ActionStep, _ step: FlowStep) {
        let known = (registry.names + TextAction.Trigger.allCases.map(\.rawValue)).sorted()
        let place = source.map { "\($0) has no action of that name" } ?? "there is no messaging.file"
        let near = issues.nearest(to: action.name, among: known).map { "did you mean `\($0)`?" }
        issues.add(
            step.line(of: "action"), "steps.\(step.id).action",
            "`\(action.name)` is not known, and \(place); "
                + (near ?? "known here: \(known.joined(separator: ", "))"))
    }

    private func report(_ fault: SchemaFault, _ action: ActionStep, _ step: FlowStep) {
        let first = fault.place.prefix { $0 != "." && $0 != "[" }
        let line = action.argumentLines[fault.place] ?? action.argumentLines[String(first)]
        let key = "steps.\(step.id).arguments" + (fault.place.isEmpty ? "" : ".\(fault.place)")
        let message: String
        switch fault.problem {
        case .wants(let wants): message = "\(wants); as it stands every call is refused by \(action.name)"
        case .unknownParameter(let names):
            let name = fault.place.split(separator: ".").last.map(String.init) ?? ""
            let near = issues.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
            let takes = names.isEmpty ? "takes none" : "takes \(names.joined(separator: ", "))"
            message = "is no parameter of \(action.name); " + (near ?? "it \(takes)")
        }
        issues.add(line ?? step.line(of: "arguments"), key, message)
    }
}

extension TemplateTree {
    /// As far as it is known before a call.
    fileprivate var draft: ValueDraft {
        switch self {
        case .string(let template):
            template.isOpen ? .text : .known(.string(template.rendered { _, _ in "" }))
        case .number(let number): .known(.number(JSON.Decimal(number)))
        case .boolean(let value): .known(.boolean(value))
        case .list(let items): .list(items.map(\.draft))
        case .object(let members):
            .object(Dictionary(members.map { ($0.0, $0.1.draft) }) { first, _ in first })
        }
    }
}

extension Template {
    /// Whether a call's values are part of it.
    fileprivate var isOpen: Bool {
        parts.contains { if case .value = $0 { true } else { false } }
    }
}
