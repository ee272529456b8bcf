import ParleyMessaging

/// A text that was taken on, as far as whether it may leave depends on it.
public struct WaitingText: Equatable, Sendable {
    public var id: String
    public var call: String
    public var purpose: String
    public var recipient: String
    /// The channel.
    public var sender: String
    /// Asked for in a call that was live.
    public var isInCall: Bool

    public init(id: String, call: String, purpose: String, recipient: String, sender: String, isInCall: Bool) {
        self.id = id
        self.call = call
        self.purpose = purpose
        self.recipient = recipient
        self.sender = sender
        self.isInCall = isInCall
    }
}

/// What consent, opt-outs, caps and quiet hours say now of a text that was taken on before.
public struct RowGate<Facts: ActionFacts> {
    let facts: Facts
    let messaging: Ledger.Messaging

    public init(_ facts: Facts, _ messaging: Ledger.Messaging) {
        self.facts = facts
        self.messaging = messaging
    }

    /// - Returns: the verdict, and the proof where it may go.
    public func verdict(on text: WaitingText, now: Int64) throws -> (GateVerdict, ConsentProof?) {
        guard let number = try? PhoneNumber(text.recipient), let purpose = ConsentPurpose(rawValue: text.purpose),
            let channel = messaging.plan.channel(text.sender)
        else { return (.refused(rule: "row_unreadable"), nil) }
        let request = ConsentGate.Request(
            recipient: number, sender: channel.name, purpose: purpose, call: text.call, at: now)
        let decision = messaging.gate.decide(
            request, consents: try facts.consents(for: request), optOuts: try facts.optOuts(of: number.e164),
            history: try facts.counts(for: request, caller: "", besides: text.id).history)
        switch decision {
        case .refused(let rule): return (.refused(rule: rule.rawValue), nil)
        case .allowed(let proof):
            if case .closed(let opensAt) = messaging.hours(for: request, isInCall: text.isInCall) {
                return (.deferred(until: opensAt ?? now &+ QuietHours.horizon * 1_000), nil)
            }
            return (.allowed, proof)
        }
    }
}
