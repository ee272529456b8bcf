import Foundation
import ParleyCore
import Yams

/// Reads a flow file, strictly: all that is wrong with it comes back at once, each with file, line and key.
public enum FlowLoader {
    /// - Parameters:
    ///   - text: the file's content, at most 1 MiB.
    ///   - file: its name, for messages.
    public static func load(text: String, file: String) throws(FlowErrors) -> Flow {
        let issues = FlowIssues(file: file)
        var loaded: Flow?
        if let root = compose(text, issues) { loaded = read(root, issues) }
        guard issues.found.isEmpty, var flow = loaded else { throw FlowErrors(issues: issues.sorted) }
        flow.source = text
        flow.warnings = FlowWarnings(flow: flow).found
        return flow
    }

    private static func compose(_ text: String, _ issues: FlowIssues) -> Node? {
        guard text.utf8.count <= 1 << 20 else {
            issues.add(1, "", "the file is larger than 1 MiB; a flow is a few pages")
            return nil
        }
        if let alias = YAMLAlias.first(in: text) {
            issues.add(alias.line, "", alias.problem)
            return nil
        }
        do {
            if let root = try Yams.compose(yaml: text) { return root }
            issues.add(1, "", "the file is empty; a flow has `settings` and `steps`")
        } catch {
            report(error, issues)
        }
        return nil
    }

    private static func report(_ error: any Error, _ issues: FlowIssues) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let isTab = problem.contains("cannot start any token")
            issues.add(
                mark.line, "", "this is not YAML: \(problem)\(isTab ? "; a tab? YAML indents with spaces" : "")")
        case .duplicatedKeysInMapping(let found, let context):
            let duplicates = YAMLDuplicates(found, line: context.mark.line)
            for key in duplicates.names { issues.add(duplicates.line ?? 1, key, "is given twice") }
        case .reader(let problem, _, _, _):
            issues.add(1, "", "this is not YAML: \(problem)")
        default:
            issues.add(1, "", "this is not YAML")
        }
    }

    private static func read(_ root: Node, _ issues: FlowIssues) -> Flow? {
        guard let top = FlowReader(root, path: "", issues: issues) else { return nil }
        top.finish(allowed: ["settings", "steps"])
        var settings: FlowSettings?
        if top.require("settings", ""), let node = top.node("settings") { settings = readSettings(node, issues) }
        guard top.require("steps", "") else { return nil }
        guard case .sequence(let list)? = top.node("steps") else {
            top.fail("steps", "should be a list; each step begins with `- id: name`")
            return nil
        }
        guard !list.isEmpty, list.count <= 500 else {
            top.fail("steps", list.isEmpty ? "is empty; a flow has at least one step" : "has more than 500 steps")
            return nil
        }
        let declared = FlowDeclarations(list)
        let steps = FlowStepReader.read(list, declared, issues)
        // Wrong settings do not hide what is wrong with the steps.
        let unnamed = FlowSettings(
            name: "", timeZone: .gmt, language: "en", operatorTarget: nil, isGreetingProtected: false, lines: [:])
        var flow = Flow(file: issues.file, settings: settings ?? unnamed, steps: steps)
        for (index, step) in steps.enumerated() where flow.positions[step.id] == nil { flow.positions[step.id] = index }
        for index in flow.steps.indices {
            guard case .confirm(var confirm) = flow.steps[index].kind else { continue }
            let read = Set(confirm.text.slots.map { $0.split(separator: ".").first.map(String.init) ?? $0 })
            var seen: Set<String> = []
            confirm.slots = flow.slotNames.filter { read.contains($0) && seen.insert($0).inserted }
            flow.steps[index].kind = .confirm(confirm)
        }
        FlowChecks(flow: flow, declared: declared, issues: issues).run()
        return flow
    }

    private static func readSettings(_ node: Node, _ issues: FlowIssues) -> FlowSettings? {
        guard let reader = FlowReader(node, path: "settings", issues: issues) else { return nil }
        reader.finish(allowed: [
            "name", "time_zone", "language", "operator", "protect_greeting", "help", "about", "goodbye",
            "welcome_back",
        ])
        let language = reader.string("language") ?? "en"
        if language != "en", !language.hasPrefix("en-") {
            reader.fail("language", "`\(language.prefix(40))` is not understood yet; `en` is")
        }
        var zone: TimeZone?
        if reader.require("time_zone", "Europe/London"), let name = reader.string("time_zone") {
            zone = timeZone(name)
            if zone == nil {
                let near = issues.nearest(to: name, among: TimeZone.knownTimeZoneIdentifiers)
                reader.fail(
                    "time_zone",
                    "`\(name.prefix(40))` is no time zone; "
                        + (near.map { "did you mean `\($0)`?" } ?? "write for example `Europe/London`"))
            }
        }
        guard reader.require("name", "Bright Smile Dental") else { return nil }
        guard let name = reader.string("name"), let zone else { return nil }
        return FlowSettings(
            name: name, timeZone: zone, language: language, operatorTarget: reader.name("operator"),
            isGreetingProtected: reader.boolean("protect_greeting") ?? false, help: reader.template("help"),
            about: reader.template("about"), goodbye: reader.template("goodbye"),
            welcomeBack: reader.templates("welcome_back"), lines: reader.lines)
    }

    /// By its full name: abbreviations such as `EST` name different zones in different places.
    private static func timeZone(_ name: String) -> TimeZone? {
        guard name == "UTC" || name.contains("/") else { return nil }
        return TimeZone(identifier: name)
    }
}
