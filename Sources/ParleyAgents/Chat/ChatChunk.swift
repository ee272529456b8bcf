import ParleyWire

/// One `chat.completion.chunk` of a stream, as far as it counts: the first choice's text, pieces of tool calls and end.
///
/// Fields that are not known, reasoning and refusals among them, are skipped: they are never spoken.
/// Source: OpenAI API reference, "Chat completions streaming".
struct ChatChunk: Equatable, Sendable {
    /// A piece of a tool call.
    struct Fragment: Equatable, Sendable {
        /// `nil` where a server leaves it out.
        var index: Int?
        var id: String?
        var name = ""
        var arguments = ""
    }
    struct Usage: Equatable, Sendable {
        var promptTokens = 0
        var completionTokens = 0
    }
    var text = ""
    var fragments: [Fragment] = []
    /// `nil`: more is to come.
    var finishReason: String?
    var usage: Usage?
    /// The server tells of a failure in the midst of its answer.
    var hasError = false

    /// - Parameter data: of one event; lent.
    init(_ data: UnsafeRawBufferPointer) throws(JSONError) {
        var json = JSONScanner(data, limits: .init(maxDepth: 32, maxKeys: 512))
        try json.enterObject()
        while let key = try json.nextKey() {
            let kind = try json.kind()
            if key == "choices", kind == .array {
                try json.enterArray()
                while try json.nextElement() { try readChoice(&json) }
            } else if key == "usage", kind == .object {
                try readUsage(&json)
            } else {
                if key == "error", kind != .null { hasError = true }
                try json.skip()
            }
        }
        try json.finish()
    }

    private init() {}

    private mutating func readChoice(_ json: inout JSONScanner) throws(JSONError) {
        var choice = ChatChunk()
        var index = 0
        try json.enterObject()
        while let key = try json.nextKey() {
            let kind = try json.kind()
            if key == "index", kind == .number {
                index = try json.integer()
            } else if key == "delta", kind == .object {
                try choice.readDelta(&json)
            } else if key == "finish_reason", kind == .string {
                let reason = try json.string().string
                choice.finishReason = reason.isEmpty ? nil : reason
            } else {
                try json.skip()
            }
        }
        guard index == 0 else { return }
        text += choice.text
        fragments += choice.fragments
        finishReason = choice.finishReason ?? finishReason
    }

    private mutating func readDelta(_ json: inout JSONScanner) throws(JSONError) {
        try json.enterObject()
        while let key = try json.nextKey() {
            let kind = try json.kind()
            if key == "content", kind == .string {
                text = try json.string().string
            } else if key == "tool_calls", kind == .array {
                try json.enterArray()
                while try json.nextElement() { fragments.append(try Self.fragment(&json)) }
            } else {
                try json.skip()
            }
        }
    }

    private static func fragment(_ json: inout JSONScanner) throws(JSONError) -> Fragment {
        var fragment = Fragment()
        try json.enterObject()
        while let key = try json.nextKey() {
            let kind = try json.kind()
            if key == "index", kind == .number {
                fragment.index = try json.integer()
            } else if key == "id", kind == .string {
                let id = try json.string().string
                fragment.id = id.isEmpty ? nil : id
            } else if key == "function", kind == .object {
                try readFunction(&json, into: &fragment)
            } else {
                try json.skip()
            }
        }
        return fragment
    }

    private static func readFunction(_ json: inout JSONScanner, into fragment: inout Fragment) throws(JSONError) {
        try json.enterObject()
        while let key = try json.nextKey() {
            let kind = try json.kind()
            if key == "name", kind == .string {
                fragment.name = try json.string().string
            } else if key == "arguments", kind == .string {
                fragment.arguments = try json.string().string
            } else {
                // Some servers write the arguments as JSON rather than as a text that holds it.
                let value = try json.skip()
                if key == "arguments", kind == .object { fragment.arguments = String(decoding: value, as: UTF8.self) }
            }
        }
    }

    private mutating func readUsage(_ json: inout JSONScanner) throws(JSONError) {
        var usage = Usage()
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "prompt_tokens" {
                usage.promptTokens = try json.counter() ?? 0
            } else if key == "completion_tokens" {
                usage.completionTokens = try json.counter() ?? 0
            } else {
                try json.skip()
            }
        }
        self.usage = usage
    }
}
