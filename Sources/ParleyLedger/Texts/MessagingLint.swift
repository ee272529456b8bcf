import ParleyActions
import ParleyMessaging

extension Ledger.Messaging {
    /// What an operator should know of the configured texts before the first one is sent: each with its longest plausible
    /// values, in each of its languages, as it would be sent.
    ///
    /// - Returns: a line each, that names the action; errors first of each text.
    public func lint() -> [(isError: Bool, line: String)] {
        registry.texts.flatMap { action -> [(isError: Bool, line: String)] in
            guard let channel = plan.channel(action.channel) else { return [] }
            let lint = TextLint(composer: channel.composer, links: channel.linkRules)
            let languages = [channel.language] + action.messages.keys.sorted()
            return languages.flatMap { language -> [(isError: Bool, line: String)] in
                let longest: String
                do throws(TemplateFault) {
                    guard let text = try action.longestRendering(language: language) else { return [] }
                    longest = text
                } catch {
                    return [(true, "\(action.name) (\(language)): \(error.description)")]
                }
                let withHint = !channel.providerAddsHint
                // Too long to be composed at all: measured as it stands.
                let body = (try? channel.composer.compose(longest, withHint: withHint).body) ?? longest
                return lint.findings(in: body, needsHint: withHint).map { finding in
                    (finding.level == .error, "\(action.name) (\(language)): \(finding.sentence)")
                }
            }
        }
    }
}
