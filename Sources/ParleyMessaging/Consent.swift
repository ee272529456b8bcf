/// What a text is for. Consent to one purpose covers no other.
public enum ConsentPurpose: String, Sendable, CaseIterable, Codable {
    /// Asked for in a call, and covered for that call only.
    case transactionalInCall = "transactional_in_call"
    case informational
    /// Needs written consent; refused unless the policy says otherwise.
    case marketing
    /// Answers to somebody who texted us, for a day.
    case conversation
    /// What the rules ask us to answer to STOP, START and HELP: one text for one that came in, also to those who opted out.
    case notice

    /// What an agent or an action may name; the others follow from a text that came in.
    public static let nameable: [ConsentPurpose] = [.transactionalInCall, .informational, .marketing]
}

/// How consent was given.
public enum ConsentMeans: String, Sendable, CaseIterable, Codable {
    case spoken
    case keyPress = "key_press"
    case keyword, web
    case imported = "import"
    /// A text of theirs.
    case inbound
}

/// One stored consent: who may be texted, by whom, what for, and the evidence that it was given.
public struct Consent: Equatable, Sendable, Codable {
    public var id: String
    /// E.164.
    public var number: String
    public var purpose: ConsentPurpose
    /// The sending number or channel that it was given to.
    public var sender: String
    public var means: ConsentMeans
    /// What the caller was asked, as it was put.
    public var wording: String
    public var wordingVersion: String
    /// What the caller had really heard of the agent before answering; empty where that is not known.
    public var heard: String
    /// BCP 47.
    public var language: String
    /// The caller's words, or the key.
    public var answer: String
    /// UTC milliseconds since 1970.
    public var givenAt: Int64
    public var call: String
    /// The caller's turn that holds the answer, and where it lies in the call, in milliseconds.
    public var turn: UInt32
    public var spanBegan: Int
    public var spanEnded: Int
    /// The agent that asked, with its version where it has one.
    public var agent: String

    public init(
        id: String, number: String, purpose: ConsentPurpose, sender: String, means: ConsentMeans, wording: String,
        wordingVersion: String, heard: String, language: String, answer: String, givenAt: Int64, call: String,
        turn: UInt32, spanBegan: Int, spanEnded: Int, agent: String
    ) {
        self.id = id
        self.number = number
        self.purpose = purpose
        self.sender = sender
        self.means = means
        self.wording = wording
        self.wordingVersion = wordingVersion
        self.heard = heard
        self.language = language
        self.answer = answer
        self.givenAt = givenAt
        self.call = call
        self.turn = turn
        self.spanBegan = spanBegan
        self.spanEnded = spanEnded
        self.agent = agent
    }
}

/// Somebody said stop. Holds against every consent to the same number, older or newer, until they opt in again.
public struct OptOut: Equatable, Sendable, Codable {
    public enum Scope: Equatable, Sendable, Codable {
        /// All texts of this operator, whoever sends them: the default.
        case everything
        case purpose(ConsentPurpose)
    }
    /// `means` of what a person has to read: it may have been one.
    public static let suspected = "suspected"

    /// E.164.
    public var number: String
    public var scope: Scope
    /// `sms`, `spoken`, `key_press`, `operator`, `provider`; `suspected` where a person has to read what was said.
    public var means: String
    /// UTC milliseconds since 1970.
    public var at: Int64
    /// The call it was said in; empty elsewhere.
    public var call: String

    public init(number: String, scope: Scope = .everything, means: String, at: Int64, call: String = "") {
        self.number = number
        self.scope = scope
        self.means = means
        self.at = at
        self.call = call
    }

    public func covers(_ purpose: ConsentPurpose) -> Bool {
        switch scope {
        case .everything: purpose != .notice
        case .purpose(let stopped): stopped == purpose
        }
    }
}
