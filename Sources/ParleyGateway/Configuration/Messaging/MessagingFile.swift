import Foundation
import ParleyActions
import ParleyMessaging

/// Reads a messaging file (`messaging.file`), strictly: all that is wrong with it comes back at once.
public enum MessagingFile {
    private static let keys = [
        "channels", "actions", "opt_out", "events", "quiet_hours", "caps", "outbox", "short_links", "retention",
    ]

    private static let first = "`channels:` and one channel below it"

    /// - Parameters:
    ///   - sender: who texts where the file has webhooks alone and no channel: nothing leaves, but is written down.
    ///   - environment: where the secrets are that the file names.
    /// - Throws: all that is wrong with it, each with file, line, key and the mend.
    public static func load(
        path: String, sender: String = "Parley",
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationErrors) -> MessagingSetup {
        try read(
            try SettingsFile(path: path, key: "messaging.file", first: first), sender: sender, environment: environment)
    }

    /// Reads the text of a messaging file; `file` is its name in errors.
    public static func parse(
        _ text: String, file: String, sender: String = "Parley", environment: [String: String]
    ) throws(ConfigurationErrors) -> MessagingSetup {
        try read(try SettingsFile(text: text, name: file, first: first), sender: sender, environment: environment)
    }

    private static func read(
        _ file: SettingsFile, sender: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> MessagingSetup {
        let setup = file.fields.flatMap { read($0, sender: sender, environment: environment) }
        if let errors = file.issues.errors { throw errors }
        guard let setup else {
            throw SettingsFile.fault(file.name, "has no channel", mend: "write \(first)")
        }
        return setup
    }

    /// - Returns: `nil` where there is no channel to begin with.
    private static func read(
        _ top: SettingsFields, sender: String, environment: [String: String]
    ) -> MessagingSetup? {
        top.finish(allowed: keys)
        let isChannelless = MessagingActions.areWebhooks(top) && !top.has("channels")
        var channels = MessagingChannels(environment: environment)
        channels.read(top, areNeeded: !isChannelless)
        var actions = MessagingActions(channels: channels.names, environment: environment)
        actions.read(top)
        let rules = MessagingRules(top: top, environment: environment)
        let languages = channels.channels.map(\.language) + actions.actions.flatMap { $0.messages.keys.sorted() }
        let optOutLanguages = rules.optOutLanguages(default: languages)
        let (quietHours, caps, outbox) = (rules.quietHours(), rules.caps(), rules.outbox())
        let (shortLinks, retention, eventSecrets) = (rules.shortLinks(), rules.retention(), rules.eventSecrets())
        let written = isChannelless ? MessagingPlan.recordOnly(sender).defaultChannel : nil
        guard let first = channels.channels.first ?? written else { return nil }
        let plan = MessagingPlan(
            first, Array(channels.channels.dropFirst()), accounts: channels.accounts,
            optOutLanguages: optOutLanguages, quietHours: quietHours, caps: caps, outbox: outbox,
            retention: retention, shortLinks: shortLinks, eventSecrets: eventSecrets)
        return MessagingSetup(
            plan: plan, registry: ActionRegistry(actions.actions, webhooks: actions.webhooks), webhooks: actions.access)
    }
}
