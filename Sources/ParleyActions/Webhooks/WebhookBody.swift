/// The JSON that a webhook carries: a tree whose texts are templates.
///
/// A text that is one value alone, `"{{ .parameters.count }}"`, becomes that value with its type; left out where it is an
/// optional parameter that was not given. Any other template becomes text, so that no value can break out of its place.
public struct WebhookBody: Equatable, Sendable {
    /// Longest body, in bytes.
    public static let maxBytes = 64 * 1_024

    indirect enum Node: Equatable {
        case literal(JSON)
        /// One value and nothing beside it.
        case value(Template, path: [String])
        case text(Template)
        case array([Node])
        case object([String: Node])
    }

    let root: Node
    /// Its templates, in no order.
    public let templates: [Template]

    /// - Parameters:
    ///   - json: as it is written, templates as texts.
    ///   - name: what faults of its templates begin with.
    public init(_ json: JSON, name: String) throws(WebhookFault) {
        var templates: [Template] = []
        root = try Self.node(json, name: name, &templates)
        self.templates = templates
    }

    private static func node(
        _ json: JSON, name: String, _ templates: inout [Template]
    ) throws(WebhookFault) -> Node {
        switch json {
        case .null, .boolean, .number: return .literal(json)
        case .string(let text):
            guard text.contains("{{") else { return .literal(json) }
            let template: Template
            do throws(TemplateFault) {
                template = try Template(text, name: name)
            } catch {
                throw WebhookFault(error)
            }
            templates.append(template)
            return path(in: text).map { .value(template, path: $0) } ?? .text(template)
        case .array(let values):
            var nodes: [Node] = []
            for (index, value) in values.enumerated() {
                nodes.append(try node(value, name: "\(name).\(index)", &templates))
            }
            return .array(nodes)
        case .object(let members):
            var nodes: [String: Node] = [:]
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                guard !key.contains("{{") else {
                    throw WebhookFault(
                        "a template stands in a name", mend: "write names out; values may be templates", at: name)
                }
                nodes[key] = try node(value, name: "\(name).\(key)", &templates)
            }
            return .object(nodes)
        }
    }

    /// The names of `{{ .parameters.count }}` where nothing else is in it.
    private static func path(in text: String) -> [String]? {
        guard text.hasPrefix("{{"), text.hasSuffix("}}"), text.utf8.count > 4 else { return nil }
        var inside = text.dropFirst(2).dropLast(2)
        while inside.first == " " { inside.removeFirst() }
        while inside.last == " " { inside.removeLast() }
        guard inside.first == "." else { return nil }
        let names = inside.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = names.allSatisfy { name in
            !name.isEmpty
                && name.utf8.allSatisfy { $0 == 0x5F || PercentEncoding.isUnreserved($0) && $0 != 0x2D && $0 != 0x7E }
        }
        return isPlain ? names.map(String.init) : nil
    }

    /// - Parameter root: what `.` is in its templates.
    /// - Throws: for a value that is missing and is no optional parameter.
    func json(_ root: JSON) throws(RequestRefusal) -> JSON {
        guard let json = try Self.render(self.root, root) else { throw RequestRefusal(rule: "body: there is none") }
        guard json.canonical.utf8.count <= Self.maxBytes else {
            throw RequestRefusal(rule: "body: longer than \(Self.maxBytes) bytes")
        }
        return json
    }

    /// - Returns: `nil` where the value is left out.
    private static func render(_ node: Node, _ root: JSON) throws(RequestRefusal) -> JSON? {
        switch node {
        case .literal(let json): return json
        case .value(let template, let path):
            if let value = path.reduce(root as JSON?, { $0?[$1] }), value != .null { return value }
            if path.first == "parameters" { return nil }
            return .string(try text(template, root))
        case .text(let template): return .string(try text(template, root))
        case .array(let nodes):
            var values: [JSON] = []
            for node in nodes {
                if let value = try render(node, root) { values.append(value) }
            }
            return .array(values)
        case .object(let nodes):
            var members: [String: JSON] = [:]
            for (name, node) in nodes { members[name] = try render(node, root) }
            return .object(members)
        }
    }

    private static func text(_ template: Template, _ root: JSON) throws(RequestRefusal) -> String {
        do throws(TemplateFault) {
            return try template.render(root)
        } catch {
            throw RequestRefusal(rule: "template: \(error.description)")
        }
    }
}
