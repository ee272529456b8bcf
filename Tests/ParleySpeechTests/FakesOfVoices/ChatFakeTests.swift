import FakeEngines
import NIOCore
import ParleyNetwork
import Testing

@Suite("The fake of /v1/chat/completions", .timeLimit(.minutes(2)))
struct ChatFakeTests {
    private let client = HTTPStreamClient()

    /// The data of the events in a body.
    private func events(_ answer: HTTPProbe) -> [String] {
        String(decoding: answer.body, as: UTF8.self).split(separator: "\n\n").filter { $0.hasPrefix("data: ") }
            .map { String($0.dropFirst(6)) }
    }

    private func text(_ events: [String]) -> String {
        events.compactMap { FakeJSON(text: $0)?["choices"]?[0]?["delta"]?["content"]?.string }.joined()
    }

    @Test("A right request gets a role, words, a reason, the usage and an end")
    func right() async throws {
        let fake = FakeChatCompletions(replies: [.say("It is on its way.")])
        try await fake.start()
        let answer = try await ChatClient.right.perform(fake.url, client).whole()
        let events = events(answer)
        #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
        #expect(events.count == 9)
        #expect(FakeJSON(text: events[0])?["choices"]?[0]?["delta"]?["role"] == "assistant")
        #expect(text(events) == "It is on its way.")
        #expect(FakeJSON(text: events[6])?["choices"]?[0]?["finish_reason"] == "stop")
        #expect(FakeJSON(text: events[7])?["usage"]?["total_tokens"] == 105)
        #expect(FakeJSON(text: events[7])?["choices"] == [])
        #expect(events[8] == "[DONE]")
        #expect(fake.violations.all == [])
        let request = try #require(fake.requests.all.first)
        #expect(request.roles == ["system", "user", "assistant", "tool"])
        #expect(request.last("user") == "Text me the address")
        #expect(request.toolNames == ["send_sms"])
        await fake.stop()
        await client.shutDown()
    }

    @Test("A request that is wrong is refused with the vendor's own error", arguments: ChatClient.wrong)
    func wrong(_ mutation: RequestMutation) async throws {
        let fake = FakeChatCompletions(replies: [])
        try await fake.start()
        let answer = try await mutation.applied(to: ChatClient.right).perform(fake.url, client).whole()
        #expect(answer.status.map { "\($0)" } == String(mutation.name.prefix(3)))
        #expect(answer.json?["error"]?["message"]?.string != nil)
        #expect(fake.violations.count == 1)
        #expect(fake.requests.count == 0)
        await fake.stop()
        await client.shutDown()
    }

    @Test(
        "The network cuts anywhere, within a character and within a line; lines end as they like", arguments: [1, 3, 7])
    func cuts(size: Int) async throws {
        let reply = FakeChatReply.say("Grüße 🙂 an Zoë").with {
            $0.splits = .bytes(size)
            $0.lineEnd = "\r\n"
            $0.hasSpaceAfterColon = false
            $0.hasDone = false
            $0.steps.insert(.comment("still here"), at: 1)
        }
        let fake = FakeChatCompletions(replies: [reply])
        try await fake.start()
        let answer = try await ChatClient.right.perform(fake.url, client).whole()
        let body = String(decoding: answer.body, as: UTF8.self)
        let events = body.components("\r\n\r\n")
        #expect(events.contains(": still here"))
        #expect(text(events.filter { $0.hasPrefix("data:") }.map { String($0.dropFirst(5)) }) == "Grüße 🙂 an Zoë")
        #expect(!body.contains("[DONE]"))
        await fake.stop()
        await client.shutDown()
    }

    @Test("A tool call comes in fragments, or whole, with or without index and id")
    func calls() async throws {
        let fake = FakeChatCompletions(replies: [
            .call("send_sms", #"{"body":"12 Elm St"}"#),
            FakeChatReply([
                .wholeCall(index: nil, id: nil, name: "send_sms", arguments: "{}"), .finish("stop"),
            ]),
        ])
        try await fake.start()
        let first = events(try await ChatClient.right.perform(fake.url, client).whole())
        let parts = first.compactMap { FakeJSON(text: $0)?["choices"]?[0]?["delta"]?["tool_calls"]?[0] }
        #expect(parts.count == 3)
        #expect(parts.map { $0["id"]?.string } == ["call_1", nil, nil])
        #expect(parts.allSatisfy { $0["index"] == 0 })
        #expect(parts.compactMap { $0["function"]?["arguments"]?.string }.joined() == #"{"body":"12 Elm St"}"#)
        let second = events(try await ChatClient.right.perform(fake.url, client).whole())
        let whole = second.compactMap { FakeJSON(text: $0)?["choices"]?[0]?["delta"]?["tool_calls"]?[0] }
        #expect(whole == [["type": "function", "function": ["name": "send_sms", "arguments": "{}"]]])
        await fake.stop()
        await client.shutDown()
    }

    @Test("Faults: statuses, an error or a cut in the middle, a stall, a reply without an end")
    func faults() async throws {
        let fake = FakeChatCompletions(replies: [
            .refuse(429, retryAfter: 1), .refuse(500), FakeChatReply([.text("Sure"), .failure]),
            FakeChatReply([.text("Sure"), .data("{\"choices\":[{\"del"), .cut]),
            FakeChatReply([.text("Sure"), .stall]),
            FakeChatReply([.forever("and ")]), .neverAnswers,
        ])
        try await fake.start()
        let limited = try await ChatClient.right.perform(fake.url, client).whole()
        #expect(limited.status == 429)
        #expect(limited.headers["retry-after"] == "1")
        #expect(try await ChatClient.right.perform(fake.url, client).whole().status == 500)
        let failed = events(try await ChatClient.right.perform(fake.url, client).whole())
        #expect(failed.last.flatMap { FakeJSON(text: $0) }?["error"]?["type"] == "server_error")
        let cut = try await ChatClient.right.perform(fake.url, client).whole()
        #expect(cut.problem != nil)
        #expect(events(cut).last == "{\"choices\":[{\"del")
        let stalled = ChatClient.right.perform(fake.url, client)
        try await stalled.news.wait { String(decoding: $0.flatMap(\.bytes), as: UTF8.self).contains("Sure") }
        stalled.cancel()
        let endless = ChatClient.right.perform(fake.url, client)
        try await endless.news.wait { $0.count > 100 }
        endless.cancel()
        let silent = ChatClient.right.perform(fake.url, client)
        try await fake.requests.first(7)
        silent.cancel()
        try await fake.server.abandoned.wait { Set($0).isSuperset(of: [4, 5, 6]) }
        #expect(fake.server.abandoned.all.sorted() == [4, 5, 6])
        #expect(fake.violations.all == [])
        await fake.stop()
        await client.shutDown()
    }
}

extension String {
    /// Parts between separators that may be several characters.
    fileprivate func components(_ separator: String) -> [String] { split(separator: separator).map(String.init) }
}
