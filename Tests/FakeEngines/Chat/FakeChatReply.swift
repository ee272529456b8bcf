/// What a fake model answers one request with.
public struct FakeChatReply: Sendable {
    public enum Step: Sendable {
        /// One delta with this content.
        case text(String)
        /// A tool call: first its name, then its arguments in these fragments. Local servers leave out index or id.
        case call(index: Int?, id: String?, name: String, fragments: [String])
        /// A tool call in a single delta.
        case wholeCall(index: Int?, id: String?, name: String, arguments: String)
        /// A delta as it is.
        case delta(FakeJSON)
        case finish(String)
        /// The data of an event, as it is: JSON that is cut, say.
        case data(String)
        case comment(String)
        case wait(Duration)
        /// An event with the error of a server, after which the stream ends.
        case failure
        /// Nothing more comes.
        case stall
        /// The connection ends here.
        case cut
        /// The same with a reset.
        case drop
        /// One delta with this content after another, until the client goes.
        case forever(String)
    }

    /// Where the network cuts.
    public enum Splits: Equatable, Sendable {
        /// Each event comes by itself.
        case events
        /// In pieces of so many bytes: within lines, and within characters.
        case bytes(Int)
        /// All that waits for nothing comes at once.
        case none
    }

    public var steps: [Step]
    public var splits = Splits.events
    public var lineEnd = "\n"
    public var hasSpaceAfterColon = true
    /// A first delta that names the role, without content.
    public var hasRole = true
    /// `[DONE]` at the end.
    public var hasDone = true
    /// Answered in place of a stream.
    public var status: Int?
    public var retryAfter: Int?
    /// Before the head of the response.
    public var delay = Duration.zero
    /// `false`: no head, no body, no end.
    public var isAnswered = true

    public init(_ steps: [Step]) { self.steps = steps }

    /// Words, one to a delta, and `stop`.
    public static func say(_ text: String) -> FakeChatReply {
        var pieces: [String] = []
        for character in text {
            if pieces.isEmpty || (character == " " && pieces.last != " ") {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return FakeChatReply(pieces.map { .text($0) } + [.finish("stop")])
    }

    /// One tool call in two fragments of arguments, as the vendor streams it.
    public static func call(_ name: String, _ arguments: String, id: String = "call_1") -> FakeChatReply {
        let middle = arguments.index(arguments.startIndex, offsetBy: arguments.count / 2)
        let fragments = [String(arguments[..<middle]), String(arguments[middle...])]
        return FakeChatReply([.call(index: 0, id: id, name: name, fragments: fragments), .finish("tool_calls")])
    }

    public static func refuse(_ status: Int, retryAfter: Int? = nil) -> FakeChatReply {
        var reply = FakeChatReply([])
        reply.status = status
        reply.retryAfter = retryAfter
        return reply
    }

    public static var neverAnswers: FakeChatReply { FakeChatReply([]).with { $0.isAnswered = false } }

    /// The same, changed.
    public func with(_ change: (inout FakeChatReply) -> Void) -> FakeChatReply {
        var copy = self
        change(&copy)
        return copy
    }
}
