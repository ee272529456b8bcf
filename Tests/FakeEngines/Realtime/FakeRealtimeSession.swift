import Synchronization

/// One connection: reads what the client says, and makes a response beside it.
final class FakeRealtimeSession: Sendable {
    private let script: FakeRealtimeScript
    private let socket: FakeWebSocket
    private let counts: FakeRealtimeCounts
    private let records: FakeRealtimeRecords
    private let state: Mutex<State>

    private struct State {
        var conversation: FakeRealtimeConversation
        /// Of the response under way.
        var isCancelled = false
    }

    init(
        _ script: FakeRealtimeScript, _ socket: FakeWebSocket, counts: FakeRealtimeCounts, records: FakeRealtimeRecords
    ) {
        self.script = script
        self.socket = socket
        self.counts = counts
        self.records = records
        state = Mutex(State(conversation: FakeRealtimeConversation(isBeta: script.isBeta)))
    }

    func run() async {
        let hasBetaHeader = socket.upgrade.headers["OpenAI-Beta"] == "realtime=v1"
        guard hasBetaHeader == script.isBeta else {
            violation(script.isBeta ? "the header OpenAI-Beta is missing" : "the header OpenAI-Beta is not for GA")
            return await socket.close(code: 4000, reason: "invalid_request_error")
        }
        await say(["type": "session.created", "session": ["id": "sess_1", "type": "realtime"]])
        while let message = await socket.next() {
            guard let text = message.text, let json = FakeJSON(text: text) else {
                violation("a message that is no JSON")
                continue
            }
            let steps = state.withLock { $0.conversation.take(json) }
            for step in steps { await take(step, of: json) }
        }
    }

    private func take(_ step: FakeRealtimeConversation.Step, of json: FakeJSON) async {
        switch step {
        case .say(let event): await say(event)
        case .wrong(let what): violation(what)
        case .transcribe(let item): await transcribe(item)
        case .cancel:
            let number = state.withLock { state -> Bool in
                state.isCancelled = true
                return state.conversation.active != nil
            }
            if !number { violation("nothing to cancel") }
        case .respond(let instructions): await respond(instructions, json)
        }
    }

    private func violation(_ what: String) {
        records.violations.append(FakeViolation(connection: socket.number, what: what))
    }

    private func say(_ event: FakeJSON) async {
        var fields = event.object ?? [:]
        fields["event_id"] = .string("event_\(counts.nextEvent())")
        await socket.send(FakeJSON.object(fields).text)
    }

    // MARK: The caller

    private func transcribe(_ item: String) async {
        let turn = counts.nextTurn()
        let words = script.lines.indices.contains(turn) ? script.lines[turn] : ""
        state.withLock { $0.conversation.wrote(words, item: item) }
        var delay: Duration?
        for fault in script.faults {
            switch fault {
            case .noTranscript(turn): return
            case .failedTranscript(turn):
                return await say([
                    "type": "conversation.item.input_audio_transcription.failed", "item_id": .string(item),
                    "content_index": 0,
                    "error": ["type": "server_error", "code": "audio_unintelligible", "message": "", "param": nil],
                ])
            case .lateTranscript(turn, let time): delay = time
            default: break
            }
        }
        guard let delay else { return await write(words, item) }
        FakeLoop.run { [self] in
            await FakeLoop.delay(delay)
            await write(words, item)
        }
    }

    private func write(_ words: String, _ item: String) async {
        for (index, word) in words.split(separator: " ").enumerated() {
            await say([
                "type": "conversation.item.input_audio_transcription.delta", "item_id": .string(item),
                "content_index": 0, "delta": .string((index == 0 ? "" : " ") + word),
            ])
        }
        await say([
            "type": "conversation.item.input_audio_transcription.completed", "item_id": .string(item),
            "content_index": 0, "transcript": .string(words), "usage": ["type": "duration", "seconds": 1],
        ])
    }

    // MARK: A response

    private func respond(_ instructions: String?, _ json: FakeJSON) async {
        let number = counts.nextResponse()
        if script.faults.contains(.busy(response: number)) {
            let steps = state.withLock {
                $0.conversation.error(json, "conversation_already_has_active_response", "response")
            }
            for case .say(let event) in steps { await say(event) }
            return
        }
        let id = "resp_\(number)"
        let context = state.withLock { state in
            state.isCancelled = false
            state.conversation.active = id
            return FakeRealtimeContext(
                response: number, conversation: state.conversation.lines, instructions: instructions)
        }
        records.contexts.append(context)
        await say(["type": "response.created", "response": response(id, "in_progress", [])])
        guard !script.faults.contains(.silent(response: number)) else { return }
        FakeLoop.run { [self] in await speak(script.reply(context), id, number) }
    }

    private func response(_ id: String, _ status: String, _ output: [FakeJSON]) -> FakeJSON {
        [
            "id": .string(id), "object": "realtime.response", "status": .string(status), "status_details": nil,
            "output": .array(output), "usage": nil,
        ]
    }

    private var isCancelled: Bool { state.withLock { $0.isCancelled } }

    private func speak(_ reply: FakeRealtimeReply, _ id: String, _ number: Int) async {
        await FakeLoop.delay(reply.delay)
        await misbehave(number)
        var output: [FakeJSON] = []
        let isDeaf = script.faults.contains(.deafToCancel(response: number))
        if !reply.say.isEmpty, isDeaf || !isCancelled {
            guard let item = await speak(reply, id, number, isDeaf) else { return }
            output.append(item)
        }
        for call in reply.calls where isDeaf || !isCancelled { output.append(await self.call(call, id, output.count)) }
        let isCut = isCancelled
        state.withLock { $0.conversation.active = nil }
        if isCut { records.cancelled.append(number) }
        await say(["type": "response.done", "response": response(id, isCut ? "cancelled" : reply.status, output)])
        records.ended.append(number)
    }

    private func misbehave(_ number: Int) async {
        for case .garbage(number, let count) in script.faults {
            let garbage = [
                "not JSON", "{\"type\":7}", "{\"type\":\"response.output_audio.delta\",\"delta\":\"*\"}", "[]",
            ]
            for index in 0..<count { await socket.send(garbage[index % garbage.count]) }
        }
    }

    /// - Returns: `nil` where the connection has been ended.
    private func speak(_ reply: FakeRealtimeReply, _ id: String, _ number: Int, _ isDeaf: Bool) async -> FakeJSON? {
        let item = "item_agent_\(counts.nextItem())"
        let place: [String: FakeJSON] = [
            "response_id": .string(id), "item_id": .string(item), "output_index": 0, "content_index": 0,
        ]
        func event(_ type: String, _ fields: [String: FakeJSON]) -> FakeJSON {
            .object(place.merging(fields.merging(["type": .string(type)]) { $1 }) { $1 })
        }
        let sound = script.isBeta ? "response.audio" : "response.output_audio"
        await say([
            "type": "response.output_item.added", "response_id": .string(id), "output_index": 0,
            "item": message(item, "in_progress", ""),
        ])
        await say(event("response.content_part.added", ["part": ["type": "audio", "transcript": ""]]))
        let isEndless = script.faults.contains(.endless(response: number))
        var (said, words) = ("", reply.say.split(separator: " ").map(String.init))
        var count = 0
        while isEndless || !words.isEmpty, isDeaf || !isCancelled {
            if words.isEmpty { words = ["again"] }
            let word = (count == 0 ? "" : " ") + words.removeFirst()
            said += word
            count += 1
            let time = word.count * script.millisecondsPerCharacter
            state.withLock { $0.conversation.speaks(item, word, milliseconds: time) }
            if !reply.isWordless { await say(event("\(sound)_transcript.delta", ["delta": .string(word)])) }
            let octets = FakeTone.octets(milliseconds: time)
            var delta = place
            delta["type"] = .string("\(sound).delta")
            delta["event_id"] = .string("event_\(counts.nextEvent())")
            delta["delta"] = .string(FakeBase64.encode(octets))
            guard await socket.send(FakeJSON.object(delta).text) else { return nil }
            for fault in script.faults {
                switch fault {
                case .drops(number, count):
                    await socket.drop()
                    return nil
                case .closes(number, count, let code):
                    await socket.close(code: code)
                    return nil
                default: break
                }
            }
            // What never waits leaves the fakes' one thread no time to read: a cancellation would not be heard.
            await FakeLoop.delay(isEndless ? max(script.pace, .milliseconds(1)) : script.pace)
        }
        await say(event("\(sound).done", [:]))
        if !reply.isWordless { await say(event("\(sound)_transcript.done", ["transcript": .string(said)])) }
        await say(event("response.content_part.done", ["part": ["type": "audio", "transcript": .string(said)]]))
        let whole = message(item, isCancelled && !isDeaf ? "incomplete" : "completed", said)
        await say([
            "type": "response.output_item.done", "response_id": .string(id), "output_index": 0, "item": whole,
        ])
        return whole
    }

    private func message(_ id: String, _ status: String, _ said: String) -> FakeJSON {
        [
            "id": .string(id), "object": "realtime.item", "type": "message", "status": .string(status),
            "role": "assistant",
            "content": said.isEmpty
                ? []
                : [["type": script.isBeta ? "audio" : "output_audio", "transcript": .string(said)]],
        ]
    }

    private func call(_ call: FakeRealtimeReply.Call, _ id: String, _ index: Int) async -> FakeJSON {
        let number = counts.nextItem()
        let (item, name) = ("item_call_\(number)", "call_\(number)")
        func whole(_ status: String, _ arguments: String) -> FakeJSON {
            [
                "id": .string(item), "object": "realtime.item", "type": "function_call", "status": .string(status),
                "call_id": .string(name), "name": .string(call.name), "arguments": .string(arguments),
            ]
        }
        let place: [String: FakeJSON] = [
            "response_id": .string(id), "item_id": .string(item), "output_index": .number(Double(index)),
            "call_id": .string(name),
        ]
        state.withLock { $0.conversation.calls(item, name, "\(call.name) \(call.arguments)") }
        await say([
            "type": "response.output_item.added", "response_id": .string(id), "output_index": .number(Double(index)),
            "item": whole("in_progress", ""),
        ])
        let half = call.arguments.count / 2
        for part in [call.arguments.prefix(half), call.arguments.dropFirst(half)] {
            await say(
                .object(
                    place.merging([
                        "type": "response.function_call_arguments.delta", "delta": .string(String(part)),
                    ]) { $1 }))
        }
        var done = place.merging([
            "type": "response.function_call_arguments.done", "arguments": .string(call.arguments),
        ]) { $1 }
        if !script.isBeta { done["name"] = .string(call.name) }
        await say(.object(done))
        let ended = whole("completed", call.arguments)
        await say([
            "type": "response.output_item.done", "response_id": .string(id), "output_index": .number(Double(index)),
            "item": ended,
        ])
        return ended
    }
}

/// What the model sounds like: a low buzz.
enum FakeTone {
    static func octets(milliseconds: Int) -> [UInt8] {
        // 100 Hz: half a period of each sign.
        (0..<milliseconds * 8).map { $0 / 40 % 2 == 0 ? 0x9F : 0x1F }
    }
}
