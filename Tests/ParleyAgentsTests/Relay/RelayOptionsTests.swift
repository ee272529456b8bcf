import ParleyNetwork
import ParleySpeech
import Testing

@testable import ParleyAgents

@Suite("An application in the configuration")
struct RelayOptionsTests {
    private func make(
        _ values: [String: String], lists: [String: [String]] = [:]
    ) async throws -> Result<RelaySettings, EngineError> {
        let client = HTTPStreamClient()
        let settings = EngineSettings(
            name: "booking", options: RelayAgent.options, values: values, lists: lists, key: Secret("s3cret"))
        let made: Result<RelaySettings, EngineError>
        do throws(EngineError) {
            made = .success(try RelayAgent.make(settings, client: client) { _ in nil }.settings)
        } catch {
            made = .failure(error)
        }
        await client.shutDown()
        return made
    }

    @Test("The defaults are the protocol's")
    func defaults() async throws {
        let settings = try await make(["url": "wss://app.example.org/relay"]).get()
        #expect(settings.url == "wss://app.example.org/relay")
        #expect(settings.greeting == nil && settings.greetingInterruptible == .any && settings.interruptible == .any)
        #expect(settings.reportedDuringSpeech == .none && settings.language == "en-US" && settings.reconnects == 10)
        #expect(!settings.detectsKeys && !settings.sendsPartials && !settings.isPreemptible && settings.events == [])
        #expect(settings.trust != nil && settings.action == nil)
        #expect(settings.honestAnswer.contains("automated"))
        #expect(!"\(settings)".contains("s3cret"))
    }

    @Test("Everything can be set")
    func all() async throws {
        let settings = try await make(
            [
                "url": "ws://127.0.0.1:8080/", "welcome_greeting": "Hi.", "welcome_greeting_interruptible": "false",
                "interruptible": "dtmf", "dtmf_detection": "true", "partial_prompts": "true",
                "report_input_during_agent_speech": "speech", "preemptible": "true", "language": "sv-SE",
                "action": "https://app.example.org/done", "reprompt": "Hello?", "reconnect": "4",
                "honest_answer": "A machine.",
            ], lists: ["events": ["speaker-events", "tokens-played"], "parameters": ["tenant=7", "x=a=b"]]
        ).get()
        #expect(settings.greeting == "Hi." && settings.greetingInterruptible == .none)
        #expect(settings.interruptible == .dtmf && settings.reportedDuringSpeech == .speech)
        #expect(settings.detectsKeys && settings.sendsPartials && settings.isPreemptible)
        #expect(settings.language == "sv-SE" && settings.reconnects == 4 && settings.reprompt == "Hello?")
        #expect(settings.events == [.speaker, .tokensPlayed] && settings.honestAnswer == "A machine.")
        #expect(
            settings.parameters == ["tenant": "7", "x": "a=b"] && settings.action == "https://app.example.org/done")
    }

    @Test(
        "What cannot be is refused, with the option's name",
        arguments: [
            (["url": "ws://app.example.org/"], [:], "url"), ([:], [:], "url"),
            (["url": "wss://a.example", "action": "http://app.example.org/"], [:], "action"),
            (["url": "wss://a.example"], ["events": ["everything"]], "events"),
            (["url": "wss://a.example"], ["parameters": ["=x"]], "parameters"),
        ] as [([String: String], [String: [String]], String)])
    func refused(values: [String: String], lists: [String: [String]], option: String) async throws {
        guard case .failure(let error) = try await make(values, lists: lists) else {
            Issue.record("it was taken")
            return
        }
        #expect(error.option == option)
    }
}
