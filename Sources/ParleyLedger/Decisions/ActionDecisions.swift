import ParleyActions
import ParleyCore
import ParleyMessaging

/// Decides one action inside the transaction that makes its decision durable. Loads facts, asks the pure rules, writes.
public struct ActionDecisions: Sendable {
    public let messaging: Ledger.Messaging
    let registry: ActionRegistry
    /// UTC milliseconds since 1970.
    let now: @Sendable () -> Int64
    /// Ids of consents and messages, from the time.
    let makeID: @Sendable (Int64) -> String

    public init(
        messaging: Ledger.Messaging, registry: ActionRegistry, now: @escaping @Sendable () -> Int64,
        makeID: @escaping @Sendable (Int64) -> String = { ULID.make(at: $0) }
    ) {
        self.messaging = messaging
        self.registry = registry
        self.now = now
        self.makeID = makeID
    }

    /// - Returns: the receipt, and the text to hand to the provider once the transaction is durable.
    public func run(
        _ invocation: ActionInvocation, call id: String, at time: CallTime, in store: inout some ActionStore
    ) throws -> (ActionReceipt, TextMessage?) {
        let checked: CheckedAction?
        let refusal: ActionRefusal?
        do throws(ActionRefusal) {
            checked = try registry.check(invocation.request)
            refusal = nil
        } catch {
            checked = nil
            refusal = error
        }
        let key =
            checked.map { InvocationKey(call: id, turn: invocation.turn, action: $0) }
            ?? InvocationKey(call: id, turn: invocation.turn, refused: invocation.request)
        if let before = try store.receipt(of: key) { return (before, nil) }
        guard let call = try store.call(id) else {
            // Without its call there is no row to hang the decision on.
            return (ActionReceipt(.refused("unknown_call")), nil)
        }

        let pending = Pending(call: id, turn: invocation.turn.number)
        let receipt: ActionReceipt
        var text: TextMessage?
        if let checked {
            switch checked.name {
            case ActionSchema.recordConsent.name:
                receipt = try recordConsent(checked, pending, call, in: &store)
            case ActionSchema.sendText.name:
                (receipt, text) = try sendText(checked, key, pending, call, in: store)
            default:
                receipt = ActionReceipt(.refused(ActionRefusal(rule: .unknownAction).text))
            }
        } else {
            receipt = ActionReceipt(.refused(refusal?.text ?? ""))
        }
        let decided = DecidedAction(
            key: key, call: id, at: time, invocation: invocation, arguments: checked?.canonical ?? "", receipt: receipt,
            decidedAt: now())
        try store.insert(decided)
        if let text, let checked {
            try store.insert(text, of: decided, purpose: purpose(of: checked), provider: messaging.provider.name)
        }
        return (receipt, text)
    }

    /// After a start: texts that were taken on and not handed over. Each passes the gate again before it may go.
    public func waitingTexts(in store: inout some ActionStore) throws -> [TextMessage] {
        var texts: [TextMessage] = []
        for row in try store.waitingTexts() {
            guard let number = try? PhoneNumber(row.recipient), let purpose = ConsentPurpose(rawValue: row.purpose)
            else {
                try store.suppress(row.id, rule: "row_unreadable", now: now())
                continue
            }
            let request = ConsentGate.Request(
                recipient: number, sender: row.sender, purpose: purpose, call: row.call)
            switch try decide(request, besides: row.id, in: store) {
            case .allowed(let proof):
                texts.append(TextMessage(id: row.id, key: row.key, proof: proof, stored: row.body))
            case .refused(let rule):
                try store.suppress(row.id, rule: rule.rawValue, now: now())
            }
        }
        return texts
    }

    private func decide(
        _ request: ConsentGate.Request, besides message: String = "", in store: some ActionStore
    ) throws -> ConsentGate.Decision {
        messaging.gate.decide(
            request, consents: try store.consents(for: request), optOuts: try store.optOuts(of: request.recipient.e164),
            history: try store.history(for: request, besides: message, now: now()))
    }

    /// The call and the turn that an action was asked for in.
    private struct Pending {
        var call: String
        var turn: UInt32
    }

    // MARK: record_consent

    private func recordConsent(
        _ action: CheckedAction, _ pending: Pending, _ call: CallOnRecord, in store: inout some ActionStore
    ) throws -> ActionReceipt {
        let number: PhoneNumber
        do throws(PhoneNumber.Fault) {
            number = try PhoneNumber(call.caller)
        } catch {
            return ActionReceipt(.refused(error.rawValue))
        }
        let purpose = purpose(of: action)
        if purpose == .marketing, !messaging.gate.allowsMarketing {
            return ActionReceipt(.refused(ConsentGate.Rule.marketing.rawValue))
        }
        guard action.flag("granted") ?? true else {
            // The action's row is the record of a no; there is no consent row that a gate could mistake for a yes.
            try store.withdrawConsents(of: number, purpose: purpose, call: pending.call, now: now())
            return ActionReceipt(.committed, rule: "declined")
        }
        let language = action.text("language") ?? messaging.language
        guard let answer = try store.answer(in: pending.call, turn: pending.turn),
            let means = ConsentAnswer(text: answer.text, isKeyed: answer.isKeyed).means(language: language)
        else { return ActionReceipt(.refused("no_explicit_yes")) }
        let heard = try store.heard(in: pending.call, before: answer) ?? ""
        let wording = action.text("wording") ?? heard
        guard !wording.isEmpty else { return ActionReceipt(.refused("wording_missing")) }
        let time = now()
        let consent = Consent(
            id: makeID(time), number: number.e164, purpose: purpose, sender: messaging.sender, means: means,
            wording: wording, wordingVersion: action.text("wording_version") ?? "", heard: heard, language: language,
            answer: answer.text, givenAt: time, call: pending.call, turn: pending.turn, spanBegan: answer.began,
            spanEnded: answer.ended, agent: call.agent)
        try store.insert(consent)
        return ActionReceipt(.committed, consent: consent.id)
    }

    // MARK: send_sms

    private func sendText(
        _ action: CheckedAction, _ key: InvocationKey, _ pending: Pending, _ call: CallOnRecord,
        in store: some ActionStore
    ) throws -> (ActionReceipt, TextMessage?) {
        let number: PhoneNumber
        do throws(PhoneNumber.Fault) {
            number = try PhoneNumber(call.caller)
        } catch {
            return (ActionReceipt(.refused(error.rawValue)), nil)
        }
        let request = ConsentGate.Request(
            recipient: number, sender: messaging.sender, purpose: purpose(of: action), call: pending.call)
        let proof: ConsentProof
        switch try decide(request, in: store) {
        case .allowed(let allowed): proof = allowed
        case .refused(let rule): return (ActionReceipt(.refused(rule.rawValue)), nil)
        }
        let composed: TextComposer.Composed
        do throws(TextComposer.Fault) {
            composed = try messaging.composer.compose(action.text("message") ?? "")
        } catch {
            return (ActionReceipt(.refused(error.rule)), nil)
        }
        let messageKey = InvocationKey(invocation: key, recipient: number.e164, body: composed.body)
        let text = TextMessage(id: makeID(now()), key: messageKey.text, proof: proof, text: composed)
        let told = ActionReceipt.Text(id: text.id, body: text.body, segments: text.segments.count)
        return (ActionReceipt(.committed, text: told), text)
    }

    private func purpose(of action: CheckedAction) -> ConsentPurpose {
        action.text("purpose").flatMap(ConsentPurpose.init(rawValue:)) ?? .transactionalInCall
    }
}
