/// What becomes of a row.
public enum OutboxDecision: Equatable, Sendable {
    /// Write the row over the revision that was read, together with the effects that are `isStored`; run the others once
    /// all of it is durable. Where the revision has moved on, nothing of it happens: read again and ask again.
    case change(OutboxRow, [OutboxEffect])
    case nothing(OutboxQuiet)
}

/// What else a decision asks for. All of them are about the row's own sender, recipient, call and text.
public enum OutboxEffect: Equatable, Sendable {
    case pauseSender(SenderPause.Reason)
    /// The provider says that its recipient opted out: an opt-out row, and the end of what else waits for that number.
    case recordOptOut
    case alert(OutboxAlert)
    /// The call that asked for the text may want to know.
    case tellCall(MessageState)
    /// Ask the provider whether it has the text: by recipient, sender, time and body. Goes back with the answer.
    case query(fence: Int64)

    /// Belongs into the transaction of the row.
    public var isStored: Bool {
        switch self {
        case .pauseSender, .recordOptOut: true
        case .alert, .tellCall, .query: false
        }
    }
}

public enum OutboxAlert: String, Sendable, CaseIterable {
    case deadLetter = "sms_dead_letter"
    case heldUnknown = "sms_held_unknown"
    case senderPaused = "sms_sender_paused"
}

/// Why nothing came of an event. Late, double and early news are normal: count them, no more.
public enum OutboxQuiet: String, Sendable, CaseIterable {
    /// Its time has not come, or nothing waits in this state.
    case notDue = "not_due"
    /// Known already.
    case twice
    /// Older than what is known.
    case backwards
    /// About a try that another one has replaced.
    case superseded
    /// About a try that never was.
    case neverSent = "never_sent"
    /// Against what the row ended with. Worth a line in the audit.
    case contradiction
    /// An operator asks for what this state does not allow.
    case notAllowed = "not_allowed"
}

/// Whether a row is another's now.
public enum ClaimDecision: Equatable, Sendable {
    /// Write it, and send under its fence only if the write went through.
    case claimed(OutboxRow)
    /// Too late to be sent.
    case ended(OutboxRow, [OutboxEffect])
    case refused(ClaimRefusal)
}

public enum ClaimRefusal: Equatable, Sendable {
    case notQueued
    case early(until: Int64)
    case senderShut
}

/// Whether a claimed row may go out.
public enum SendDecision: Equatable, Sendable {
    /// Write it; only when that is durable may the request be made ready.
    case send(OutboxRow)
    /// It does not leave now, or never: write this.
    case instead(OutboxRow, [OutboxEffect])
    /// The row went to another, or on without us: send nothing and write nothing.
    case lost
}

/// The last look, directly before the first byte.
public enum LastLook: Equatable, Sendable {
    case write
    case instead(OutboxRow, [OutboxEffect])
    case lost
}

/// What consent, opt-outs, quiet hours and caps say of a row at this moment. Ask inside the transaction.
public enum GateVerdict: Equatable, Sendable {
    case allowed
    /// Never: the gate's rule.
    case refused(rule: String)
    /// Quiet hours at the recipient's place.
    case deferred(until: Int64)
}
