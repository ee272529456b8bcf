import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging

/// How a text would look, and what the gate would say of it now. Nothing is written.
public struct TextPreview: Equatable, Sendable {
    public var channel: String
    /// Empty where there is none; then `refusal` says why.
    public var body: String
    public var segments: Segments
    public var findings: [TextLint.Finding]
    /// Why there is no such text; empty: there is.
    public var refusal: String
    /// What the gate says: `allowed` or a rule; `nil` where nobody is named who could be asked about.
    public var gate: String?

    /// - Parameters:
    ///   - arguments: JSON, as an agent would give them.
    ///   - variables: what the call would know.
    ///   - number: whom it would go to; `nil`: an example.
    public init(
        action name: String, arguments: String, variables: [String: String], number: String?,
        messaging: Ledger.Messaging
    ) throws(ActionRefusal) {
        let action = try messaging.registry.check(ActionRequest(name: name, arguments: arguments))
        let configured = messaging.registry.text(named: name)
        guard let channel = messaging.channel(configured?.channel ?? action.text("channel")) else {
            throw ActionRefusal(rule: .argumentsInvalid, detail: "there is no such channel")
        }
        self.channel = channel.name
        (body, segments, findings, refusal, gate) = ("", Segments(of: ""), [], "", nil)
        let source = TextSource(
            action: action, configured: configured, caller: number ?? "+12125550123", call: "PREVIEW",
            variables: variables, language: channel.language)
        do throws(TextSource.Fault) {
            let words = try source.words()
            let text = try TextWriter(channel: channel).write(words, withHint: !channel.providerAddsHint)
            (body, segments) = (text.composed.body, text.composed.segments)
            findings = TextLint(composer: channel.composer, links: channel.linkRules).findings(
                in: body, needsHint: !channel.providerAddsHint)
        } catch {
            refusal = error.rule
        }
    }
}

extension LedgerReader {
    /// What the gate says now of a text to a number; consent that was given in a call counts for that call alone.
    ///
    /// - Parameter call: our id; empty: a text outside of any call.
    public func gate(
        number: PhoneNumber, action name: String, call: String, messaging: Ledger.Messaging, now: Int64
    ) throws -> String {
        try source().read { db in
            let configured = messaging.registry.text(named: name)
            guard let channel = messaging.channel(configured?.channel) else { return "channel_unknown" }
            let purpose = configured.flatMap { ConsentPurpose(rawValue: $0.purpose) } ?? .transactionalInCall
            if let refusal = messaging.destination(number, isCustom: false, caller: number.e164, from: channel) {
                return refusal
            }
            let waiting = WaitingText(
                id: "", call: call, purpose: purpose.rawValue, recipient: number.e164, sender: channel.name,
                isInCall: !call.isEmpty)
            switch try RowGate(DatabaseStore(db), messaging).verdict(on: waiting, now: now).0 {
            case .allowed: return "allowed"
            case .refused(let rule): return rule
            case .deferred(let until): return "quiet hours until \(date(until)) UTC"
            }
        }
    }
}
