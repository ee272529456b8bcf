/// What `/v1/chat/completions` demands of a client that streams (protocols.md 6.11).
struct ChatRules: Sendable {
    static let path = "/v1/chat/completions"

    let key: String?
    let models: [String]
    /// Newer models refuse `max_tokens`, older servers do not know `max_completion_tokens`.
    let tokenFields: [String]

    func object(_ request: FakeRequest) throws(OpenAIRefusal) -> FakeJSON {
        let fields = try request.fields(Self.path, key: key)
        var sent = SentFields(fields)
        let model = sent.text("model", isRequired: true) ?? ""
        if sent.problems.isEmpty, !models.contains(model) {
            throw OpenAIRefusal(status: 404, message: "The model `\(model)` does not exist", code: "model_not_found")
        }
        settings(&sent)
        let tools = tools(&sent)
        choice(&sent, tools)
        let messages = sent.list("messages", isRequired: true) ?? []
        var conversation = ChatConversation()
        for (index, message) in messages.enumerated() { conversation.take(message, index, &sent) }
        conversation.end(&sent)
        sent.nothingElse()
        if let problem = sent.problems.first { throw OpenAIRefusal(message: problem) }
        return .object(fields)
    }

    private func settings(_ sent: inout SentFields) {
        if sent.flag("stream") != true { sent.problem("stream is not true, and the fake only streams") }
        sent.object("stream_options") { options in
            options.flag("include_usage")
            options.flag("include_obfuscation")
        }
        sent.number("temperature", in: 0...2)
        sent.number("top_p", in: 0...1)
        for name in ["presence_penalty", "frequency_penalty"] { sent.number(name, in: -2...2) }
        let limits = ["max_tokens", "max_completion_tokens"].filter { sent.has($0) }
        if limits.count == 2 { sent.problem("max_tokens and max_completion_tokens are both set") }
        for name in limits {
            _ = sent.whole(name, in: 1...1_000_000)
            if !tokenFields.contains(name) { sent.problem("Unsupported parameter: '\(name)'") }
        }
        _ = sent.whole("n", in: 1...1)
        _ = sent.whole("seed", in: 0...Int(Int32.max))
        for name in [
            "stop", "response_format", "metadata", "logit_bias", "user", "service_tier", "store", "reasoning_effort",
            "verbosity", "prompt_cache_key", "safety_identifier",
        ] { _ = sent.any(name) }
    }

    /// The names of the tools.
    private func tools(_ sent: inout SentFields) -> [String] {
        guard let list = sent.list("tools") else { return [] }
        if list.isEmpty { sent.problem("tools is empty") }
        var names: [String] = []
        for (index, tool) in list.enumerated() {
            guard let fields = tool.object else { return sent.problem("tools[\(index)] is no object", names) }
            var entry = SentFields(fields, place: "tools[\(index)].")
            _ = entry.text("type", isRequired: true, among: ["function"])
            entry.object("function", isRequired: true) { function in
                let name = function.text("name", isRequired: true) ?? ""
                if name.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) == nil {
                    function.problem("a tool may not be named \(name)")
                }
                if names.contains(name) { function.problem("two tools are named \(name)") }
                names.append(name)
                _ = function.text("description")
                let isStrict = function.flag("strict") ?? false
                guard let schema = function.any("parameters", isRequired: true) else { return }
                for problem in ChatSchema.problems(schema, isStrict: isStrict) {
                    function.problem("\(name): \(problem)")
                }
            }
            entry.nothingElse()
            for problem in entry.problems { sent.problem(problem) }
        }
        return names
    }

    private func choice(_ sent: inout SentFields, _ tools: [String]) {
        for name in ["tool_choice", "parallel_tool_calls"] where sent.has(name) && tools.isEmpty {
            sent.problem("'\(name)' is only allowed when 'tools' are specified")
        }
        sent.flag("parallel_tool_calls")
        guard let choice = sent.any("tool_choice") else { return }
        if let name = choice["function"]?["name"]?.string {
            if choice["type"] != "function" || !tools.contains(name) { sent.problem("tool_choice names no tool") }
        } else if !["auto", "none", "required"].contains(choice.string ?? "") {
            sent.problem("tool_choice is none of auto, none, required")
        }
    }
}

extension SentFields {
    fileprivate mutating func problem<Value>(_ words: String, _ value: Value) -> Value {
        problem(words)
        return value
    }
}
