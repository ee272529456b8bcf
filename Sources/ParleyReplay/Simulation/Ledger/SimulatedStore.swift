import ParleyActions
import ParleyCore
import ParleyLedger
import ParleyMessaging

/// The ledger's tables, as far as actions are decided on them: what is on a simulated disk.
///
/// A value: a transaction works on a copy, and becomes true when the copy takes the original's place.
struct SimulatedStore: ActionStore {
    struct CallRow {
        var facts: CallOnRecord
        /// Of one call there is one end; more of them would be a broken promise.
        var ends: [EndReason] = []
    }
    struct TurnRow {
        var call: String
        var number: UInt32
        var answer: AnswerOnRecord
    }
    struct HeardRow {
        var call: String
        var text: String
        var began: Int
    }
    struct TextRow {
        var message: TextMessage
        var facts: TextFacts
        var isInCall: Bool
        var state: MessageState

        var waiting: WaitingText {
            WaitingText(
                id: message.id, call: facts.call, purpose: facts.purpose.rawValue, recipient: message.recipient.e164,
                sender: message.sender, isInCall: isInCall)
        }
    }

    var calls: [String: CallRow] = [:]
    var callerTurns: [TurnRow] = []
    var agentTurns: [HeardRow] = []
    var actions: [InvocationKey: DecidedAction] = [:]
    var consents: [(row: Consent, isWithdrawn: Bool)] = []
    var optOuts: [OptOut] = []
    var texts: [TextRow] = []

    // MARK: What is read

    func receipt(of key: InvocationKey) -> ActionReceipt? {
        guard let before = actions[key] else { return nil }
        return ActionReceipt(before.receipt.outcome, isRepeat: true)
    }

    func call(_ id: String) -> CallOnRecord? { calls[id]?.facts }

    func answer(in call: String, turn: UInt32) -> AnswerOnRecord? {
        callerTurns.last { $0.call == call && $0.number == turn }?.answer
    }

    func heard(in call: String, before answer: AnswerOnRecord) -> String? {
        let heard = agentTurns.filter { $0.call == call && !$0.text.isEmpty && $0.began <= answer.ended }.map(\.text)
        guard let last = heard.last else { return nil }
        return ConsentQuestion.namesTexts(last) ? last : heard.suffix(2).joined(separator: " ")
    }

    func consents(for request: ConsentGate.Request) -> [Consent] {
        consents.filter { !$0.isWithdrawn && $0.row.number == request.recipient.e164 }.map(\.row)
    }

    func optOuts(of number: String) -> [OptOut] { optOuts.filter { $0.number == number } }

    func counts(for request: ConsentGate.Request, caller: String, besides message: String) -> FraudCaps.Counts {
        let inCall = texts.count {
            $0.facts.call == request.call && $0.message.id != message && $0.state != .suppressed
        }
        return FraudCaps.Counts(history: ConsentGate.History(inCall: inCall))
    }

    func text(of fact: String, in call: String) -> String? {
        texts.first { $0.facts.call == call && $0.facts.fact == fact && $0.state != .suppressed }?.message.id
    }

    // One call and one channel: nothing else is on this disk.
    func variables(of call: String) -> [String: String] { [:] }
    func newestChannel(to number: String, since: Int64) -> String? { nil }
    func lastHint(from channel: String, to number: String) -> Int64? { nil }
    func isTranscript(_ words: String, of call: String) -> Bool { false }

    // MARK: What is written

    mutating func insert(_ action: DecidedAction) { actions[action.key] = action }

    mutating func write(_ effect: DecisionEffect, now: Int64) {
        switch effect {
        case .consent(let consent): consents.append((consent, false))
        case .withdrawConsents(let number, let purpose, let call):
            for index in consents.indices {
                let row = consents[index].row
                if row.number == number.e164, row.purpose == purpose, row.call == call {
                    consents[index].isWithdrawn = true
                }
            }
        case .text(let message, let facts, let row):
            texts.append(TextRow(message: message, facts: facts, isInCall: row.isInCall, state: row.state))
        case .liftSpokenOptOuts(let number, _): optOuts.removeAll { $0.number == number.e164 && $0.means == "spoken" }
        case .links, .trigger: break
        }
    }

    /// Never backwards.
    mutating func move(_ message: String, to state: MessageState) {
        for index in texts.indices where texts[index].message.id == message && texts[index].state.canMove(to: state) {
            texts[index].state = state
        }
    }

    mutating func write(_ row: LedgerRow) {
        switch row {
        case .callStarted(let start):
            if calls[start.id] == nil {
                calls[start.id] = CallRow(facts: CallOnRecord(caller: start.caller, agent: start.agent))
            }
        case .callEnded(let call, _, let reason): calls[call]?.ends.append(reason)
        case .note(let call, _, .callerTurn(let turn)):
            let answer = AnswerOnRecord(
                text: turn.text, isKeyed: turn.isKeyed, began: turn.began.milliseconds, ended: turn.ended.milliseconds)
            callerTurns.append(TurnRow(call: call, number: turn.turn.number, answer: answer))
        case .note(let call, _, .agentTurn(let turn)):
            agentTurns.append(HeardRow(call: call, text: turn.heard, began: turn.began.milliseconds))
        case .note: break
        }
    }
}
