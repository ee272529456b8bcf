import ParleyWire

/// What a Realtime server says, as far as a call needs it. Both spellings of an event are one.
///
/// Source: https://platform.openai.com/docs/api-reference/realtime-server-events.
enum RealtimeEvent: Equatable, Sendable {
    /// An item of a response: a message, or a call of a function.
    struct Item: Equatable, Sendable {
        var id: String
        var kind: String
        var name: String?
        var callID: String?
        var arguments: String?
    }

    case sessionUpdated
    /// The caller's audio so far is this item now.
    case committed(item: String)
    case callerWords(item: String, String)
    case callerTranscript(item: String, String)
    case callerTranscriptFailed(item: String)
    case responseCreated(String)
    case itemAdded(response: String, Item)
    /// With its arguments, where it is a call.
    case itemDone(response: String, Item)
    /// Mu-law.
    case audio(response: String, item: String, content: Int, [UInt8])
    case words(response: String, item: String, content: Int, String)
    /// All words of an item.
    case transcript(response: String, item: String, content: Int, String)
    case arguments(response: String, item: String, call: String, name: String?, String)
    case responseDone(String, status: String, [Item])
    /// - event: our own event that it is about, where the server says.
    case error(code: String, message: String, event: String?)
    /// Something else, or new.
    case other

    /// Why a message says nothing.
    enum Fault: Error, Equatable, Sendable {
        case json(JSONError)
        case missing(String)
        case audio
    }

    /// - Parameter message: one text message.
    init(_ message: UnsafeRawBufferPointer) throws(Fault) {
        var fields = RealtimeFields()
        do throws(JSONError) { try fields.read(message) } catch { throw .json(error) }
        guard let type = fields.type else { throw .missing("type") }
        self = try Self.event(type, fields)
    }

    private static func event(_ type: String, _ fields: RealtimeFields) throws(Fault) -> RealtimeEvent {
        switch type {
        case "session.updated": return .sessionUpdated
        case "input_audio_buffer.committed": return .committed(item: try fields.needed(\.item, "item_id"))
        case "conversation.item.input_audio_transcription.delta":
            return .callerWords(item: try fields.needed(\.item, "item_id"), fields.delta?.string ?? "")
        case "conversation.item.input_audio_transcription.completed":
            return .callerTranscript(
                item: try fields.needed(\.item, "item_id"), try fields.needed(\.transcript, "transcript"))
        case "conversation.item.input_audio_transcription.failed":
            return .callerTranscriptFailed(item: try fields.needed(\.item, "item_id"))
        case "response.created": return .responseCreated(try fields.needed(\.responseID, "response.id"))
        case "response.output_item.added":
            return .itemAdded(
                response: try fields.needed(\.responseID, "response_id"), try fields.needed(\.output.first, "item"))
        case "response.output_item.done":
            return .itemDone(
                response: try fields.needed(\.responseID, "response_id"), try fields.needed(\.output.first, "item"))
        case "response.output_audio.delta", "response.audio.delta":
            return .audio(
                response: try fields.needed(\.responseID, "response_id"), item: try fields.needed(\.item, "item_id"),
                content: fields.content, try fields.audio())
        case "response.output_audio_transcript.delta", "response.audio_transcript.delta":
            return .words(
                response: try fields.needed(\.responseID, "response_id"), item: try fields.needed(\.item, "item_id"),
                content: fields.content, fields.delta?.string ?? "")
        case "response.output_audio_transcript.done", "response.audio_transcript.done":
            return .transcript(
                response: try fields.needed(\.responseID, "response_id"), item: try fields.needed(\.item, "item_id"),
                content: fields.content, try fields.needed(\.transcript, "transcript"))
        case "response.function_call_arguments.done":
            return .arguments(
                response: try fields.needed(\.responseID, "response_id"), item: try fields.needed(\.item, "item_id"),
                call: try fields.needed(\.call, "call_id"), name: fields.name,
                try fields.needed(\.arguments, "arguments"))
        case "response.done":
            return .responseDone(
                try fields.needed(\.responseID, "response.id"), status: fields.status ?? "completed", fields.output)
        case "error":
            return .error(code: fields.code ?? "", message: fields.message ?? "", event: fields.ownEvent)
        default: return .other
        }
    }
}
