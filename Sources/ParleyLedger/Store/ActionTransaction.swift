import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging

/// Decides one action inside the transaction that makes its decision durable. Loads facts, asks the pure rules, writes.
struct ActionTransaction: Sendable {
    let messaging: Ledger.Messaging
    let registry: ActionRegistry
    /// UTC milliseconds since 1970.
    let now: @Sendable () -> Int64

    /// - Returns: the receipt, and the text to hand to the provider once the transaction is durable.
    func run(_ action: PendingAction, in db: Database) throws -> (ActionReceipt, TextMessage?) {
        let invocation = action.invocation
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
            checked.map { InvocationKey(call: action.call, turn: invocation.turn, action: $0) }
            ?? InvocationKey(call: action.call, turn: invocation.turn, refused: invocation.request)
        if let before = try decided(key, in: db) { return (before, nil) }
        guard let call = try CallFactsRow.fetch(action.call, in: db) else {
            // Without its call there is no row to hang the decision on.
            return (ActionReceipt(.refused("unknown_call")), nil)
        }

        let receipt: ActionReceipt
        var text: TextMessage?
        if let checked {
            switch checked.name {
            case ActionSchema.recordConsent.name:
                receipt = try recordConsent(checked, action, call, in: db)
            case ActionSchema.sendText.name:
                (receipt, text) = try sendText(checked, key, action, call, in: db)
            default:
                receipt = ActionReceipt(.refused(ActionRefusal(rule: .unknownAction).text))
            }
        } else {
            receipt = ActionReceipt(.refused(refusal?.text ?? ""))
        }
        try insert(action, key: key, arguments: checked?.canonical ?? "", receipt, in: db)
        if let text, let checked {
            try Outbox.insert(
                text, action: key, call: action.call, purpose: purpose(of: checked),
                provider: messaging.provider.name, in: db, now: now())
        }
        return (receipt, text)
    }

    // MARK: record_consent

    private func recordConsent(
        _ action: CheckedAction, _ pending: PendingAction, _ call: CallFactsRow, in db: Database
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
            try Outbox.withdrawConsents(of: number, purpose: purpose, call: pending.call, in: db, now: now())
            return ActionReceipt(.committed, rule: "declined")
        }
        let language = action.text("language") ?? messaging.language
        let turn = pending.invocation.turn.number
        guard let answer = try AnswerRow.fetch(call: pending.call, turn: turn, in: db),
            let means = ConsentAnswer(text: answer.text, isKeyed: answer.isKeyed).means(language: language)
        else { return ActionReceipt(.refused("no_explicit_yes")) }
        let heard = try AnswerRow.heardBefore(answer, call: pending.call, in: db) ?? ""
        let wording = action.text("wording") ?? heard
        guard !wording.isEmpty else { return ActionReceipt(.refused("wording_missing")) }
        let time = now()
        let consent = Consent(
            id: ULID.make(at: time), number: number.e164, purpose: purpose, sender: messaging.sender, means: means,
            wording: wording, wordingVersion: action.text("wording_version") ?? "", heard: heard, language: language,
            answer: answer.text, givenAt: time, call: pending.call, turn: turn, spanBegan: answer.began,
            spanEnded: answer.ended, agent: call.agent)
        try Outbox.insert(consent, in: db)
        return ActionReceipt(.committed, consent: consent.id)
    }

    // MARK: send_sms

    private func sendText(
        _ action: CheckedAction, _ key: InvocationKey, _ pending: PendingAction, _ call: CallFactsRow, in db: Database
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
        switch try Outbox.decide(request, gate: messaging.gate, in: db, now: now()) {
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
        let text = TextMessage(id: ULID.make(at: now()), key: messageKey.text, proof: proof, text: composed)
        let told = ActionReceipt.Text(id: text.id, body: text.body, segments: text.segments.count)
        return (ActionReceipt(.committed, text: told), text)
    }

    private func purpose(of action: CheckedAction) -> ConsentPurpose {
        action.text("purpose").flatMap(ConsentPurpose.init(rawValue:)) ?? .transactionalInCall
    }

    // MARK: the action's own row

    private func decided(_ key: InvocationKey, in db: Database) throws -> ActionReceipt? {
        let row = try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT outcome, rule FROM actions WHERE key = ?"), arguments: [key.text])
        guard let row else { return nil }
        let isCommitted: Bool = row["outcome"] == "committed"
        return ActionReceipt(isCommitted ? .committed : .refused(row["rule"]), isRepeat: true)
    }

    private func insert(
        _ action: PendingAction, key: InvocationKey, arguments: String, _ receipt: ActionReceipt, in db: Database
    ) throws {
        let (outcome, rule) =
            switch receipt.outcome {
            case .committed: ("committed", receipt.rule)
            case .refused(let rule): ("refused", rule)
            case .failed(let fault): ("refused", fault)
            }
        try db.cachedStatement(
            sql: """
                INSERT INTO actions (key, call, turn, number, generation, name, arguments, outcome, rule, at_ms, decided_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            key.text, action.call, action.invocation.turn.number, action.invocation.number,
            action.invocation.generation.number, stored(action.invocation.request.name, limit: 128), stored(arguments),
            outcome, rule, action.at.milliseconds, now(),
        ])
    }
}

/// What an action has to know of its call.
private struct CallFactsRow {
    var caller: String
    var agent: String

    static func fetch(_ call: String, in db: Database) throws -> CallFactsRow? {
        try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT caller, agent FROM calls WHERE id = ?"), arguments: [call]
        ).map { CallFactsRow(caller: $0["caller"], agent: $0["agent"]) }
    }
}

/// The caller's turn that is said to hold the answer.
private struct AnswerRow {
    var text: String
    var isKeyed: Bool
    var began: Int
    var ended: Int

    static func fetch(call: String, turn: UInt32, in db: Database) throws -> AnswerRow? {
        try Row.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT text, is_keyed, began_ms, ended_ms FROM turns
                    WHERE call = ? AND side = 'caller' AND n = ? ORDER BY seq DESC LIMIT 1
                    """), arguments: [call, turn]
        ).map { AnswerRow(text: $0["text"], isKeyed: $0["is_keyed"], began: $0["began_ms"], ended: $0["ended_ms"]) }
    }

    /// What the caller had heard of the agent last, before answering.
    static func heardBefore(_ answer: AnswerRow, call: String, in db: Database) throws -> String? {
        try String.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT text FROM turns WHERE call = ? AND side = 'agent' AND text <> '' AND began_ms <= ?
                    ORDER BY began_ms DESC, seq DESC LIMIT 1
                    """), arguments: [call, answer.ended])
    }
}
