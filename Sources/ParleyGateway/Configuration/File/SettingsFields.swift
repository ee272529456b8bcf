import Yams

/// One YAML mapping of a file of settings, read strictly: a key that `finish` does not know is an error.
struct SettingsFields {
    let issues: SettingsIssues
    /// `channels.clinic-sms`; empty at the top.
    let path: String
    let line: Int
    /// In the file's order.
    private(set) var entries: [(name: String, line: Int, value: Node)] = []

    /// - Returns: `nil`, with an issue, where the node is no mapping. A heading with everything below it commented out
    ///   is an empty one.
    init?(_ node: Node, path: String, line: Int? = nil, issues: SettingsIssues) {
        self.issues = issues
        self.path = path
        self.line = line ?? node.mark?.line ?? 1
        if case .scalar(let scalar) = node, Self.isNull(scalar) { return }
        guard case .mapping(let mapping) = node else {
            issues.add(self.line, path, "should be keys and values", mend: "put one `key: value` a line, indented")
            return nil
        }
        for (key, value) in mapping {
            let keyLine = key.mark?.line ?? self.line
            guard case .scalar(let scalar) = key else {
                issues.add(keyLine, path, "a key is not a word", mend: "write `key: value`")
                continue
            }
            entries.append((scalar.string, keyLine, value))
        }
    }

    func has(_ key: String) -> Bool { entries.contains { $0.name == key } }
    func node(_ key: String) -> Node? { entries.first { $0.name == key }?.value }
    func line(of key: String) -> Int { entries.first { $0.name == key }?.line ?? line }
    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func fail(_ key: String, _ problem: String, mend: String) {
        issues.add(line(of: key), path(of: key), problem, mend: mend)
    }

    /// Says that a key is not there and has to be.
    func miss(_ key: String, _ example: String, because reason: String = "") {
        issues.add(
            line, path(of: key), reason.isEmpty ? "is missing" : "is missing: \(reason)",
            mend: "write for example `\(key): \(example)`")
    }

    /// Says which keys nobody knows, and what was probably meant.
    func finish(allowed: [String]) {
        for entry in entries where !allowed.contains(entry.name) {
            let key = path(of: entry.name)
            if SecretSource.isSuspicious(key: entry.name) || entry.name == "signing" {
                issues.add(
                    entry.line, key, "a secret does not belong in this file",
                    mend: "put it in an environment variable and name that, as in `secret_env: TWILIO_AUTH_TOKEN`")
                continue
            }
            let near = issues.nearest(to: entry.name, among: allowed)
            issues.add(
                entry.line, key, "is not a key",
                mend: near.map { "did you mean `\($0)`?" } ?? "here may stand \(allowed.joined(separator: ", "))")
        }
    }

    /// A mapping below; `nil` where it is not there, or is none.
    func fields(_ key: String) -> SettingsFields? {
        node(key).flatMap { SettingsFields($0, path: path(of: key), line: line(of: key), issues: issues) }
    }

    static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
