import ParleyActions
import Yams

/// Reads the templates of one action.
struct MessagingTemplates {
    /// Longest template, in characters; what it becomes is measured when it is rendered.
    private static let maxLength = 4_000

    let fields: SettingsFields
    /// What `.parameters` has; `nil`: nothing.
    let parameters: JSONSchema?

    /// For parameters that are wrong themselves: what they have is not known, so everything is taken.
    static let anyParameters = try? JSONSchema(
        .object(["type": .string("object"), "additionalProperties": .boolean(true)]))

    /// - Returns: `nil` where the key is not there or its text is empty, and where it is wrong, which is an issue then.
    func template(_ key: String) -> Template? {
        guard let node = fields.node(key) else { return nil }
        return template(node, line: fields.line(of: key), path: fields.path(of: key))
    }

    func isWritten(_ key: String) -> Bool {
        guard let node = fields.node(key) else { return false }
        return !Self.isEmpty(node)
    }

    /// By language tag.
    func templates(_ key: String) -> [String: Template] {
        guard let list = fields.fields(key) else { return [:] }
        var templates: [String: Template] = [:]
        for entry in list.entries {
            if !LanguageTag.isOne(entry.name) {
                list.fail(entry.name, "is not a language tag", mend: "write for example es, or pt-BR")
            } else if templates.keys.contains(where: { $0.lowercased() == entry.name.lowercased() }) {
                list.fail(entry.name, "is given twice", mend: "keep one text for each language")
            } else if Self.isEmpty(entry.value) {
                list.fail(entry.name, "is empty", mend: "write the text, or leave the language out")
            }
            let path = list.path(of: entry.name)
            if let template = template(entry.value, line: entry.line, path: path) { templates[entry.name] = template }
        }
        return templates
    }

    /// Whether all that these read can be there; what cannot is an issue.
    ///
    /// - Parameter key: where they stand, somewhere below it.
    func areKnown(_ templates: [Template], of key: String) -> Bool {
        let faults = templates.flatMap { TextAction.faults(in: $0, parameters: parameters) }
        for fault in faults { report(WebhookFault(fault), of: key) }
        return faults.isEmpty
    }

    /// What is wrong somewhere below a key.
    func report(_ fault: WebhookFault, of key: String) {
        let path = fields.path(of: key)
        let place = fault.place.hasPrefix(path) ? fault.place : path
        let pointer = place.dropFirst(path.count).replacing(".", with: "/")
        let line = fields.node(key).flatMap { YAMLValue.line(of: String(pointer), in: $0) }
        fields.issues.add(
            max(line ?? 0, fields.line(of: key)), place, fault.problem, mend: fault.mend)
    }

    private static func isEmpty(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node else { return false }
        return SettingsFields.isNull(scalar) || scalar.string.allSatisfy(\.isWhitespace)
    }

    private func template(_ node: Node, line: Int, path: String) -> Template? {
        guard case .scalar(let scalar) = node else {
            fields.issues.add(line, path, "is not text", mend: "write the text in quotes")
            return nil
        }
        if Self.isEmpty(node) { return nil }
        guard scalar.string.count <= Self.maxLength else {
            fields.issues.add(
                line, path, "is longer than \(Self.maxLength) characters",
                mend: "make it shorter; a text is a few lines")
            return nil
        }
        let start = node.mark?.line ?? line
        do throws(TemplateFault) {
            let template = try Template(scalar.string, name: path)
            let faults = TextAction.faults(in: template, parameters: parameters)
            for fault in faults { report(fault, in: scalar, from: start, path) }
            return faults.isEmpty ? template : nil
        } catch {
            report(error, in: scalar, from: start, path)
            return nil
        }
    }

    /// A block keeps its lines; in quotes, lines are folded, and only the first one is sure.
    private func report(_ fault: TemplateFault, in scalar: Node.Scalar, from line: Int, _ path: String) {
        let isBlock = scalar.style == .literal
        let parts = fault.message.split(separator: "; ", maxSplits: 1)
        fields.issues.add(
            isBlock ? line + fault.line : line, path, "column \(fault.column) of the text: \(parts.first ?? "")",
            mend: parts.count > 1 ? String(parts[1]) : "mend the template")
    }
}
