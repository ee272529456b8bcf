/// What an engine is there for.
public enum EngineRole: String, Sendable, CaseIterable {
    case recognizer, voice, agent
}

/// Something about the engines behind a call that its record should hold.
public struct EngineNews: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Its connection was lost and made again; what it had not answered was given to it again.
        case reconnected
        /// It gave no sign within its time.
        case stalled
        /// It said that it could not.
        case failed
        /// Another one took its place; `detail` names it.
        case switched
        /// Audio was dropped, as it could not keep up; `detail` says how much.
        case gap
        /// What it made is far shorter or longer than its text; `detail` says by how much.
        case length
        /// It said what its protocol does not have: dropped. Counted for the engine, and not told to a call.
        case garbage
        /// A model called a tool that there is not, or wrongly: nothing was done. The engine is well; `detail` has the tool and why.
        case toolRejected = "tool_rejected"
        /// A model called a tool again with the same arguments in the same turn: done once. `detail` names it.
        case toolRepeated = "tool_repeated"

        /// What a model made of its tools. Its engine is well: nobody has to be woken.
        public var isOfTools: Bool { self == .toolRejected || self == .toolRepeated }
    }
    public var role: EngineRole
    /// As in the configuration.
    public var engine: String
    public var kind: Kind
    /// One line without words of the caller, and without secrets; may be empty.
    public var detail: String

    public init(_ role: EngineRole, _ engine: String, _ kind: Kind, detail: String = "") {
        self.role = role
        self.engine = engine
        self.kind = kind
        self.detail = detail
    }
}
