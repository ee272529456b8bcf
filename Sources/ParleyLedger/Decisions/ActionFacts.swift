import ParleyActions
import ParleyCore
import ParleyMessaging

/// What actions are decided on. Questions only: that they were asked, and what was answered, is all that a decision
/// hangs on besides its request, the time and the configuration.
public protocol ActionFacts {
    /// What was decided on this very action before; `nil`: nothing.
    func receipt(of key: InvocationKey) throws -> ActionReceipt?
    /// `nil` for a call that was never written down.
    func call(_ id: String) throws -> CallOnRecord?
    /// The caller's turn of that number, as it was recorded; the newest where there are several.
    func answer(in call: String, turn: UInt32) throws -> AnswerOnRecord?
    /// What the caller had heard of the agent last, when they answered; `nil`: nothing.
    func heard(in call: String, before answer: AnswerOnRecord) throws -> String?
    /// What the call knows by name.
    func variables(of call: String) throws -> [String: String]
    /// Rows that may cover the request, newest last; the gate looks at them again.
    func consents(for request: ConsentGate.Request) throws -> [Consent]
    /// Those that hold now.
    func optOuts(of number: String) throws -> [OptOut]
    /// - Parameters:
    ///   - caller: who brought the text about; empty where nobody did.
    ///   - message: not counted; empty: all are.
    func counts(
        for request: ConsentGate.Request, caller: String, besides message: String
    ) throws -> FraudCaps.Counts
    /// The text that said this in this call; `nil`: none did.
    func text(of fact: String, in call: String) throws -> String?
    /// Of the newest text to this number since a time, its channel.
    func newestChannel(to number: String, since: Int64) throws -> String?
    /// When a text of this channel last told the number how to opt out.
    func lastHint(from channel: String, to number: String) throws -> Int64?
    /// Whether the words repeat what was said in the call, at length.
    func isTranscript(_ words: String, of call: String) throws -> Bool
}

/// What an action has to know of its call.
public struct CallOnRecord: Equatable, Sendable, Codable {
    /// As the provider gave it.
    public var caller: String
    public var agent: String
    /// Texts are not a call's own any more once it is over.
    public var isOver: Bool

    public init(caller: String, agent: String, isOver: Bool = false) {
        self.caller = caller
        self.agent = agent
        self.isOver = isOver
    }
}

/// A caller's turn that is said to hold an answer. Times are milliseconds of the call.
public struct AnswerOnRecord: Equatable, Sendable, Codable {
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
