import ParleyAgents

/// What simulated agents talk about.
public struct SimulatedFlows: Sendable {
    var flows: [Flow]

    /// - Parameter sample: the sample flow, as text.
    public init(sample: String) throws(FlowErrors) {
        flows = [
            try FlowLoader.load(text: sample, file: "sample"), try FlowLoader.load(text: Self.garage, file: "garage"),
        ]
    }

    /// Keys, free speech, texts again and again, a transfer: a call that goes on for as long as the caller likes.
    private static let garage = """
        settings: {name: Harbour Garage, time_zone: UTC, language: en, operator: desk}
        steps:
          - id: hello
            say: "Harbour Garage."
          - id: plate
            ask: plate
            kind: digits
            length: 3-6
            retries: 6
            prompt: "What are the digits of your number plate? You can also key them in."
            on_failure: desk
          - id: story
            ask: story
            kind: free_text
            retries: 6
            prompt: "Please tell me what happened."
            on_failure: desk
          - id: may_text
            consent: >-
              May {{business}} send you a text message with a link to follow the repair? Message and data rates may apply.
              Reply STOP to end texts. Please say yes or no.
            on_no: more
            on_failed: trouble
          - id: text
            action: send_sms
            say_before: "One second, please."
            arguments:
              recipient: contact
              purpose: transactional_in_call
              message: "{{business}}: follow your repair at example.com/r/{{plate}}. You told us: {{story}}. Reply STOP to opt out."
            on_refused: trouble
            on_failed: trouble
          - id: sent
            say: "I have sent you the link."
            next: more
          - id: trouble
            say: "I could not send the link."
          - id: more
            ask: more
            kind: yes_no
            retries: 6
            prompt: "Is there anything else?"
            on_failure: desk
          - id: fork
            branch:
              - when: {more: "yes"}
                next: story
              - else: bye
          - id: bye
            end: "Thank you for calling {{business}}. Goodbye."
          - id: desk
            transfer: desk
            say_before: "I will put you through to a person."
        """
}
