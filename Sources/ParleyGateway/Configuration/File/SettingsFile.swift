import Foundation
import ParleyCore
import Yams

/// A YAML file of settings that the configuration names, as far as its top.
struct SettingsFile {
    private static let maxBytes = 1 << 20

    let name: String
    let root: Node
    let issues: SettingsIssues

    /// - Parameters:
    ///   - key: of the configuration, which names the file.
    ///   - first: what a file that is empty should begin with.
    /// - Throws: what is wrong with it, with the mend.
    init(path: String, key: String, first: String) throws(ConfigurationErrors) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Self.fault(path, "cannot be read", mend: "check `\(key)`, or leave it out")
        }
        guard data.count <= Self.maxBytes, let text = String(validating: data, as: UTF8.self) else {
            throw Self.fault(path, "is not UTF-8 text of at most 1MiB", mend: "check what `\(key)` names")
        }
        // Some editors put a byte order mark in front, which the parser takes for text.
        try self.init(text: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, name: path, first: first)
    }

    /// - Parameter name: of the file, in errors.
    init(text: String, name: String, first: String) throws(ConfigurationErrors) {
        if let alias = YAMLAlias.first(in: text) {
            throw Self.fault(
                name, line: alias.line, "`*\(alias.name)` repeats `&\(alias.name)`, and aliases are not taken",
                mend: "write the value out")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationErrors([syntaxError(error, file: name)])
        }
        guard let root else { throw Self.fault(name, "is empty", mend: "write \(first)") }
        self.name = name
        self.root = root
        issues = SettingsIssues(file: name)
    }

    /// Its settings; `nil`, with an issue, where they are no keys and values.
    var fields: SettingsFields? { SettingsFields(root, path: "", issues: issues) }

    static func fault(
        _ file: String, line: Int? = nil, _ problem: String, mend: String
    ) -> ConfigurationErrors {
        ConfigurationErrors([ConfigurationError(file: file, line: line, key: nil, problem: problem, mend: mend)])
    }
}
