/// What a speech-to-speech model hears and says, and how it fails.
public struct FakeRealtimeScript: Sendable {
    /// What is written down of the n-th turn that is committed, over all connections. A turn beyond them says nothing.
    public var lines: [String]
    /// What the model says, given all that its conversation holds.
    public var reply: @Sendable (FakeRealtimeContext) -> FakeRealtimeReply
    public var faults: [FakeRealtimeFault] = []
    /// How long each character sounds.
    public var millisecondsPerCharacter = 60
    /// Between a response's words.
    public var pace = Duration.zero
    /// It speaks as servers did before the general availability.
    public var isBeta = false

    public init(
        lines: [String] = [], faults: [FakeRealtimeFault] = [],
        reply: @escaping @Sendable (FakeRealtimeContext) -> FakeRealtimeReply
    ) {
        self.lines = lines
        self.faults = faults
        self.reply = reply
    }
}

/// What a response is made from.
public struct FakeRealtimeContext: Sendable {
    /// Of the server, from 0.
    public let response: Int
    /// The whole conversation, a line for each item: `user: Hello`, `assistant: Hi` (cut: `assistant: Hi [cut at 480 ms]`),
    /// `call: send_sms {}`, `output: {}`.
    public let conversation: [String]
    /// In place of the session's.
    public let instructions: String?
    /// Of the item that the model answers.
    public var last: String { conversation.last ?? "" }
}

/// One response.
public struct FakeRealtimeReply: Sendable {
    public struct Call: Sendable {
        public var name: String
        public var arguments: String

        public init(_ name: String, _ arguments: String) {
            self.name = name
            self.arguments = arguments
        }
    }
    public var say: String
    /// After what is said.
    public var calls: [Call]
    public var status = "completed"
    /// Before its first word.
    public var delay = Duration.zero
    /// Sound comes without words.
    public var isWordless = false

    public init(_ say: String = "", calls: [Call] = []) {
        self.say = say
        self.calls = calls
    }
}

/// One way to fail. Responses and turns count from 0, over all connections.
public enum FakeRealtimeFault: Equatable, Sendable {
    case refuse(connection: Int, status: Int)
    case neverConnects(connection: Int)
    case lateTranscript(turn: Int, Duration)
    /// The words of this turn never come.
    case noTranscript(turn: Int)
    case failedTranscript(turn: Int)
    /// Created, and then nothing.
    case silent(response: Int)
    /// The connection is reset after so many words.
    case drops(response: Int, words: Int)
    case closes(response: Int, words: Int, code: UInt16)
    /// So many messages that say nothing, before the first word.
    case garbage(response: Int, messages: Int)
    /// Words without end.
    case endless(response: Int)
    /// It is asked for and refused, as though the one before were not over.
    case busy(response: Int)
    /// The rest of it comes although it was cancelled.
    case deafToCancel(response: Int)
}
