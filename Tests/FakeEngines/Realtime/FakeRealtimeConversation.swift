/// What a session holds: its configuration, the caller's audio, the conversation. Pure; says what the server answers.
struct FakeRealtimeConversation {
    struct Item {
        enum Kind { case user, assistant, system, call, output }
        var id: String
        var kind: Kind
        var text: String
        var callID = ""
        /// Of an assistant's sound.
        var milliseconds = 0
        var cutAt: Int?
    }

    enum Step {
        case say(FakeJSON)
        case wrong(String)
        case transcribe(item: String)
        case respond(instructions: String?)
        case cancel
    }

    let isBeta: Bool
    private(set) var isConfigured = false
    private(set) var voice = ""
    private(set) var tools: Set<String> = []
    private(set) var items: [Item] = []
    private var buffered = 0
    private var itemCount = 0
    /// The response under way.
    var active: String?

    init(isBeta: Bool) { self.isBeta = isBeta }

    var lines: [String] {
        items.map { item in
            let cut = item.cutAt.map { " [cut at \($0) ms]" } ?? ""
            return switch item.kind {
            case .user: "user: \(item.text)"
            case .assistant: "assistant: \(item.text)\(cut)"
            case .system: "system: \(item.text)"
            case .call: "call: \(item.text)"
            case .output: "output: \(item.text)"
            }
        }
    }

    mutating func take(_ json: FakeJSON) -> [Step] {
        guard let fields = json.object, let type = json["type"]?.string else {
            return error(json, "missing_required_parameter", "type")
        }
        let allowed: Set<String>
        switch type {
        case "session.update": allowed = ["session"]
        case "input_audio_buffer.append": allowed = ["audio"]
        case "input_audio_buffer.commit", "input_audio_buffer.clear": allowed = []
        case "conversation.item.create": allowed = ["item", "previous_item_id"]
        case "conversation.item.delete": allowed = ["item_id"]
        case "conversation.item.truncate": allowed = ["item_id", "content_index", "audio_end_ms"]
        case "response.create": allowed = ["response"]
        case "response.cancel": allowed = ["response_id"]
        default: return error(json, "invalid_value", "type")
        }
        if let name = Set(fields.keys).subtracting(allowed.union(["type", "event_id"])).min() {
            return error(json, "unknown_parameter", name)
        }
        if let event = fields["event_id"], (event.string?.utf8.count ?? 513) > 512 {
            return error(json, "string_above_max_length", "event_id")
        }
        guard isConfigured || type == "session.update" else { return error(json, "session_not_configured", type) }
        switch type {
        case "session.update": return update(json)
        case "input_audio_buffer.append": return append(json)
        case "input_audio_buffer.commit": return commit(json)
        case "input_audio_buffer.clear":
            buffered = 0
            return [.say(["type": "input_audio_buffer.cleared"])]
        case "conversation.item.create": return create(json)
        case "conversation.item.delete": return delete(json)
        case "conversation.item.truncate": return truncate(json)
        case "response.create": return respond(json)
        default:
            guard active != nil else { return error(json, "response_cancel_not_active", "response") }
            return [.cancel]
        }
    }

    private mutating func update(_ json: FakeJSON) -> [Step] {
        guard let session = json["session"], session.object != nil else {
            return error(json, "missing_required_parameter", "session")
        }
        switch FakeRealtimeConfiguration.check(session, isBeta: isBeta, voice: isConfigured ? voice : nil) {
        case .failure(let fault): return error(json, fault.code, fault.parameter)
        case .success(let configuration):
            (voice, tools, isConfigured) = (configuration.voice, configuration.tools, true)
            return [.say(["type": "session.updated", "session": configuration.session])]
        }
    }

    private mutating func append(_ json: FakeJSON) -> [Step] {
        guard let text = json["audio"]?.string, let octets = FakeBase64.decode(text), !octets.isEmpty else {
            return error(json, "invalid_value", "audio")
        }
        buffered += octets.count
        return []
    }

    private mutating func commit(_ json: FakeJSON) -> [Step] {
        // Mu-law: 8 octets a millisecond.
        guard buffered >= 800 else { return error(json, "input_audio_buffer_commit_empty", "audio") }
        buffered = 0
        let id = newID("user")
        let previous: FakeJSON = items.last.map { .string($0.id) } ?? .null
        items.append(Item(id: id, kind: .user, text: ""))
        return [
            .say(["type": "input_audio_buffer.committed", "item_id": .string(id), "previous_item_id": previous])
        ]
            + added(
                [
                    "id": .string(id), "type": "message", "role": "user", "status": "completed",
                    "content": [["type": "input_audio", "transcript": nil]],
                ], previous) + [.transcribe(item: id)]
    }

    mutating func newID(_ kind: String) -> String {
        itemCount += 1
        return "item_\(kind)_\(itemCount)"
    }

    private func added(_ item: FakeJSON, _ previous: FakeJSON) -> [Step] {
        (isBeta ? ["created"] : ["added", "done"]).map {
            .say(["type": .string("conversation.item.\($0)"), "previous_item_id": previous, "item": item])
        }
    }

    private mutating func create(_ json: FakeJSON) -> [Step] {
        guard let item = json["item"], let type = item["type"]?.string else {
            return error(json, "missing_required_parameter", "item")
        }
        let id = item["id"]?.string ?? newID("made")
        guard id.utf8.count <= 32, !items.contains(where: { $0.id == id }) else {
            return error(json, "invalid_value", "item.id")
        }
        switch type {
        case "message":
            let roles: [String: (Item.Kind, String)] = [
                "user": (.user, "input_text"), "system": (.system, "input_text"),
                "assistant": (.assistant, isBeta ? "text" : "output_text"),
            ]
            guard let role = item["role"]?.string, let (kind, content) = roles[role],
                let parts = item["content"]?.array, parts.count == 1, parts[0]["type"]?.string == content,
                let text = parts[0]["text"]?.string
            else { return error(json, "invalid_value", "item.content") }
            items.append(Item(id: id, kind: kind, text: text))
        case "function_call":
            guard let name = item["name"]?.string, let call = item["call_id"]?.string,
                let arguments = item["arguments"]?.string
            else { return error(json, "missing_required_parameter", "item.call_id") }
            items.append(Item(id: id, kind: .call, text: "\(name) \(arguments)", callID: call))
        case "function_call_output":
            guard let call = item["call_id"]?.string, let output = item["output"]?.string,
                items.contains(where: { $0.kind == .call && $0.callID == call })
            else { return error(json, "invalid_value", "item.call_id") }
            items.append(Item(id: id, kind: .output, text: output, callID: call))
        default: return error(json, "invalid_value", "item.type")
        }
        return added(item, nil)
    }

    private mutating func delete(_ json: FakeJSON) -> [Step] {
        guard let id = json["item_id"]?.string, let index = items.firstIndex(where: { $0.id == id }) else {
            return error(json, "item_delete_invalid_item_id", "item_id")
        }
        items.remove(at: index)
        return [.say(["type": "conversation.item.deleted", "item_id": .string(id)])]
    }

    private mutating func truncate(_ json: FakeJSON) -> [Step] {
        guard let id = json["item_id"]?.string, let end = json["audio_end_ms"]?.whole, end >= 0,
            json["content_index"]?.whole == 0,
            let index = items.firstIndex(where: { $0.id == id && $0.kind == .assistant })
        else { return error(json, "item_truncate_invalid_item_id", "item_id") }
        guard end <= items[index].milliseconds else { return error(json, "invalid_value", "audio_end_ms") }
        items[index].cutAt = end
        // The text goes: it holds what was not heard.
        items[index].text = ""
        return [
            .say([
                "type": "conversation.item.truncated", "item_id": .string(id), "content_index": 0,
                "audio_end_ms": .number(Double(end)),
            ])
        ]
    }

    private mutating func respond(_ json: FakeJSON) -> [Step] {
        guard active == nil else { return error(json, "conversation_already_has_active_response", "response") }
        let options = json["response"]?.object ?? [:]
        if let name = Set(options.keys).subtracting(["instructions", "tool_choice", "metadata"]).min() {
            return error(json, "unknown_parameter", "response.\(name)")
        }
        if let instructions = options["instructions"], instructions.string == nil {
            return error(json, "invalid_type", "response.instructions")
        }
        return [.respond(instructions: options["instructions"]?.string)]
    }

    /// The session goes on.
    func error(_ json: FakeJSON, _ code: String, _ parameter: String) -> [Step] {
        let words = "\(code): '\(parameter)'"
        return [
            .wrong(words),
            .say([
                "type": "error",
                "error": [
                    "type": "invalid_request_error", "code": .string(code), "message": .string(words),
                    "param": .string(parameter), "event_id": json["event_id"] ?? .null,
                ],
            ]),
        ]
    }

    // MARK: What the model does

    mutating func wrote(_ words: String, item: String) {
        if let index = items.firstIndex(where: { $0.id == item }) { items[index].text = words }
    }

    mutating func speaks(_ item: String, _ words: String, milliseconds: Int) {
        if let index = items.firstIndex(where: { $0.id == item }) {
            items[index].text += words
            items[index].milliseconds += milliseconds
        } else {
            items.append(Item(id: item, kind: .assistant, text: words, milliseconds: milliseconds))
        }
    }

    mutating func calls(_ item: String, _ call: String, _ text: String) {
        items.append(Item(id: item, kind: .call, text: text, callID: call))
    }
}
