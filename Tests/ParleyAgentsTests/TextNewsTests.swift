import Testing

@testable import ParleyAgents

@Suite("What a flow makes of a text's way")
struct TextNewsTests {
    private static let text = """
        settings: {name: Bright Smile Dental, time_zone: America/New_York, language: en}
        steps:
          - id: may
            consent: "May {{business}} text you? Message and data rates may apply. Reply STOP to end texts. Please say yes or no."
            on_no: more
          - id: text
            action: send_sms
            arguments: {message: "Booked."}
            say_before: "I am sending it now."
            on_refused: more
            on_failed: more
          - id: more
            ask: more
            kind: yes_no
            prompt: "Anything else?"
          - id: bye
            end: "Goodbye."
        """

    private func sent() throws -> FlowTranscript {
        var call = FlowTranscript(try FlowLoader.load(text: Self.text, file: "test"))
        for line in ["open", "said yes please", "committed", "committed"] { _ = call.line(line) }
        return call
    }

    @Test("A text that will not arrive is told of once, before all else")
    func undelivered() throws {
        var call = try sent()
        _ = call.line("undelivered")
        #expect(call.line("silence 1").hasPrefix("I am sorry, I could not send you the text. "))
        #expect(!call.line("silence 2").contains("could not send"))
    }

    @Test("One that is on its way is not talked about again")
    func accepted() throws {
        var call = try sent()
        _ = call.line("accepted")
        #expect(!call.line("silence 1").contains("text"))
    }
}
