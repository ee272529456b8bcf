import ParleyActions
import ParleyCore
import ParleyMessaging

/// What actions are decided on, and where a decision is written: all within one transaction, which makes it durable or
/// leaves no trace of it.
///
/// SQLite is one; a simulator's disk is another. The rules see no difference.
public protocol ActionStore {
    /// What was decided on this very action before; `nil`: nothing.
    func receipt(of key: InvocationKey) throws -> ActionReceipt?
    /// `nil` for a call that was never written down.
    func call(_ id: String) throws -> CallOnRecord?
    /// The caller's turn of that number, as it was recorded; the newest where there are several.
    func answer(in call: String, turn: UInt32) throws -> AnswerOnRecord?
    /// What the caller had heard of the agent last, when they answered; `nil`: nothing.
    func heard(in call: String, before answer: AnswerOnRecord) throws -> String?
    /// Rows that may cover the request, newest last; the gate looks at them again.
    func consents(for request: ConsentGate.Request) throws -> [Consent]
    func optOuts(of number: String) throws -> [OptOut]
    /// - Parameter message: not counted.
    func history(for request: ConsentGate.Request, besides message: String, now: Int64) throws -> ConsentGate.History
    /// Texts that were taken on and not handed over.
    func waitingTexts() throws -> [WaitingText]

    mutating func insert(_ action: DecidedAction) throws
    mutating func insert(_ consent: Consent) throws
    mutating func withdrawConsents(
        of number: PhoneNumber, purpose: ConsentPurpose, call: String, now: Int64
    ) throws
    mutating func insert(_ text: TextMessage, of action: DecidedAction, purpose: ConsentPurpose, provider: String)
        throws
    /// The text will not leave.
    mutating func suppress(_ message: String, rule: String, now: Int64) throws
}

/// What an action has to know of its call.
public struct CallOnRecord: Equatable, Sendable {
    /// As the provider gave it.
    public var caller: String
    public var agent: String

    public init(caller: String, agent: String) {
        self.caller = caller
        self.agent = agent
    }
}

/// A caller's turn that is said to hold an answer. Times are milliseconds of the call.
public struct AnswerOnRecord: Equatable, Sendable {
    public var text: String
    public var isKeyed: Bool
    public var began: Int
    public var ended: Int

    public init(text: String, isKeyed: Bool, began: Int, ended: Int) {
        self.text = text
        self.isKeyed = isKeyed
        self.began = began
        self.ended = ended
    }
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
}

/// A text's row, as far as sending needs it.
public struct WaitingText: Equatable, Sendable {
    public var id: String
    public var key: String
    public var call: String
    public var purpose: String
    public var recipient: String
    public var sender: String
    public var body: String

    public init(
        id: String, key: String, call: String, purpose: String, recipient: String, sender: String, body: String
    ) {
        self.id = id
        self.key = key
        self.call = call
        self.purpose = purpose
        self.recipient = recipient
        self.sender = sender
        self.body = body
    }
}
