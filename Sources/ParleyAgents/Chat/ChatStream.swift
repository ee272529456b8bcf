import ParleyActions

/// What a model's stream says, as it comes.
enum ChatStreamEvent: Equatable, Sendable {
    /// A piece of the answer, not empty.
    case text(String)
    /// A piece of a tool call came: the tool's name as far as it is known.
    case tool(String)
    /// The answer is whole, with these calls; nothing comes after it.
    case ended(Reason, [ModelCall])

    enum Reason: Equatable, Sendable {
        /// The model had said all. Whether it called tools is told by the calls: servers disagree on its name.
        case stop
        /// It ran into its limit of tokens: the last sentence or call may be cut.
        case length
        case filtered
    }
}

/// A tool call as a model wrote it. Nothing of it is checked.
struct ModelCall: Equatable, Sendable {
    var name: String
    var arguments: String
}

/// Why nothing can be made of a stream any more.
enum ChatStreamFault: Error, Equatable, Sendable {
    case malformed
    /// The server told of a failure in the midst of it.
    case error
    case argumentsTooLong
    case tooManyCalls
    /// It was over before it had ended.
    case cut

    /// One line for the record.
    var text: String {
        switch self {
        case .malformed: "the stream cannot be read"
        case .error: "the server told of an error in its stream"
        case .argumentsTooLong: "a tool call is too long"
        case .tooManyCalls: "too many tool calls in one answer"
        case .cut: "the stream ended too soon"
        }
    }
}

/// The answer that the chunks of one stream add up to.
///
/// The fragments of a call are joined by `index`; where a server leaves that out, by `id`, else by order.
struct ChatStream: Sendable {
    /// Calls in one answer, whatever becomes of them.
    private static let mostCalls = 16
    private static let longestName = 128

    /// As the server counted; `nil` until it says so.
    private(set) var usage: ChatChunk.Usage?
    private var drafts: [ChatChunk.Fragment] = []
    private var hasText = false
    private var hasEnded = false

    /// - Parameter data: of one event; lent.
    mutating func take(_ data: UnsafeRawBufferPointer) throws(ChatStreamFault) -> [ChatStreamEvent] {
        if data.elementsEqual("[DONE]".utf8) { return end(.stop) }
        guard !data.isEmpty else { return [] }
        guard let chunk = try? ChatChunk(data) else { throw .malformed }
        if chunk.hasError { throw .error }
        usage = chunk.usage ?? usage
        guard !hasEnded else { return [] }
        var events: [ChatStreamEvent] = []
        if !chunk.text.isEmpty {
            events.append(.text(chunk.text))
            hasText = true
        }
        for fragment in chunk.fragments { events.append(.tool(try join(fragment))) }
        switch chunk.finishReason {
        case nil: break
        case "length": events += end(.length)
        case "content_filter": events += end(.filtered)
        default: events += end(.stop)
        }
        return events
    }

    /// The body is over. Text counts as whole without an end of its own; a tool call never does.
    mutating func finish() throws(ChatStreamFault) -> [ChatStreamEvent] {
        if hasEnded { return [] }
        guard hasText, drafts.isEmpty else { throw .cut }
        return end(.stop)
    }

    private mutating func end(_ reason: ChatStreamEvent.Reason) -> [ChatStreamEvent] {
        guard !hasEnded else { return [] }
        hasEnded = true
        return [.ended(reason, drafts.map { ModelCall(name: $0.name, arguments: $0.arguments) })]
    }

    /// - Returns: the name of the call that it belongs to, as far as it is known.
    private mutating func join(_ fragment: ChatChunk.Fragment) throws(ChatStreamFault) -> String {
        let place = place(of: fragment)
        if let place {
            drafts[place].name += fragment.name
            drafts[place].arguments += fragment.arguments
        } else {
            guard drafts.count < Self.mostCalls else { throw .tooManyCalls }
            drafts.append(fragment)
        }
        let joined = drafts[place ?? drafts.count - 1]
        guard joined.arguments.utf8.count <= ActionRegistry.maxArgumentBytes, joined.name.utf8.count <= Self.longestName
        else { throw .argumentsTooLong }
        return joined.name
    }

    private func place(of fragment: ChatChunk.Fragment) -> Int? {
        if let index = fragment.index { return drafts.lastIndex { $0.index == index } }
        if let id = fragment.id { return drafts.lastIndex { $0.id == id } }
        // Without either a name begins a call, and anything else goes on with the last one.
        return fragment.name.isEmpty ? drafts.indices.last : nil
    }
}
