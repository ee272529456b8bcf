import ParleyAgents
import ParleyCaller
import ParleyCore

/// When the turns of a recording are declared over, by a call whose agent only listens.
public enum EndpointStudy {
    /// - Parameters:
    ///   - path: a WAV of the caller's side, sent from the call's first moment on.
    ///   - call: with the policy that is studied. Nobody is asked whether they are still there.
    /// - Returns: the ends that words or silence brought, on the recording's clock.
    /// - Throws: `CallError` for a WAV that cannot be played.
    public static func ends(
        ofTurnsIn path: String, call: CallSettings, engines: any VirtualEngines
    ) throws(CallError) -> [CallTime] {
        var options = CallOptions(url: "")
        options.say = .at(.zero)
        var prepared = try PreparedCall(audio: path, options: options)
        // Silence after it, for the last turn to end in; its end is nobody's turn.
        let length = prepared.audio.map(\.samples.count).reduce(0, +) / 8
        prepared.script.hangUp = .at(.milliseconds(length + 3_000))
        var settings = FixtureReplay.Settings(call: call, agent: Listener())
        settings.call.noSpeechAfter = .seconds(3_600)
        settings.networkDelay = .zero
        let outcome = try FixtureReplay.run(prepared, settings: settings, engines: engines)
        return outcome.trace.steps.compactMap { step in
            if case .finishTurn = step.effect { step.at } else { nil }
        }
    }
}

/// Answers everything with a word: a reply without any is a failure to the call, which says so and soon ends.
private struct Listener: Agent {
    let name = "listener"

    func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession {
        Session(answer: answer)
    }

    private struct Session: AgentSession {
        let answer: @Sendable (Generation, ReplyPart) -> Void
        func ask(_ request: AgentRequest) {
            answer(request.generation, .text("Okay."))
            answer(request.generation, .done)
        }
        func cancel(_ generation: Generation) {}
        func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {}
    }
}
