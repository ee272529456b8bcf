import Testing

@testable import ParleyActions

@Suite("The built-in actions as schemas")
struct SchemaOfActionsTests {
    private static let sendText = ActionSchema.sendText.arguments.json.canonical
    private static let recordConsent = ActionSchema.recordConsent.arguments.json.canonical

    @Test(
        "They refuse in the words that they always had",
        arguments: [
            (sendText, "{}", "message is missing"),
            (sendText, #"{"message":7}"#, "message must be text"),
            (
                sendText, #"{"message":"a","to":"+15555550199"}"#,
                "an unknown parameter was given; book takes channel, message, purpose, recipient"
            ),
            (sendText, #"{"message":"a","recipient":"+15555550199"}"#, "recipient must be one of contact"),
            (
                sendText, #"{"message":"\#(String(repeating: "a", count: 1_531))"}"#,
                "message is longer than 1530 characters"
            ),
            (recordConsent, #"{"granted":"yes"}"#, "granted must be true or false"),
            (recordConsent, "{}", ""),
        ] as [(String, String, String)])
    func words(text: String, value: String, expected: String) throws {
        #expect(try fault(text, value) == expected)
    }

    @Test("Without defaults the canonical arguments stay what they were, and so do the keys of older rows")
    func canonical() throws {
        let value = try json(#"{"purpose":"informational","message":"hi"}"#)
        #expect(try schema(Self.sendText).check(value) == .success(value))
    }
}
