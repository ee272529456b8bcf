import ParleyCore
import Testing

@testable import ParleyActions

@Suite("Which actions an agent may ask for")
struct ActionRegistryTests {
    private let registry = ActionRegistry.builtIn

    private func refusal(_ name: String, _ arguments: String) -> String? {
        do throws(ActionRefusal) {
            _ = try registry.check(ActionRequest(name: name, arguments: arguments))
            return nil
        } catch {
            return error.text
        }
    }

    @Test("The two built-in actions, as the embedded flow asks for them")
    func builtIn() throws {
        #expect(registry.names == ["record_consent", "send_sms"])
        let consent = """
            {"purpose":"transactional_in_call","granted":true,"wording":"May we text you?","wording_version":"00ff",
             "language":"en-US","answer":"yes","how":"spoken"}
            """
        #expect(refusal("record_consent", consent) == nil)
        #expect(refusal("record_consent", "") == nil)
        let text = #"{"recipient":"contact","purpose":"transactional_in_call","message":"Booked."}"#
        #expect(refusal("send_sms", text) == nil)
        let checked = try registry.check(ActionRequest(name: "send_sms", arguments: text))
        #expect(checked.text("message") == "Booked.")
        #expect(checked.flag("message") == nil)
        let elsewhere = #"{"granted":false,"channel":"clinic-sms","number":"+12125550123"}"#
        let asked = try registry.check(ActionRequest(name: "record_consent", arguments: elsewhere))
        #expect(asked.text("channel") == "clinic-sms")
        #expect(asked.text("number") == "+12125550123")
        #expect(asked.flag("granted") == false)
        #expect(asked.flag("channel") == nil)
    }

    @Test("An agent is told of each action by name, with a closed schema")
    func tools() throws {
        let tools = registry.tools
        #expect(tools.map(\.name) == ["record_consent", "send_sms"])
        #expect(tools.allSatisfy { !$0.description.isEmpty })
        #expect(tools.allSatisfy { $0.schema["type"] == .string("object") })
        #expect(tools.allSatisfy { $0.schema["additionalProperties"] == .boolean(false) })
    }

    @Test(
        "Anything else is refused, and the reason repeats no value",
        arguments: [
            ("format_disk", "{}", "unknown_action"),
            ("send_sms", "{}", "arguments_invalid: message is missing"),
            ("send_sms", #"{"message":7}"#, "arguments_invalid: message must be text"),
            (
                "send_sms", #"{"message":"a","to":"+15555550199"}"#,
                "arguments_invalid: an unknown parameter was given; send_sms takes channel, message, purpose, recipient"
            ),
            (
                "send_sms", #"{"message":"a","recipient":"+15555550199"}"#,
                "arguments_invalid: recipient must be one of contact"
            ),
            ("record_consent", #"{"granted":"yes"}"#, "arguments_invalid: granted must be true or false"),
            (
                "record_consent", #"{"number":"555"}"#,
                "arguments_invalid: number must be a telephone number as +15555550123"
            ),
            (
                "record_consent", #"{"how":"post"}"#, "arguments_invalid: how must be one of spoken, key"
            ),
            ("send_sms", "[1]", "arguments_not_json: a JSON object is wanted"),
            ("send_sms", "{", "arguments_not_json: at byte 1"),
        ])
    func refused(name: String, arguments: String, reason: String) {
        #expect(refusal(name, arguments) == reason)
    }

    @Test("Arguments end at 16 KiB, 16 levels and a text's own limit")
    func bounds() {
        func text(_ count: Int) -> String { #"{"message":""# + String(repeating: "a", count: count) + #""}"# }
        #expect(refusal("send_sms", text(1_530)) == nil)
        #expect(refusal("send_sms", text(1_531)) == "arguments_invalid: message is longer than 1530 characters")
        #expect(refusal("send_sms", text(16_384)) == "arguments_too_large: at most 16384 bytes")
        let deep = #"{"message":"# + String(repeating: "[", count: 16) + String(repeating: "]", count: 16) + "}"
        #expect(refusal("send_sms", deep) == "arguments_too_deep: at most 16 levels")
    }

    @Test("An invocation has the same key however its arguments are spelt, and another for any other fact")
    func keys() throws {
        func key(_ call: String, _ turn: UInt32, _ arguments: String) throws -> InvocationKey {
            let action = try registry.check(ActionRequest(name: "send_sms", arguments: arguments))
            return InvocationKey(call: call, turn: TurnID(turn), action: action)
        }
        let first = try key("A", 3, #"{"message":"hi","purpose":"informational"}"#)
        #expect(first.text.utf8.count == 64)
        #expect(try key("A", 3, #"{ "purpose":"informational", "message":"\u0068i" }"#) == first)
        let others = [
            try key("B", 3, #"{"message":"hi","purpose":"informational"}"#),
            try key("A", 4, #"{"message":"hi","purpose":"informational"}"#),
            try key("A", 3, #"{"message":"ho","purpose":"informational"}"#),
            InvocationKey(call: "A", turn: TurnID(3), refused: ActionRequest(name: "send_sms", arguments: "{")),
            InvocationKey(invocation: first, recipient: "+15555550123", body: "hi"),
            // Fields that would meet if they were only joined.
            InvocationKey(invocation: first, recipient: "+1555555012", body: "3hi"),
        ]
        #expect(Set(others + [first]).count == 7)
    }

    @Test("What is left out and has no default stays out of the canonical spelling")
    func noDefaults() throws {
        let action = try registry.check(ActionRequest(name: "record_consent", arguments: ""))
        #expect(action.canonical == "{}")
        #expect(action.flag("granted") == nil)
    }

    @Test("The key's recipe does not change: rows of an older version are found again")
    func recipe() throws {
        let action = try registry.check(ActionRequest(name: "send_sms", arguments: #"{"message":"hi"}"#))
        let key = InvocationKey(call: "01J", turn: TurnID(1), action: action)
        #expect(key.text == "0e74b0b770dad191df72b46a92f4a74df48c09dfef218782c009ea548cab3baf")
    }
}
