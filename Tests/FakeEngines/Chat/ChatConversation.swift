/// Messages of a request, in order: each of its shape, and no tool call without its result.
struct ChatConversation {
    private var isEmpty = true
    /// Calls of the last assistant message that no tool message has answered yet.
    private var unanswered: [String] = []
    /// All calls that the last assistant message made.
    private var called: [String] = []

    mutating func take(_ message: FakeJSON, _ index: Int, _ sent: inout SentFields) {
        isEmpty = false
        guard let object = message.object else { return sent.problem("messages[\(index)] is no object") }
        var fields = SentFields(object, place: "messages[\(index)].")
        let role = fields.text("role", isRequired: true, among: ["system", "developer", "user", "assistant", "tool"])
        if role != "tool", !unanswered.isEmpty {
            fields.problem(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                    + "'tool_call_id'. Without response: \(unanswered.joined(separator: ", "))")
            unanswered = []
        }
        if let name = fields.text("name"), name.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) == nil {
            fields.problem("messages[\(index)].name is none")
        }
        switch role {
        case "assistant":
            calls(&fields, index)
            content(&fields, index, isRequired: called.isEmpty)
            _ = fields.text("refusal")
        case "tool":
            content(&fields, index, isRequired: true)
            let id = fields.text("tool_call_id", isRequired: true) ?? ""
            guard let place = unanswered.firstIndex(of: id) else {
                fields.problem(
                    "messages with role 'tool' must be a response to a preceding message with 'tool_calls': \(id)")
                break
            }
            unanswered.remove(at: place)
        default:
            called = []
            content(&fields, index, isRequired: true)
        }
        fields.nothingElse()
        for problem in fields.problems { sent.problem(problem) }
    }

    func end(_ sent: inout SentFields) {
        if isEmpty { sent.problem("messages is empty") }
        if !unanswered.isEmpty {
            sent.problem("the last message has tool calls without results: \(unanswered.joined(separator: ", "))")
        }
    }

    private mutating func calls(_ fields: inout SentFields, _ index: Int) {
        called = []
        guard let list = fields.list("tool_calls") else { return }
        if list.isEmpty { fields.problem("messages[\(index)].tool_calls is empty") }
        for (place, call) in list.enumerated() {
            guard let object = call.object else {
                return fields.problem("messages[\(index)]: a tool call is no object")
            }
            var entry = SentFields(object, place: "messages[\(index)].tool_calls[\(place)].")
            let id = entry.text("id", isRequired: true) ?? ""
            if id.isEmpty || called.contains(id) { entry.problem("a tool call's id is empty, or comes twice") }
            _ = entry.text("type", isRequired: true, among: ["function"])
            entry.object("function", isRequired: true) { function in
                _ = function.text("name", isRequired: true)
                _ = function.text("arguments", isRequired: true)
            }
            entry.nothingElse()
            for problem in entry.problems { fields.problem(problem) }
            called.append(id)
        }
        unanswered = called
    }

    private func content(_ fields: inout SentFields, _ index: Int, isRequired: Bool) {
        guard let content = fields.any("content", isRequired: isRequired) else { return }
        if content.string != nil { return }
        let parts = content.array ?? []
        let isRight = parts.allSatisfy { $0["type"] == "text" && $0["text"]?.string != nil }
        if parts.isEmpty || !isRight { fields.problem("messages[\(index)].content is neither a string nor texts") }
    }
}
