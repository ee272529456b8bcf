import ParleyCore

extension TextAction {
    /// What a template may read: `.parameters`, `.variables`, `.contact` and `.call`.
    private static let roots = ["parameters", "variables", "contact", "call"]
    private static let contact = ["name", "number"]
    private static let call = ["id", "reference"]

    /// Everything that a template reads and that can never be there, each with its place: a text with a hole is never
    /// sent, so such a template would never send one.
    ///
    /// - Parameter parameters: the schema of what the agent gives; `nil`: nothing.
    public static func faults(in template: Template, parameters: JSONSchema?) -> [TemplateFault] {
        template.fields.enumerated().compactMap { index, path in
            fault(in: path, parameters: parameters).map { template.fault(field: index, $0) }
        }
    }

    private static func fault(in path: [String], parameters: JSONSchema?) -> String? {
        guard let root = path.first else { return nil }
        let names = Array(path.dropFirst())
        switch root {
        case "parameters":
            guard let parameters else {
                if names.isEmpty { return nil }
                return "\(TemplatePaths.label(path).inFault) is not there; the action has no parameters"
            }
            return fault(in: names, of: parameters, at: ["parameters"])
        case "variables": return nil
        case "contact", "call":
            let known = root == "contact" ? contact : call
            guard let name = names.first else { return nil }
            if !known.contains(name) { return unknown(name, in: [root], among: known) }
            return names.count > 1
                ? "\(TemplatePaths.label(path).inFault) is not there; `.\(root).\(name)` is text" : nil
        default: return unknown(root, in: [], among: roots)
        }
    }

    /// Follows the names as far as the schema gives them.
    private static func fault(in names: [String], of schema: JSONSchema, at path: [String]) -> String? {
        guard let name = names.first, schema.isClosedObject else { return nil }
        guard let property = schema.property(name) else {
            return unknown(name, in: path, among: schema.properties)
        }
        return fault(in: Array(names.dropFirst()), of: property, at: path + [name])
    }

    private static func unknown(_ name: String, in path: [String], among known: [String]) -> String {
        let problem = "\(TemplatePaths.label(path + [name]).inFault) is not there"
        func written(_ name: String) -> String { "`\(TemplatePaths.label(path + [name]))`" }
        if let near = EditDistance.nearest(to: name, among: known) {
            return "\(problem); did you mean \(written(near))?"
        }
        // What stands at the root is most often meant to be a parameter.
        if path.isEmpty { return "\(problem); did you mean `\(TemplatePaths.label(["parameters", name]))`?" }
        let shown = known.prefix(12).map(written).joined(separator: ", ")
        return shown.isEmpty ? "\(problem); its object is empty" : "\(problem); there are \(shown)"
    }
}

extension JSONSchema {
    /// Whether a name that `properties` lacks can never be there.
    var isClosedObject: Bool { types == [.object] && object.others == .refused }
}
