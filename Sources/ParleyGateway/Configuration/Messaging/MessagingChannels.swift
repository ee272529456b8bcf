import ParleyMessaging
import Yams

/// Reads `channels`: by name, the default one first.
struct MessagingChannels {
    private static let keys = [
        "provider", "sender", "sender_name", "footer", "provider_adds_hint", "opt_out_hint", "provider_handles_stop",
        "help", "countries", "link_hosts", "max_segments", "language", "registration",
    ]
    private static let mostChannels = 100
    private static let maxHelp = 480
    private static let maxFooter = 160

    let environment: [String: String]
    /// Those without a fault.
    private(set) var channels: [Channel] = []
    /// All that the file names, for the actions that refer to them.
    private(set) var names: [String] = []
    private(set) var accounts: [String: ProviderAccount] = [:]

    init(environment: [String: String]) { self.environment = environment }

    /// - Parameter areNeeded: something in the file needs one.
    mutating func read(_ top: SettingsFields, areNeeded: Bool = true) {
        guard areNeeded || top.has("channels") else { return }
        guard top.has("channels") else { return top.miss("channels", "{clinic-sms: {sender_name: ...}}") }
        guard let list = top.fields("channels") else { return }
        guard (1...Self.mostChannels).contains(list.entries.count) else {
            return top.fail(
                "channels", "has no channel, or more than \(Self.mostChannels)",
                mend: "write one, as `clinic-sms:`, and its keys below it")
        }
        for entry in list.entries {
            names.append(entry.name)
            if !Self.isName(entry.name) {
                list.fail(
                    entry.name, "is not a channel's name", mend: "use a-z, 0-9 and `-`, at most 64, as `clinic-sms`")
            }
            guard let fields = list.fields(entry.name) else { continue }
            read(fields, name: entry.name)
        }
    }

    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D }
    }

    private mutating func read(_ fields: SettingsFields, name: String) {
        fields.finish(allowed: Self.keys + MessagingAccounts.keys)
        let provider = fields.has("provider") ? fields.choice("provider", Channel.Provider.self) : .recordOnly
        if let provider {
            accounts[name] = MessagingAccounts(fields: fields, environment: environment).account(of: provider)
        }
        let senderName = fields.text("sender_name", atMost: ReplyTexts.maxName)
        if !fields.has("sender_name") { fields.miss("sender_name", "Bright Smile Dental") }
        let sender = provider.flatMap { self.sender(fields, of: $0) }
        let addsHint = fields.flag("provider_adds_hint") ?? false
        var channel = Channel(
            name: name, provider: provider ?? .recordOnly, sender: sender ?? "", senderName: senderName ?? "",
            footer: footer(fields, providerAddsHint: addsHint), providerAddsHint: addsHint)
        if let rule = fields.choice("opt_out_hint", OptOutHint.self) { channel.hintRule = rule }
        if let isHandled = fields.flag("provider_handles_stop") { channel.providerHandlesStop = isHandled }
        if let help = fields.text("help", atMost: Self.maxHelp) { channel.help = help }
        if let most = fields.count("max_segments", in: 1...10) { channel.maxSegments = most }
        if let language = self.language(fields) { channel.language = language }
        if let id = fields.text("registration", atMost: 64) { channel.registration = id }
        channel.linkHosts = linkHosts(fields)
        channel.countries = countries(fields, provider: provider, sender: sender)
        if senderName != nil, sender != nil { channels.append(channel) }
    }

    /// - Returns: `nil` with an issue.
    private func sender(_ fields: SettingsFields, of provider: Channel.Provider) -> String? {
        guard fields.has("sender") else {
            if provider == .recordOnly { return "" }
            fields.miss("sender", "\"+12125550100\"")
            return nil
        }
        guard let text = fields.text("sender", atMost: 120) else { return nil }
        guard let address = SenderAddress(text) else {
            fields.fail(
                "sender", "`\(text.prefix(64))` is nothing that a text can come from",
                mend:
                    "write a number as \"+12125550100\", a service (MG...), whatsapp:+..., rcs:..., a name of 3 to 11 "
                    + "letters and digits, or a short code")
            return nil
        }
        guard address.suits(provider) else {
            fields.fail(
                "sender", "\(provider.rawValue) has no sender of this form",
                mend: "write a number, or use the provider that the sender belongs to")
            return nil
        }
        return text
    }

    private func footer(_ fields: SettingsFields, providerAddsHint: Bool) -> String {
        guard let text = fields.scalar("footer") else { return providerAddsHint ? "" : TextComposer.standardFooter }
        if text.allSatisfy(\.isWhitespace) {
            if !providerAddsHint {
                fields.fail(
                    "footer", "is empty, so nobody would know how to opt out",
                    mend: "leave it out, or set `provider_adds_hint: true` where the provider adds the hint")
            }
            return ""
        }
        return fields.text("footer", atMost: Self.maxFooter) ?? ""
    }

    private func language(_ fields: SettingsFields) -> String? {
        guard let tag = fields.text("language", atMost: LanguageTag.maxLength) else { return nil }
        if LanguageTag.isOne(tag) { return tag }
        fields.fail("language", "`\(tag.prefix(40))` is not a language tag", mend: "write for example en-US")
        return nil
    }

    private func linkHosts(_ fields: SettingsFields) -> [String] {
        var hosts: [String] = []
        for (text, line) in fields.list("link_hosts", atMost: 64) ?? [] {
            let host = text.lowercased()
            if WebAddress.isHost(host) {
                hosts.append(host)
            } else {
                fields.issues.add(
                    line, fields.path(of: "link_hosts"), "`\(text.prefix(64))` is not a host",
                    mend: "write the host alone, as brightsmile.example")
            }
        }
        return hosts
    }

    private func countries(
        _ fields: SettingsFields, provider: Channel.Provider?, sender: String?
    ) -> Set<String>? {
        let known = NumberingPlan.standard.countries
        guard fields.has("countries") else {
            guard let provider, let sender else { return nil }
            let number = try? PhoneNumber(sender)
            if number.flatMap(NumberingPlan.standard.region) != nil { return nil }
            // Nothing leaves: no country needs to be kept out.
            if provider == .recordOnly { return known }
            fields.miss("countries", "[US]", because: "the sender names no country by itself")
            return nil
        }
        var countries: Set<String> = []
        for (text, line) in fields.list("countries", atMost: 300) ?? [] {
            if known.contains(text) {
                countries.insert(text)
                continue
            }
            let near = text == "UK" ? "GB" : known.contains(text.uppercased()) ? text.uppercased() : nil
            fields.issues.add(
                line, fields.path(of: "countries"), "`\(text.prefix(64))` is not the code of a country",
                mend: near.map { "did you mean `\($0)`?" } ?? "write two capital letters (ISO 3166-1), as US")
        }
        return countries
    }
}
