import ParleyCore
import ParleyNetwork
import ParleyWire

/// A circuit breaker as a chat agent sees it: one for each model of the process, shared by all calls.
public struct ModelHealth: Sendable {
    /// Whether the model may be asked now; a yes may be the one probe of an open circuit.
    public var admits: @Sendable () -> Bool
    /// How a request goes that was admitted; its end is not told where nobody waited for it.
    public var report: @Sendable (ModelOutcome) -> Void

    public init(admits: @escaping @Sendable () -> Bool, report: @escaping @Sendable (ModelOutcome) -> Void) {
        self.admits = admits
        self.report = report
    }

    /// No breaker.
    public static let always = ModelHealth(admits: { true }, report: { _ in })
}

/// How a model does with a request.
public enum ModelOutcome: Equatable, Sendable {
    /// The first piece of its answer came.
    case began(after: CallTime)
    case succeeded
    /// Why, in a line without secrets.
    case failed(String, isStall: Bool)
    /// Another model took its place.
    case switched
}

/// One model of an agent's chain: where it is and how it is asked.
struct ChatModel: Sendable {
    /// As in the configuration.
    var name: String
    var url: String
    var key: Secret?
    /// As its server calls it.
    var model: String
    var temperature: Double?
    var mostTokens: Int
    /// `max_tokens`, or `max_completion_tokens` on newer hosted models.
    var tokenField = "max_tokens"
    /// `nil`: as the server has it.
    var callsInParallel: Bool?
    var wantsUsage = true
    var client: HTTPStreamClient
    var health = ModelHealth.always

    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"), ("Accept", "text/event-stream"), ("User-Agent", "parley"),
        ]
        if let key { headers.append(("Authorization", "Bearer \(key.revealed)")) }
        return headers
    }

    /// The body of `POST /v1/chat/completions`. Source: OpenAI API reference, "Create chat completion".
    ///
    /// - Parameter tools: a JSON array.
    func body(_ request: ChatRequest, tools: String) -> [UInt8] {
        var out = JSONWriter()
        out.beginObject()
        out.field("model", model)
        out.field("stream", true)
        if wantsUsage {
            out.key("stream_options")
            out.raw(#"{"include_usage":true}"#)
        }
        if let temperature { out.field("temperature", temperature) }
        out.field(tokenField, mostTokens)
        out.key("messages")
        out.beginArray()
        for message in request.messages { Self.write(message, to: &out) }
        out.endArray()
        // A conversation with calls in it needs the tools named, even where none may be called.
        out.key("tools")
        out.raw(tools)
        out.field("tool_choice", request.mayUseTools ? "auto" : "none")
        if let callsInParallel { out.field("parallel_tool_calls", callsInParallel) }
        out.endObject()
        return out.bytes
    }

    private static func write(_ message: ChatMessage, to out: inout JSONWriter) {
        out.beginObject()
        switch message {
        case .system(let text):
            out.field("role", "system")
            out.field("content", text)
        case .user(let text):
            out.field("role", "user")
            out.field("content", text)
        case .assistant(let text, let calls):
            out.field("role", "assistant")
            out.key("content")
            if text.isEmpty { out.null() } else { out.value(text) }
            if !calls.isEmpty { write(calls, to: &out) }
        case .tool(let id, let result):
            out.field("role", "tool")
            out.field("tool_call_id", id)
            out.field("content", result)
        }
        out.endObject()
    }

    private static func write(_ calls: [ChatMessage.Call], to out: inout JSONWriter) {
        out.key("tool_calls")
        out.beginArray()
        for call in calls {
            out.beginObject()
            out.field("id", call.id)
            out.field("type", "function")
            out.key("function")
            out.beginObject()
            out.field("name", call.name)
            out.field("arguments", call.arguments)
            out.endObject()
            out.endObject()
        }
        out.endArray()
    }
}
