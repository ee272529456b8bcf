import ParleyMessaging
import ParleyNetwork

/// Reads the rules that hold for all channels.
struct MessagingRules {
    private static let longestKept = Duration.seconds(3_660 * 86_400)
    private static let day = Duration.seconds(86_400)

    let top: SettingsFields
    let environment: [String: String]

    /// - Parameter languages: of the channels and texts: opt-outs are understood in these where the file does not say.
    func optOutLanguages(default languages: [String]) -> OptOutLanguages {
        guard let fields = top.fields("opt_out") else { return OptOutLanguages(tags: languages) }
        fields.finish(allowed: ["words", "phrases", "languages"])
        let tags = fields.list("languages", atMost: 64) ?? []
        for tag in tags where !LanguageTag.isOne(tag.text) {
            fields.issues.add(
                tag.line, fields.path(of: "languages"), "`\(tag.text.prefix(40))` is not a language tag",
                mend: "write for example es")
        }
        let words = fields.list("words", atMost: OptOutLanguages.maxExtraWords) ?? []
        let phrases = fields.list("phrases", atMost: OptOutLanguages.maxExtraWords) ?? []
        let spoken = OptOutLanguages(tags: fields.has("languages") ? tags.map(\.text) : languages)
        if fields.has("languages"), words.isEmpty, phrases.isEmpty, let tag = spoken.tagsWithoutWords.first {
            fields.fail("languages", "`\(tag)` has no built-in words", mend: "add `words`, with what opts out in it")
        }
        do throws(OptOutLanguages.Fault) {
            return try spoken.adding(words: words.map(\.text), phrases: phrases.map(\.text))
        } catch {
            report(error, fields, words, phrases)
            return spoken
        }
    }

    private func report(
        _ fault: OptOutLanguages.Fault, _ fields: SettingsFields, _ words: [(text: String, line: Int)],
        _ phrases: [(text: String, line: Int)]
    ) {
        let (index, problem, mend): (Int, String, String) =
            switch fault {
            case .empty(let index): (index, "an entry has no letters", "write a word, or leave it out")
            case .tooLong(let index, let limit):
                (index, "an entry has more than \(limit) characters", "make it shorter")
            case .tooMany(let limit): (0, "there are more than \(limit) words and phrases", "leave some out")
            case .taken(let index): (index, "an entry means yes, no, help, start or cancel already", "leave it out")
            }
        let isWord = index < words.count
        let place = isWord ? index : index - words.count
        let entries = isWord ? words : phrases
        let key = isWord ? "words" : "phrases"
        let line = entries.indices.contains(place) ? entries[place].line : fields.line
        fields.issues.add(line, fields.path(of: key), problem, mend: mend)
    }

    func quietHours() -> QuietHours {
        var hours = QuietHours()
        guard let fields = top.fields("quiet_hours") else { return hours }
        fields.finish(allowed: ["from", "to", "marketing_from", "marketing_to", "in_call_exempt"])
        hours.window = window(fields, "from", "to", default: hours.window)
        hours.marketingWindow = window(fields, "marketing_from", "marketing_to", default: hours.marketingWindow)
        if let isExempt = fields.flag("in_call_exempt") { hours.isInCallExempt = isExempt }
        return hours
    }

    private func window(
        _ fields: SettingsFields, _ from: String, _ to: String, default window: QuietWindow
    ) -> QuietWindow {
        let start = fields.has(from) ? fields.timeOfDay(from) : window.start / 60
        let end = fields.has(to) ? fields.timeOfDay(to) : window.end / 60
        guard let start, let end else { return window }
        if let window = try? QuietWindow(startMinute: start, endMinute: end) { return window }
        fields.fail(
            fields.has(to) ? to : from, "the hours in which texts may arrive end before they begin",
            mend: "write a window within one day, as \"08:00\" to \"21:00\"")
        return window
    }

    func caps() -> FraudCaps {
        var caps = FraudCaps()
        guard let fields = top.fields("caps") else { return caps }
        let keys: [(String, WritableKeyPath<FraudCaps, Int>)] = [
            ("per_call", \.maxInCall), ("per_recipient_10min", \.maxPerRecipientInTenMinutes),
            ("per_recipient_day", \.maxPerRecipientInDay), ("per_caller_hour", \.maxPerCallerInHour),
            ("per_minute", \.maxPerTenantInMinute), ("per_day", \.maxPerTenantInDay),
        ]
        fields.finish(allowed: keys.map(\.0))
        for (key, path) in keys {
            if let count = fields.count(key, in: 1...1_000_000) { caps[keyPath: path] = count }
        }
        return caps
    }

    func outbox() -> OutboxRules {
        guard let fields = top.fields("outbox") else { return OutboxRules() }
        fields.finish(allowed: ["on_unknown", "expires_in_call", "expires", "callback_wait", "query_wait"])
        let standard = OutboxRules()
        let range = Duration.seconds(60)...(.milliseconds(OutboxRules.longestMS))
        let waits = Duration.seconds(1)...(.seconds(3_600))
        return OutboxRules(
            expiresInCallMS: fields.duration("expires_in_call", in: range, example: "15m") ?? standard.expiresInCallMS,
            expiresMS: fields.duration("expires", in: range, example: "24h") ?? standard.expiresMS,
            callbackWaitMS: fields.duration("callback_wait", in: waits, example: "30s") ?? standard.callbackWaitMS,
            queryMS: fields.duration("query_wait", in: waits, example: "30s") ?? standard.queryMS,
            onUnknown: fields.choice("on_unknown", OutboxRules.OnUnknown.self) ?? standard.onUnknown)
    }

    func shortLinks() -> MessagingPlan.Links? {
        guard let fields = top.fields("short_links") else { return nil }
        fields.finish(allowed: ["base", "expires"])
        if !fields.has("base") { fields.miss("base", "https://txt.example.org") }
        let base = fields.address("base", allowsPath: false, example: "https://txt.example.org")
        let range = Duration.seconds(3_600)...(.seconds(366 * 86_400))
        let expires = fields.duration("expires", in: range, example: "30d")
        guard let base else { return nil }
        return expires.map { .init(base: base, expiresMS: $0) } ?? .init(base: base)
    }

    func retention() -> Retention {
        var retention = Retention()
        guard let fields = top.fields("retention") else { return retention }
        let keys: [(String, WritableKeyPath<Retention, Int64>)] = [
            ("texts", \.textsMS), ("transcripts", \.transcriptsMS), ("consent", \.consentMS), ("audit", \.auditMS),
        ]
        fields.finish(allowed: keys.map(\.0))
        for (key, path) in keys {
            let time = fields.duration(key, in: Self.day...Self.longestKept, example: "30d")
            if let time { retention[keyPath: path] = time }
        }
        if retention.consentMS < retention.textsMS {
            fields.fail(
                fields.has("consent") ? "consent" : "texts", "texts would be kept longer than the consent to them",
                mend: "keep `consent` at least as long as `texts`")
        }
        return retention
    }

    func eventSecrets() -> [ProviderSecret] {
        guard let fields = top.fields("events") else { return [] }
        fields.finish(allowed: ["secret_env", "secret_file"])
        let secrets = fields.secrets("secret", environment: environment)
        if let secrets, secrets.isEmpty { fields.miss("secret_env", "PARLEY_EVENTS_SECRET") }
        return (secrets ?? []).map { ProviderSecret($0.revealed) }
    }
}
