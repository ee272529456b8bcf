import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging

/// One action that was decided, and what is decided of it now on the same answers.
public struct ActionAudit: Equatable, Sendable {
    public var call: String
    public var name: String
    public var turn: Int
    /// `committed`, `committed: RULE` or `refused: RULE`; `taken on` for a webhook that was sent.
    public var recorded: String
    /// Likewise; `unreadable` where the record does not hold what was asked, or holds it for other rules.
    public var again: String

    /// The record of what it was decided on is no longer kept: it cannot be decided again.
    public var isErased = false

    public var isSame: Bool { recorded == again }
}

extension LedgerReader {
    /// Decides every action of these calls again.
    ///
    /// - Parameter messaging: the rules; of decisions that were made under others the answers may differ.
    public func audit(calls: [String], messaging: Ledger.Messaging) throws -> [ActionAudit] {
        try source().read { db in
            try calls.flatMap { call in
                try Row.fetchAll(
                    db,
                    sql: "SELECT * FROM actions WHERE call = ? ORDER BY at_ms, turn, number, decided_at, key",
                    arguments: [call]
                ).map { try audit($0, messaging) }
            }
        }
    }

    private func audit(_ row: Row, _ messaging: Ledger.Messaging) throws -> ActionAudit {
        let outcome: String = row["outcome"]
        let rule: String = row["rule"]
        var audit = ActionAudit(
            call: row["call"], name: row["name"], turn: row["turn"],
            recorded: Self.line(outcome, rule), again: "unreadable")
        // Of a webhook the decision was to send it; what the server made of that is no decision.
        let takenOn = "taken on"
        if outcome == "pending" || row["ended_at"] as Int64? != nil { audit.recorded = takenOn }
        var arguments: String = row["arguments"]
        let isTrigger = TextAction.Trigger(rawValue: audit.name) != nil
        if arguments.isEmpty, isTrigger, rule == "no_text_configured" { arguments = "{}" }
        let inputs: String = row["inputs"]
        audit.isErased = inputs.isEmpty
        // What could not be read as arguments was refused unread, and is kept nowhere.
        guard !arguments.isEmpty, let facts = try? RecordedFacts(row["inputs"]) else {
            if outcome == "refused", arguments.isEmpty { audit.again = audit.recorded }
            return audit
        }
        let invocation = ActionInvocation(
            number: row["number"], generation: Generation(row["generation"]), turn: TurnID(row["turn"]),
            request: ActionRequest(name: row["name"], arguments: arguments))
        let decisions = ActionDecisions(messaging: messaging, now: { 0 })
        let receipt: ActionReceipt
        do {
            receipt = try decisions.again(invocation, call: audit.call, at: row["decided_at"], on: facts)
        } catch RecordedFacts.Fault.runOut {
            // More is asked than was when it was refused: what refused it then does so no more.
            audit.again = "not \(audit.recorded)"
            return audit
        } catch {
            return audit
        }
        switch receipt.outcome {
        case .committed where receipt.order != nil: audit.again = takenOn
        case .committed, .answered: audit.again = Self.line("committed", receipt.rule)
        case .refused(let rule), .failed(let rule): audit.again = Self.line("refused", rule)
        }
        return audit
    }

    private static func line(_ outcome: String, _ rule: String) -> String {
        rule.isEmpty ? outcome : "\(outcome): \(rule)"
    }
}
