import ParleyActions
import ParleyMessaging

/// How a channel's texts are put together.
extension Channel {
    public var composer: TextComposer {
        TextComposer(senderName: senderName, footer: footer, maxSegments: maxSegments)
    }

    /// Hosts that cannot be hosts were refused when the file was read; without it there is no link.
    public var linkRules: LinkRules { (try? LinkRules(hosts: linkHosts)) ?? .none }

    /// - Parameter last: when a text of this channel last told the number how to opt out; `nil`: never.
    func isHintDue(after last: Int64?, now: Int64) -> Bool {
        !providerAddsHint && hintRule.isDue(last: last, at: now)
    }

    /// What the rules ask us to answer; nothing is put before it or behind it.
    func notice(_ reply: ReplyTexts.Reply) -> String {
        if reply == .help { return help }
        let name = String(senderName.prefix(ReplyTexts.maxName))
        // Both are asked for by help alone, which the channel has whole.
        let texts = try? ReplyTexts(name: name, programme: "Texts", contact: sender.isEmpty ? name : sender)
        return texts?.text(for: reply) ?? help
    }
}

/// A text ready to be taken on, and the short links in it.
struct WrittenText: Equatable {
    var composed: TextComposer.Composed
    var links: [ShortLink] = []
}

/// Makes of words the text that is sent, if it may be sent at all.
struct TextWriter {
    let channel: Channel
    /// Where short links point to, and their ids; `nil`: links go as they are.
    var shortLinks: (base: String, makeID: () -> ShortLink.ID)?

    func write(_ words: String, withHint: Bool) throws(TextSource.Fault) -> WrittenText {
        var (words, links) = (words, [ShortLink]())
        let rules = channel.linkRules
        if let fault = rules.faults(in: words).first { throw TextSource.Fault(rule: fault.rawValue) }
        if let (base, makeID) = shortLinks {
            let replaced = ShortLinks.replace(in: words, base: base + "/l", rules: rules, makeID: makeID)
            (words, links) = (replaced.body, replaced.links)
        }
        if let kind = SensitiveData().kinds(in: words).first {
            throw TextSource.Fault(rule: "text_sensitive: \(kind.rawValue)")
        }
        do throws(TextComposer.Fault) {
            return WrittenText(composed: try channel.composer.compose(words, withHint: withHint), links: links)
        } catch {
            throw TextSource.Fault(rule: error.rule)
        }
    }
}
