import ParleyActions
import ParleyCore
import ParleyMessaging

/// A text: to whom, whether it may go, what it says.
extension ActionDecisions {
    /// How long another channel is not used for the same number, in milliseconds.
    private static let secondChannelMS: Int64 = 30_000

    func text(
        _ action: CheckedAction, _ request: Request, _ call: CallOnRecord, at now: Int64, on facts: some ActionFacts
    ) throws -> Decision {
        let configured = messaging.registry.text(named: action.name)
        guard let channel = messaging.channel(configured?.channel ?? action.text("channel")) else {
            return .refused("channel_unknown")
        }
        let purpose = configured.flatMap { ConsentPurpose(rawValue: $0.purpose) } ?? purpose(of: action)
        let source = TextSource(
            action: action, configured: configured, caller: call.caller, call: request.call,
            variables: try facts.variables(of: request.call), language: channel.language)
        let number: PhoneNumber
        do throws(TextSource.Fault) {
            number = try source.recipient()
        } catch {
            return .refused(error.rule)
        }

        // One text of one fact in one call, however often it is asked for.
        let fact = InvocationKey.fact(call: request.call, action: action).text
        if let before = try facts.text(of: fact, in: request.call) {
            return Decision(.committed, rule: "said_before: \(before)")
        }
        if let refusal = messaging.destination(number, isCustom: source.isCustom, caller: call.caller, from: channel) {
            return .refused(refusal)
        }
        let isInCall = !call.isOver
        let gated = ConsentGate.Request(
            recipient: number, sender: channel.name, purpose: purpose, call: request.call, at: now)
        let counts = try facts.counts(for: gated, caller: call.caller, besides: "")
        let proof: ConsentProof
        switch messaging.gate.decide(
            gated, consents: try facts.consents(for: gated), optOuts: try facts.optOuts(of: number.e164),
            history: counts.history)
        {
        case .allowed(let allowed): proof = allowed
        case .refused(let rule): return .refused(rule.rawValue)
        }
        if channel.isCarried {
            let about = FraudCaps.Text(isCustom: source.isCustom, isCallerAttested: !call.caller.isEmpty)
            if case .refused(let rule) = messaging.plan.caps.decide(about, counts: counts) {
                return .refused(rule.rawValue)
            }
            let other = try facts.newestChannel(to: number.e164, since: now &- Self.secondChannelMS)
            if let other, other != channel.name { return .refused("second_channel") }
        }

        let lastHint = try facts.lastHint(from: channel.name, to: number.e164)
        let isHintDue = channel.isHintDue(after: lastHint, now: now)
        let writer = TextWriter(channel: channel, shortLinks: messaging.plan.shortLinks.map { ($0.base, makeLink) })
        let words: String
        let text: WrittenText
        do throws(TextSource.Fault) {
            words = try source.words()
            text = try writer.write(words, withHint: isHintDue)
        } catch {
            return .refused(error.rule)
        }
        if source.isAgentWritten, try facts.isTranscript(words, of: request.call) {
            return .refused("text_repeats_transcript")
        }

        let key = InvocationKey(invocation: request.key, recipient: number.e164, body: text.composed.body)
        let message = TextMessage(id: makeID(now), key: key.text, proof: proof, text: text.composed)
        var row = messaging.plan.outbox.queued(id: message.id, sender: channel.name, isInCall: isInCall, now: now)
        if !channel.isCarried {
            row.state = .recorded
        } else if case .closed(let opensAt) = messaging.hours(for: gated, isInCall: isInCall) {
            row.notBefore = opensAt ?? now &+ QuietHours.horizon * 1_000
            // Its time to live begins when it may go.
            row.expiresAt = row.notBefore &+ (row.expiresAt &- now)
            row.detail = "quiet_hours"
        }
        let textFacts = TextFacts(
            call: request.call, action: request.key.text, name: action.name, purpose: purpose,
            provider: channel.provider.rawValue, fact: fact, caller: call.caller, isCustom: source.isCustom,
            hasHint: text.composed.hasHint)
        var decision = Decision(.committed, effects: [.text(message, textFacts, row)])
        if !text.links.isEmpty {
            let expiresMS = messaging.plan.shortLinks?.expiresMS ?? ShortLink.standardLife
            decision.effects.append(.links(text.links, message: message.id, expiresAt: now &+ expiresMS))
        }
        decision.receipt.text = ActionReceipt.Text(
            id: message.id, body: message.body, segments: message.segments.count)
        return decision
    }
}

/// Where a text's recipient and words come from.
struct TextSource {
    /// Why there is no text; its rule holds no value.
    struct Fault: Error, Equatable {
        var rule: String
    }

    let action: CheckedAction
    let configured: TextAction?
    let caller: String
    let call: String
    let variables: [String: String]
    let language: String

    var isCustom: Bool {
        if case .custom? = configured?.recipient { return true }
        return false
    }

    /// The words are the agent's, not the operator's.
    var isAgentWritten: Bool { configured.map { $0.message(language: spoken) == nil } ?? true }

    func recipient() throws(Fault) -> PhoneNumber {
        var number = caller
        if let configured {
            do throws(TemplateFault) {
                number =
                    try configured.customRecipient(
                        parameters: action.arguments, variables: values, contact: contact, call: reference) ?? caller
            } catch {
                throw Fault(rule: "recipient_template: \(error.description)")
            }
        }
        do throws(PhoneNumber.Fault) {
            return try PhoneNumber(number)
        } catch {
            throw Fault(rule: error.rawValue)
        }
    }

    func words() throws(Fault) -> String {
        guard let configured else { return action.text("message") ?? "" }
        try checkValues(configured)
        do throws(TemplateFault) {
            return try configured.render(
                parameters: action.arguments, variables: values, contact: contact, call: reference, language: spoken)
        } catch {
            throw Fault(rule: "template: \(error.description)")
        }
    }

    /// A value that goes into a template is short, unless the action's schema says how long it may be.
    private func checkValues(_ configured: TextAction) throws(Fault) {
        guard case .object(let values) = action.arguments else { return }
        for (name, value) in values where name != TextAction.messageParameter {
            guard case .string(let text) = value, configured.schema.property(name)?.longest == nil else { continue }
            do throws(SlotRule.Fault) {
                _ = try SlotRule().value(text)
            } catch {
                throw Fault(rule: "\(name): \(error.rule)")
            }
        }
    }

    /// What is spoken in the call, where the call knows, else the channel's language.
    private var spoken: String { variables["language"] ?? language }
    private var values: JSON { .object(variables.mapValues(JSON.string)) }
    private var contact: TextAction.Contact {
        TextAction.Contact(name: variables["name"] ?? variables["contact_name"] ?? "", number: caller)
    }
    private var reference: TextAction.Call { TextAction.Call(id: call, reference: CallReference.make(callID: call)) }
}
