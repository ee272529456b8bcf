import FakeEngines

/// What a client asks of a model, right, and wrong in one place at a time.
enum ChatClient {
    static let tool: FakeJSON = [
        "type": "function",
        "function": [
            "name": "send_sms", "description": "Send an SMS to the caller",
            "parameters": [
                "type": "object", "properties": ["body": ["type": "string", "maxLength": 320]], "required": ["body"],
                "additionalProperties": false,
            ],
        ],
    ]

    static let call: FakeJSON = [
        "id": "call_1", "type": "function", "function": ["name": "send_sms", "arguments": "{\"body\":\"12 Elm St\"}"],
    ]

    static let messages: [FakeJSON] = [
        ["role": "system", "content": "You are a phone agent."], ["role": "user", "content": "Text me the address"],
        ["role": "assistant", "content": nil, "tool_calls": [call]],
        ["role": "tool", "tool_call_id": "call_1", "content": "{\"status\":\"queued\"}"],
    ]

    static func body(_ more: FakeJSON) -> String {
        let fields: [String: FakeJSON] = [
            "model": "gpt-x", "stream": true, "stream_options": ["include_usage": true], "temperature": 0.3,
            "max_tokens": 300, "parallel_tool_calls": false, "messages": .array(messages), "tools": [tool],
            "tool_choice": "auto",
        ]
        return FakeJSON.object(fields.merging(more.object ?? [:]) { $1 }).text
    }

    /// With one message in another's place.
    static func body(message index: Int, _ message: FakeJSON) -> String {
        var changed = messages
        changed[index] = message
        return body(["messages": .array(changed)])
    }

    /// With a field of the tool's function changed.
    static func body(function name: String, _ value: FakeJSON) -> String {
        var function = tool["function"]?.object ?? [:]
        function[name] = value
        return body(["tools": [["type": "function", "function": .object(function)]]])
    }

    static let right = HTTPExchange(
        target: "/v1/chat/completions",
        headers: [("Authorization", "Bearer openai-key"), ("Content-Type", "application/json")], body: body([:]))

    static let wrong: [RequestMutation] = [
        RequestMutation("401: no key") { $0.headers.removeFirst() },
        RequestMutation("401: another key") { $0.headers[0].value = "Bearer openai" },
        RequestMutation("415: another content type") { $0.headers[1].value = "text/plain" },
        RequestMutation("404: another path") { $0.target = "/chat/completions" },
        RequestMutation("405: another method") { $0.method = "PUT" },
        RequestMutation("404: an unknown model") { $0.body = body(["model": "gpt-y"]) },
        RequestMutation("400: no JSON") { $0.body.removeLast() },
        RequestMutation("400: no stream") { $0.body = body(["stream": nil]) },
        RequestMutation("400: a stream that is a string") { $0.body = body(["stream": "true"]) },
        RequestMutation("400: no messages") { $0.body = body(["messages": []]) },
        RequestMutation("400: an unknown role") { $0.body = body(message: 1, ["role": "caller", "content": "Hi"]) },
        RequestMutation("400: a user without words") { $0.body = body(message: 1, ["role": "user", "content": nil]) },
        RequestMutation("400: an assistant without words or calls") {
            $0.body = body(message: 1, ["role": "assistant", "content": nil])
        },
        RequestMutation("400: a call without a result, in the middle") {
            $0.body = body(message: 3, ["role": "user", "content": "Hello?"])
        },
        RequestMutation("400: a call without a result, at the end") {
            $0.body = body(["messages": .array(messages.dropLast())])
        },
        RequestMutation("400: a result of another call") {
            $0.body = body(message: 3, ["role": "tool", "tool_call_id": "call_2", "content": "x"])
        },
        RequestMutation("400: a result without a call") {
            $0.body = body(message: 2, ["role": "assistant", "content": "Yes."])
        },
        RequestMutation("400: a result without an id") {
            $0.body = body(message: 3, ["role": "tool", "content": "x"])
        },
        RequestMutation("400: arguments that are an object") {
            $0.body = body(
                message: 2,
                [
                    "role": "assistant", "content": nil,
                    "tool_calls": [
                        ["id": "call_1", "type": "function", "function": ["name": "send_sms", "arguments": [:]]]
                    ],
                ])
        },
        RequestMutation("400: a call without a type") {
            $0.body = body(
                message: 2,
                [
                    "role": "assistant",
                    "tool_calls": [["id": "call_1", "function": ["name": "send_sms", "arguments": "{}"]]],
                ])
        },
        RequestMutation("400: no tools") { $0.body = body(["tools": []]) },
        RequestMutation("400: a tool's name with a space") { $0.body = body(function: "name", "send sms") },
        RequestMutation("400: a tool without a schema") { $0.body = body(function: "parameters", nil) },
        RequestMutation("400: a schema that is no object's") {
            $0.body = body(function: "parameters", ["type": "string"])
        },
        RequestMutation("400: a schema without properties") {
            $0.body = body(function: "parameters", ["type": "object"])
        },
        RequestMutation("400: a required name that is no property") {
            $0.body = body(function: "parameters", ["type": "object", "properties": [:], "required": ["body"]])
        },
        RequestMutation("400: a type that is none") {
            $0.body = body(function: "parameters", ["type": "object", "properties": ["body": ["type": "text"]]])
        },
        RequestMutation("400: a choice without tools") { $0.body = body(["tools": nil, "parallel_tool_calls": nil]) },
        RequestMutation("400: a choice that is no tool") {
            $0.body = body(["tool_choice": ["type": "function", "function": ["name": "x"]]])
        },
        RequestMutation("400: both limits") { $0.body = body(["max_completion_tokens": 300]) },
        RequestMutation("400: too warm") { $0.body = body(["temperature": 3]) },
        RequestMutation("400: an unknown field") { $0.body = body(["prompt": "Hi"]) },
    ]
}
