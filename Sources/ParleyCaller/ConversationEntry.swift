import ParleyCore

/// One line of a call as it is shown to people.
public struct ConversationEntry: Equatable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The caller begins to say or key a line of the script.
        case caller
        /// What the other side understood of the caller.
        case understood
        /// What the caller heard of the agent.
        case agent
        /// Anything else worth a line.
        case event
    }
    public var at: CallTime
    public var kind: Kind
    public var text: String

    /// `+12.340  agent       Which day suits you?`
    public var description: String { "\(Self.clock(at))  \(Self.column(kind))  \(text)" }

    static func clock(_ time: CallTime) -> String {
        let milliseconds = max(0, time.milliseconds)
        let fraction = String(milliseconds % 1_000)
        let text = "+\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }

    private static func column(_ kind: Kind) -> String {
        kind.rawValue + String(repeating: " ", count: 10 - kind.rawValue.count)
    }
}
