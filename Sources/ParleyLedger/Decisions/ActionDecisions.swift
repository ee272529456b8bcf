import ParleyActions
import ParleyCore
import ParleyMessaging

/// Decides one action inside the transaction that makes its decision durable. Loads facts, asks the pure rules, writes.
public struct ActionDecisions: Sendable {
    public let messaging: Ledger.Messaging
    /// UTC milliseconds since 1970.
    let now: @Sendable () -> Int64
    /// Ids of consents and messages, from the time.
    let makeID: @Sendable (Int64) -> String

    public init(
        messaging: Ledger.Messaging, now: @escaping @Sendable () -> Int64,
        makeID: @escaping @Sendable (Int64) -> String = { ULID.make(at: $0) }
    ) {
        self.messaging = messaging
        self.now = now
        self.makeID = makeID
    }

    func makeLink() -> ShortLink.ID {
        var random = SystemRandomNumberGenerator()
        while true {
            if let id = ShortLink.ID(bits: random.next()) { return id }
        }
    }

    /// - Parameter event: of an event from outside, its id: the same event is done once, in whatever turn it comes.
    /// - Returns: the receipt, and the text that was taken on and waits for its sender.
    public func run(
        _ invocation: ActionInvocation, event: String? = nil, call id: String, at time: CallTime,
        in store: inout some ActionStore
    ) throws -> (ActionReceipt, TextMessage?) {
        let request = Request(invocation, event: event, call: id, registry: messaging.registry)
        if let before = try store.receipt(of: request.key) { return (before, nil) }
        let now = now()
        let log = FactLog()
        let facts = AuditedFacts(base: store, log: log)
        guard let call = try facts.call(id) else {
            // Without its call there is no row to hang the decision on.
            return (ActionReceipt(.refused("unknown_call")), nil)
        }
        let decision = try decide(request, of: call, at: now, on: facts)
        let decided = DecidedAction(
            key: request.key, call: id, at: time, invocation: invocation, arguments: request.checked?.canonical ?? "",
            receipt: decision.receipt, decidedAt: now, inputs: log.text)
        try store.insert(decided)
        var text: TextMessage?
        for effect in decision.effects {
            try store.write(effect, now: now)
            if case .text(let message, _, let row) = effect, row.state == .queued { text = message }
        }
        return (decision.receipt, text)
    }

    /// Decides again what was decided before, on the answers that it was decided on.
    ///
    /// - Parameter time: of the first decision, UTC milliseconds since 1970.
    /// - Throws: `RecordedFacts.Fault` where other questions are asked now.
    public func again(
        _ invocation: ActionInvocation, call id: String, at time: Int64, on facts: RecordedFacts
    ) throws -> ActionReceipt {
        let request = Request(invocation, event: nil, call: id, registry: messaging.registry)
        guard let call = try facts.call(id) else { return ActionReceipt(.refused("unknown_call")) }
        return try decide(request, of: call, at: time, on: facts).receipt
    }

    /// A request as it was understood, with its key.
    struct Request {
        let call: String
        let turn: UInt32
        let key: InvocationKey
        /// Raised by name: what happened, not what is to be sent.
        let trigger: TextAction.Trigger?
        let checked: CheckedAction?
        let refusal: ActionRefusal?

        init(_ invocation: ActionInvocation, event: String?, call: String, registry: ActionRegistry) {
            self.call = call
            turn = invocation.turn.number
            var request = invocation.request
            let trigger = TextAction.Trigger(rawValue: request.name)
            if let trigger, let text = registry.text(on: trigger) { request.name = text.name }
            self.trigger = trigger
            do throws(ActionRefusal) {
                checked = try registry.check(request)
                refusal = nil
            } catch {
                checked = nil
                refusal = error
            }
            key =
                switch (event, checked) {
                case (let event?, _): InvocationKey(event: event, call: call)
                case (nil, let checked?): InvocationKey(call: call, turn: invocation.turn, action: checked)
                case (nil, nil): InvocationKey(call: call, turn: invocation.turn, refused: invocation.request)
                }
        }
    }

    /// What was decided, and what it changes.
    struct Decision {
        var receipt: ActionReceipt
        var effects: [DecisionEffect] = []

        init(_ outcome: ActionResult.Outcome, rule: String = "", effects: [DecisionEffect] = []) {
            receipt = ActionReceipt(outcome, rule: rule)
            self.effects = effects
        }

        static func refused(_ rule: String) -> Decision { Decision(.refused(rule)) }
    }

    private func decide(
        _ request: Request, of call: CallOnRecord, at now: Int64, on facts: some ActionFacts
    ) throws -> Decision {
        var decision: Decision
        if let trigger = request.trigger, messaging.registry.text(on: trigger) == nil {
            // Known to happen, and nothing is sent of it.
            decision = Decision(.committed, rule: "no_text_configured")
        } else if let action = request.checked {
            switch action.name {
            case ActionSchema.recordConsent.name:
                decision = try consent(action, request, call, at: now, on: facts)
            default:
                if let webhook = messaging.registry.webhook(named: action.name) {
                    decision = try self.webhook(webhook, action, request, call, on: facts)
                } else {
                    decision = try text(action, request, call, at: now, on: facts)
                }
            }
        } else {
            return .refused(request.refusal?.text ?? "")
        }
        if let trigger = request.trigger { decision.effects.append(.trigger(trigger, call: request.call)) }
        return decision
    }
}
