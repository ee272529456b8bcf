/// Who carries a text. Given one only after its row is durable.
public protocol MessageProvider: Sendable {
    /// As in the configuration, the record and metrics.
    var name: String { get }
    /// Hands over one text. Must not block; `answer` is called once, from any thread.
    func send(_ text: TextMessage, answer: @escaping @Sendable (SendAnswer) -> Void)
}

/// What became of handing a text over.
public enum SendAnswer: Equatable, Sendable {
    /// Nobody carries it; it is in the ledger.
    case recorded
    /// The provider has it, under its own id.
    case accepted(providerID: String)
    /// Not taken, and sure not to be sent.
    case refused(code: String)
    /// The request left and no answer came.
    case unknown

    /// The state that the row moves to.
    public var state: MessageState {
        switch self {
        case .recorded: .recorded
        case .accepted: .accepted
        case .refused: .failed
        case .unknown: .unknown
        }
    }
}

/// The default: a text is written to the ledger and goes no further.
public struct RecordOnlyProvider: MessageProvider {
    public let name = "record_only"
    public init() {}

    public func send(_ text: TextMessage, answer: @escaping @Sendable (SendAnswer) -> Void) { answer(.recorded) }
}
