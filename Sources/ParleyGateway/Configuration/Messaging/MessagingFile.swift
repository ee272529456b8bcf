import Foundation
import ParleyActions
import ParleyCore
import ParleyMessaging
import Yams

/// Reads a messaging file (`messaging.file`), strictly: all that is wrong with it comes back at once.
public enum MessagingFile {
    private static let maxBytes = 1 << 20
    private static let keys = [
        "channels", "actions", "opt_out", "events", "quiet_hours", "caps", "outbox", "short_links", "retention",
    ]

    /// - Parameter environment: where the secrets are that the file names.
    /// - Throws: all that is wrong with it, each with file, line, key and the mend.
    public static func load(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationErrors) -> MessagingSetup {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw fault(
                path, "cannot be read", mend: "check `messaging.file`, or leave it out to send nothing")
        }
        guard data.count <= maxBytes, let text = String(validating: data, as: UTF8.self) else {
            throw fault(path, "is not UTF-8 text of at most 1MiB", mend: "point `messaging.file` at a messaging file")
        }
        // Some editors put a byte order mark in front, which the parser takes for text.
        return try parse(
            text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, file: path, environment: environment)
    }

    /// Reads the text of a messaging file; `file` is its name in errors.
    public static func parse(
        _ text: String, file: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> MessagingSetup {
        if let alias = YAMLAlias.first(in: text) {
            throw fault(
                file, line: alias.line, "`*\(alias.name)` repeats `&\(alias.name)`, and aliases are not taken",
                mend: "write the value out")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationErrors([syntaxError(error, file: file)])
        }
        guard let root else { throw fault(file, "is empty", mend: "write `channels:` and one channel below it") }
        let issues = MessagingIssues(file: file)
        let setup = MessagingFields(root, path: "", issues: issues).flatMap { read($0, environment: environment) }
        if let errors = issues.errors { throw errors }
        guard let setup else { throw fault(file, "has no channel", mend: "write `channels:` and one channel below it") }
        return setup
    }

    /// - Returns: `nil` where there is no channel to begin with.
    private static func read(_ top: MessagingFields, environment: [String: String]) -> MessagingSetup? {
        top.finish(allowed: keys)
        var channels = MessagingChannels(environment: environment)
        channels.read(top)
        var actions = MessagingActions(channels: channels.names)
        actions.read(top)
        let rules = MessagingRules(top: top, environment: environment)
        let languages = channels.channels.map(\.language) + actions.actions.flatMap { $0.messages.keys.sorted() }
        let optOutLanguages = rules.optOutLanguages(default: languages)
        let (quietHours, caps, outbox) = (rules.quietHours(), rules.caps(), rules.outbox())
        let (shortLinks, retention, eventSecrets) = (rules.shortLinks(), rules.retention(), rules.eventSecrets())
        guard let first = channels.channels.first else { return nil }
        let plan = MessagingPlan(
            first, Array(channels.channels.dropFirst()), accounts: channels.accounts,
            optOutLanguages: optOutLanguages, quietHours: quietHours, caps: caps, outbox: outbox,
            retention: retention, shortLinks: shortLinks, eventSecrets: eventSecrets)
        return MessagingSetup(plan: plan, registry: ActionRegistry(actions.actions))
    }

    private static func fault(
        _ file: String, line: Int? = nil, _ problem: String, mend: String
    ) -> ConfigurationErrors {
        ConfigurationErrors([ConfigurationError(file: file, line: line, key: nil, problem: problem, mend: mend)])
    }
}
