/// Writes one reply as a stream of events.
struct ChatStream {
    private let request: FakeChatRequest
    private let reply: FakeChatReply
    private let response: FakeResponse
    /// What waits to be cut into pieces.
    private var waiting: [UInt8] = []

    init(_ request: FakeChatRequest, _ reply: FakeChatReply, _ response: FakeResponse) {
        self.request = request
        self.reply = reply
        self.response = response
    }

    mutating func write() async {
        guard reply.isAnswered else { return await response.hang() }
        await FakeLoop.delay(reply.delay)
        if let status = reply.status {
            return await OpenAIRefusal.scripted(status, retryAfter: reply.retryAfter).write(response)
        }
        await response.head(200, headers: [("Content-Type", "text/event-stream; charset=utf-8")])
        if reply.hasRole { await delta(["role": "assistant", "content": "", "refusal": nil]) }
        for step in reply.steps {
            guard await perform(step) else { return }
        }
        if request.wantsUsage {
            let usage: FakeJSON = ["prompt_tokens": 91, "completion_tokens": 14, "total_tokens": 105]
            await event(chunk(choices: [], usage: usage).text)
        }
        if reply.hasDone { await event("[DONE]") }
        await flush()
        await response.end()
    }

    /// - Returns: whether the next step follows.
    private mutating func perform(_ step: FakeChatReply.Step) async -> Bool {
        switch step {
        case .text(let text): return await delta(["content": .string(text)])
        case .call(let index, let id, let name, let fragments):
            var isTaken = await call(index, id, name, "")
            for fragment in fragments where isTaken { isTaken = await call(index, nil, nil, fragment) }
            return isTaken
        case .wholeCall(let index, let id, let name, let arguments): return await call(index, id, name, arguments)
        case .delta(let delta): return await self.delta(delta)
        case .finish(let reason): return await delta([:], finish: .string(reason))
        case .data(let text): return await event(text)
        case .comment(let text): return await put(": \(text)\(reply.lineEnd)\(reply.lineEnd)")
        case .wait(let time):
            await flush()
            await FakeLoop.delay(time)
            return response.isConnected
        case .failure:
            await event(OpenAIRefusal.scripted(500, retryAfter: nil).body.text)
            await flush()
            await response.end()
            return false
        case .stall:
            await flush()
            await response.hang()
            return false
        case .cut:
            await flush()
            await response.cut()
            return false
        case .drop:
            await flush()
            await response.drop()
            return false
        case .forever(let text):
            while await delta(["content": .string(text)]) { await flush() }
            return false
        }
    }

    private mutating func call(_ index: Int?, _ id: String?, _ name: String?, _ arguments: String) async -> Bool {
        var function: [String: FakeJSON] = ["arguments": .string(arguments)]
        var call: [String: FakeJSON] = [:]
        if let name {
            function["name"] = .string(name)
            call["type"] = "function"
        }
        if let index { call["index"] = .number(Double(index)) }
        if let id { call["id"] = .string(id) }
        call["function"] = .object(function)
        return await delta(["tool_calls": [.object(call)]])
    }

    @discardableResult
    private mutating func delta(_ delta: FakeJSON, finish: FakeJSON = nil) async -> Bool {
        await event(
            chunk(choices: [["index": 0, "delta": delta, "logprobs": nil, "finish_reason": finish]], usage: nil).text)
    }

    private func chunk(choices: FakeJSON, usage: FakeJSON) -> FakeJSON {
        var fields: [String: FakeJSON] = [
            "id": .string("chatcmpl-\(request.number)"), "object": "chat.completion.chunk", "created": 1_795_212_345,
            "model": .string(request.model), "system_fingerprint": "fp_fake", "choices": choices,
            // The vendor pads its events; nobody is to speak it.
            "obfuscation": "padding",
        ]
        if request.wantsUsage { fields["usage"] = usage }
        return .object(fields)
    }

    @discardableResult
    private mutating func event(_ data: String) async -> Bool {
        await put("data:\(reply.hasSpaceAfterColon ? " " : "")\(data)\(reply.lineEnd)\(reply.lineEnd)")
    }

    private mutating func put(_ text: String) async -> Bool {
        switch reply.splits {
        case .events: return await response.write(text)
        case .none: waiting += Array(text.utf8)
        case .bytes(let size):
            waiting += Array(text.utf8)
            while waiting.count >= max(size, 1) {
                guard await response.write(Array(waiting.prefix(max(size, 1)))) else { return false }
                waiting.removeFirst(max(size, 1))
            }
        }
        return response.isConnected
    }

    private mutating func flush() async {
        await response.write(waiting)
        waiting = []
    }
}
