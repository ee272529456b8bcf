import ParleyCore
import Testing

@testable import ParleyAgents

@Suite struct ChatMemoryTests {
    private let one = Generation(1), two = Generation(2), three = Generation(3)

    @Test("The model remembers what was heard, not what was said")
    func heard() {
        var memory = ChatMemory(system: "S")
        memory.begin(one, "hello")
        memory.say("We are open.")
        memory.say("On Sundays too.")
        #expect(memory.messages.last == .assistant("We are open. On Sundays too.", []))
        memory.hear("We are open. On", wasCut: true)
        memory.begin(two, "and Monday?")
        #expect(
            memory.messages
                == [.system("S"), .user("hello"), .assistant("We are open. On", []), .user("and Monday?")])
    }

    @Test("An answer of which nothing was heard was not given, and what the caller said is one message")
    func nothingHeard() {
        var memory = ChatMemory(system: "S")
        memory.begin(one, "I want")
        memory.say("Sorry?")
        memory.hear("", wasCut: true)
        memory.begin(two, "a table")
        #expect(memory.messages == [.system("S"), .user("I want\na table")])
    }

    @Test("Every call has a result: under way, until there is one")
    func results() {
        var memory = ChatMemory(system: "S")
        memory.begin(one, "text me")
        memory.say("One second.")
        let first = memory.call("send_sms", "{}", isNext: false)
        let second = memory.call("end_call", "{}", isNext: true, result: ToolResult.done)
        memory.say("Sent.")
        let calls = [first, second].map {
            ChatMessage.Call(id: $0, name: $0 == first ? "send_sms" : "end_call", arguments: "{}")
        }
        let start: [ChatMessage] = [.system("S"), .user("text me"), .assistant("One second.", calls)]
        let end: [ChatMessage] = [.tool(id: second, ToolResult.done), .assistant("Sent.", [])]
        #expect(memory.messages == start + [.tool(id: first, ChatMemory.underWay)] + end)
        memory.settle(first, ToolResult.done)
        #expect(memory.messages == start + [.tool(id: first, ToolResult.done)] + end)
        #expect(first.count == 9 && first != second)
    }

    @Test("Heard words are dealt out over the answers of a reply, and its calls stay")
    func heardOfRounds() {
        var memory = ChatMemory(system: "S")
        memory.begin(one, "text me")
        memory.say("One second.")
        let call = memory.call("send_sms", "{}", isNext: false, result: ToolResult.done)
        memory.say("It is on its way to you.")
        memory.hear("One second. It is", wasCut: true)
        let calls = [ChatMessage.Call(id: call, name: "send_sms", arguments: "{}")]
        #expect(
            memory.messages == [
                .system("S"), .user("text me"), .assistant("One second.", calls), .tool(id: call, ToolResult.done),
                .assistant("It is", []),
            ])
    }

    @Test("A retracted request leaves no trace, but for what was done in it")
    func retracted() {
        var memory = ChatMemory(system: "S")
        memory.note("(Note.)")
        memory.begin(one, "I")
        memory.say("Yes?")
        memory.retract(one, hasActed: false)
        memory.begin(two, "I would like")
        #expect(memory.messages == [.system("S"), .user("(Note.)\nI would like")])
        memory.say("Sure.")
        let call = memory.call("send_sms", "{}", isNext: false)
        memory.retract(two, hasActed: true)
        // What is heard now is of an older reply, and cuts nothing.
        memory.hear("Hello", wasCut: false)
        memory.begin(three, "and")
        #expect(
            memory.messages == [
                .system("S"), .user("(Note.)\nI would like"),
                .assistant("", [.init(id: call, name: "send_sms", arguments: "{}")]),
                .tool(id: call, ChatMemory.underWay), .user("and"),
            ])
    }

    @Test("The oldest turns go first; system prompt and newest turn stay, whatever their length")
    func bounds() {
        var memory = ChatMemory(system: "S")
        for number in 1...100 {
            memory.begin(Generation(UInt32(number)), "\(number) " + String(repeating: "x", count: 2_000))
            memory.call("send_sms", "{}", isNext: false, result: ToolResult.done)
        }
        let messages = memory.messages
        #expect(messages.first == .system("S"))
        #expect((60...75).contains(messages.count))
        guard case .user(let oldest) = messages[1] else { return #expect(Bool(false), "a turn begins with its prompt") }
        #expect(oldest.hasPrefix("78 ") || oldest.hasPrefix("77 "))
        memory.begin(Generation(101), String(repeating: "y", count: 100_000))
        #expect(memory.messages.count == 2)
    }
}
