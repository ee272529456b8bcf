import ParleyCore
import Yams

/// Walks the nodes of a strict YAML file; every error knows its line and its key.
package struct YAMLFields {
    let file: String

    package init(file: String) { self.file = file }

    /// The top of a file's text.
    ///
    /// - Parameter need: what an empty file is told that it needs.
    package func root(of yaml: String, need: String) throws(CallScriptError) -> Node {
        if let alias = YAMLAlias.first(in: yaml) {
            throw CallScriptError(file: file, line: alias.line, key: "", problem: alias.problem)
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw syntax(error)
        } catch {
            throw CallScriptError(file: file, line: 0, key: "", problem: "\(error)")
        }
        guard let root else {
            throw CallScriptError(file: file, line: 1, key: "", problem: "is empty; it needs `\(need)`")
        }
        return root
    }

    package func string(_ node: Node, _ key: String) throws(CallScriptError) -> String {
        guard let scalar = node.scalar else { throw fail(node, key, "must be a single value") }
        return scalar.string
    }

    package func whole(_ node: Node, _ key: String, _ range: ClosedRange<Int>) throws(CallScriptError) -> Int {
        let text = try string(node, key)
        guard let number = Int(text), range.contains(number) else {
            throw fail(node, key, "`\(text)` must be a whole number, \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func duration(_ node: Node, _ key: String, upTo longest: CallTime) throws(CallScriptError) -> CallTime {
        let text = try string(node, key)
        guard let time = CallTime(written: text) else {
            throw fail(node, key, "`\(text)` is no duration; write 600ms, 3s or 2m")
        }
        guard time <= longest else {
            throw fail(node, key, "`\(text)` is more than a call lasts; \(longest.milliseconds / 1_000)s at most")
        }
        return time
    }

    /// The values of a mapping whose keys are all known.
    package func mapping(_ node: Node, _ key: String, _ known: [String]) throws(CallScriptError) -> [String: Node] {
        guard let pairs = node.mapping else { throw fail(node, key, "must be `key: value` pairs") }
        var fields: [String: Node] = [:]
        for (keyNode, value) in pairs {
            let name = try string(keyNode, key)
            guard known.contains(name) else {
                let near = EditDistance.nearest(to: name, among: known).map { "did you mean `\($0)`? " } ?? ""
                throw fail(keyNode, name, "unknown key; \(near)known here: \(known.joined(separator: ", "))")
            }
            fields[name] = value
        }
        return fields
    }

    package func fail(_ node: Node, _ key: String, _ problem: String) -> CallScriptError {
        CallScriptError(file: file, line: node.mark?.line ?? 0, key: key, problem: problem)
    }

    private static func twice(_ duplicates: YAMLDuplicates) -> (Int, String) {
        (duplicates.line ?? 0, "written twice: \(duplicates.names.joined(separator: ", "))")
    }

    private func syntax(_ error: YamlError) -> CallScriptError {
        let (line, problem): (Int, String) =
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, problem)
            case .duplicatedKeysInMapping(let found, let context):
                Self.twice(YAMLDuplicates(found, line: context.mark.line))
            default: (0, "\(error)")
            }
        return CallScriptError(file: file, line: line, key: "", problem: problem)
    }
}
