import ParleyActions
import ParleyCore
import ParleyMessaging

/// What actions are decided on, and where a decision is written: all within one transaction, which makes it durable or
/// leaves no trace of it.
///
/// SQLite is one; a simulator's disk is another. The rules see no difference.
public protocol ActionStore: ActionFacts {
    mutating func insert(_ action: DecidedAction) throws
    mutating func write(_ effect: DecisionEffect, now: Int64) throws
}

/// What a decision changes besides its own row.
public enum DecisionEffect: Equatable, Sendable {
    case consent(Consent)
    case withdrawConsents(of: PhoneNumber, purpose: ConsentPurpose, call: String)
    /// A yes after a stop that was spoken in the same call.
    case liftSpokenOptOuts(of: PhoneNumber, call: String)
    case text(TextMessage, TextFacts, OutboxRow)
    /// Short links in that text, and until when they lead somewhere.
    case links([ShortLink], message: String, expiresAt: Int64)
    /// The call brought this about; the thread's booking follows.
    case trigger(TextAction.Trigger, call: String)
}

/// The row of an action.
public struct DecidedAction: Equatable, Sendable {
    public var key: InvocationKey
    public var call: String
    public var at: CallTime
    public var invocation: ActionInvocation
    /// In their only spelling; empty where they could not be read.
    public var arguments: String
    public var receipt: ActionReceipt
    /// UTC milliseconds since 1970.
    public var decidedAt: Int64
    /// What was asked of the record and answered, for whoever decides it again (`RecordedFacts`).
    public var inputs: String
}
