import ParleyCore
import ParleyWire

/// What is sent to a Realtime server: one text message each.
///
/// Source: https://platform.openai.com/docs/api-reference/realtime-client-events.
enum RealtimeMessages {
    static let sessionEvent = "session"

    /// Must come first. Turns are ours to end.
    static func session(_ settings: RealtimeSettings) -> [UInt8] {
        message("session.update", event: sessionEvent) { json in
            json.key("session")
            json.beginObject()
            switch settings.dialect {
            case .ga: current(settings, &json)
            case .beta: beta(settings, &json)
            }
            json.key("tools")
            json.beginArray()
            for tool in settings.tools {
                json.beginObject()
                json.field("type", "function")
                json.field("name", tool.name)
                json.field("description", tool.description)
                json.key("parameters")
                json.raw(tool.schema)
                json.endObject()
            }
            json.endArray()
            json.field("tool_choice", "auto")
            json.endObject()
        }
    }

    private static func current(_ settings: RealtimeSettings, _ json: inout JSONWriter) {
        json.field("type", "realtime")
        texts("output_modalities", ["audio"], &json)
        json.field("instructions", settings.fullInstructions)
        json.key("audio")
        json.beginObject()
        json.key("input")
        json.beginObject()
        format(&json)
        json.key("transcription")
        transcription(settings, &json)
        json.key("turn_detection")
        json.null()
        json.endObject()
        json.key("output")
        json.beginObject()
        format(&json)
        json.field("voice", settings.voice)
        json.endObject()
        json.endObject()
    }

    private static func format(_ json: inout JSONWriter) {
        json.key("format")
        json.beginObject()
        json.field("type", "audio/pcmu")
        json.endObject()
    }

    private static func beta(_ settings: RealtimeSettings, _ json: inout JSONWriter) {
        texts("modalities", ["audio", "text"], &json)
        json.field("instructions", settings.fullInstructions)
        json.field("voice", settings.voice)
        json.field("input_audio_format", "g711_ulaw")
        json.field("output_audio_format", "g711_ulaw")
        json.key("input_audio_transcription")
        transcription(settings, &json)
        json.key("turn_detection")
        json.null()
        if let temperature = settings.temperature { json.field("temperature", temperature) }
    }

    private static func transcription(_ settings: RealtimeSettings, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("model", settings.transcriptionModel)
        if !settings.language.isEmpty { json.field("language", settings.language) }
        json.endObject()
    }

    private static func texts(_ name: String, _ texts: [String], _ json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for text in texts { json.value(text) }
        json.endArray()
    }

    /// - Parameter octets: mu-law.
    static func append(_ octets: [UInt8]) -> [UInt8] {
        var bytes = Array(#"{"type":"input_audio_buffer.append","audio":""#.utf8)
        Base64.append(octets.span, to: &bytes)
        bytes += Array(#""}"#.utf8)
        return bytes
    }

    static func commit(_ turn: TurnID) -> [UInt8] { message("input_audio_buffer.commit", event: commitEvent(turn)) }

    static func commitEvent(_ turn: TurnID) -> String { "commit-\(turn.number)" }

    static func clear() -> [UInt8] { message("input_audio_buffer.clear") }

    /// - Parameters:
    ///   - instructions: for this response, in place of the session's.
    ///   - mayCall: functions may be called.
    static func respond(event: String, instructions: String?, mayCall: Bool) -> [UInt8] {
        message("response.create", event: event) { json in
            guard instructions != nil || !mayCall else { return }
            json.key("response")
            json.beginObject()
            if let instructions { json.field("instructions", instructions) }
            if !mayCall { json.field("tool_choice", "none") }
            json.endObject()
        }
    }

    static func responseEvent(_ number: Int) -> String { "response-\(number)" }

    static func cancel() -> [UInt8] { message("response.cancel") }

    static func delete(item: String) -> [UInt8] {
        message("conversation.item.delete") { $0.field("item_id", item) }
    }

    /// - Parameter milliseconds: of its audio that the caller heard.
    static func truncate(item: String, content: Int, milliseconds: Int) -> [UInt8] {
        message("conversation.item.truncate") { json in
            json.field("item_id", item)
            json.field("content_index", content)
            json.field("audio_end_ms", milliseconds)
        }
    }

    enum Role: String { case user, assistant, system }

    /// - Parameter id: to delete it by; `nil`: the server gives it one.
    static func text(_ text: String, from role: Role, id: String?, dialect: RealtimeSettings.Dialect) -> [UInt8] {
        item(id: id, "message") { json in
            json.field("role", role.rawValue)
            json.key("content")
            json.beginArray()
            json.beginObject()
            json.field("type", role != .assistant ? "input_text" : dialect == .ga ? "output_text" : "text")
            json.field("text", text)
            json.endObject()
            json.endArray()
        }
    }

    static func call(_ call: String, name: String, arguments: String) -> [UInt8] {
        item(id: nil, "function_call") { json in
            json.field("call_id", call)
            json.field("name", name)
            json.field("arguments", arguments)
        }
    }

    /// - Parameter output: JSON, as text.
    static func output(of call: String, _ output: String) -> [UInt8] {
        item(id: nil, "function_call_output") { json in
            json.field("call_id", call)
            json.field("output", output)
        }
    }

    private static func item(id: String?, _ kind: String, _ fields: (inout JSONWriter) -> Void) -> [UInt8] {
        message("conversation.item.create") { json in
            json.key("item")
            json.beginObject()
            if let id { json.field("id", id) }
            json.field("type", kind)
            fields(&json)
            json.endObject()
        }
    }

    private static func message(
        _ type: String, event: String? = nil, _ fields: (inout JSONWriter) -> Void = { _ in }
    ) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", type)
        if let event { json.field("event_id", event) }
        fields(&json)
        json.endObject()
        return json.bytes
    }
}
