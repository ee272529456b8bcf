import ParleyActions
import Yams

/// YAML as JSON, by the types of YAML 1.2: what is plain and reads as a JSON number, `true`, `false` or `null` is one,
/// and `yes`, `no` and everything in quotes is text.
enum YAMLValue {
    /// Deepest nesting that is read.
    static let maxDepth = 64

    /// - Returns: `nil` where a key is not text, a tag is given, or it is nested too deep.
    static func json(_ node: Node, depth: Int = 0) -> JSON? {
        guard depth <= maxDepth else { return nil }
        switch node {
        case .scalar(let scalar): return value(scalar)
        case .sequence(let sequence):
            var values: [JSON] = []
            for entry in sequence {
                guard let value = json(entry, depth: depth + 1) else { return nil }
                values.append(value)
            }
            return .array(values)
        case .mapping(let mapping):
            var members: [String: JSON] = [:]
            for (key, entry) in mapping {
                guard case .scalar(let name) = key, let value = json(entry, depth: depth + 1) else { return nil }
                members[name.string] = value
            }
            return .object(members)
        case .alias: return nil
        }
    }

    private static func value(_ scalar: Node.Scalar) -> JSON {
        guard scalar.style == .plain else { return .string(scalar.string) }
        if SettingsFields.isNull(scalar) { return .null }
        switch scalar.string {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default:
            guard let number = try? JSON(parsing: scalar.string, maxBytes: 64, maxDepth: 1), case .number = number
            else { return .string(scalar.string) }
            return number
        }
    }

    /// The line of what a JSON Pointer leads to, as far as it leads.
    static func line(of pointer: String, in node: Node) -> Int? {
        var node = node
        var line = node.mark?.line
        for token in pointer.split(separator: "/") {
            let name = String(token).replacing("~1", with: "/").replacing("~0", with: "~")
            switch node {
            case .mapping(let mapping):
                guard let entry = mapping.first(where: { $0.key.scalar?.string == name }) else { return line }
                line = entry.key.mark?.line ?? line
                node = entry.value
            case .sequence(let sequence):
                guard let index = Int(name), sequence.indices.contains(index) else { return line }
                node = sequence[index]
                line = node.mark?.line ?? line
            default: return line
            }
        }
        return line
    }
}
