import FakeEngines
import ParleyCaller
import Testing

/// The fixtures' callers, with other agents than the flow that the fixtures were made for. What a fixture expects holds as
/// far as it does not name the flow's own words and values.
@Suite("Fixtures with the agents of others", .timeLimit(.minutes(6)))
struct AgentFixturesTests {
    @Test("With a chat model that follows a script", arguments: EngineBench.fixtures(else: "books-a-cleaning"))
    func chat(_ name: String) async throws {
        let model = FakeChatCompletions { ScriptedDentist.answer($0) }
        try await model.start()
        let run = try await call(
            name,
            agent: "  - {engine: chat, url: \"\(model.url)/v1\", model: gpt-x, key_env: FAKE_CHAT, "
                + "greeting: \"\(ScriptedDentist.greeting)\"}",
            keys: ["FAKE_CHAT": "openai-key"])
        // A model settles no values of a flow's.
        expect(run, name, besides: { $0.key == "variables" })
        #expect(model.violations.all == [])
        await model.stop()
    }

    @Test(
        "With the small application behind the ConversationRelay protocol",
        .enabled(if: PythonApplication.interpreter != nil, "SKIPPED: PARLEY_ENGINE_PYTHON is not set"),
        arguments: EngineBench.fixtures(else: "uses-keys"))
    func relay(_ name: String) async throws {
        let application = try await PythonApplication.dentist()
        let run = try await call(
            name, agent: "  - {engine: relay, url: \"ws://127.0.0.1:\(application.port)/\", dtmf_detection: true}")
        // It records no consent, writes no text and settles no value; and these words are the flow's own.
        let own = ["You can say check-up", "For a check-up press 1", "Your reference is"]
        expect(
            run, name,
            besides: { finding in
                ["variables", "messages", "message_contains", "consent"].contains(finding.key)
                    || (finding.key == "agent_says" && own.contains { finding.problem.contains("`\($0)") })
            })
        let booked = try await application.lines.at(1)
        let expected = [
            "books-a-cleaning": #""reason": "cleaning", "day": "tuesday", "hour": 15, "text": true"#,
            "barges-in": #""reason": "cleaning", "day": "wednesday", "hour": 10, "text": true"#,
            "goes-silent": #""reason": null, "day": null, "hour": null, "text": null"#,
            "mhm-and-cough": #""reason": "check-up", "day": "wednesday", "hour": 10, "text": true"#,
            "noisy-line": #""reason": "cleaning", "day": "wednesday", "hour": 10, "text": true"#,
            "refuses-the-text": #""reason": "cleaning", "day": "monday", "hour": 16, "text": false"#,
            "uses-keys": #""reason": "check-up", "day": "friday", "hour": 9, "text": true"#,
        ]
        #expect(expected[name].map { booked.contains($0) } == true, "\(booked)")
        application.stop()
    }

    /// A fixture's caller through a gateway with this agent, and a recogniser and a voice over the network.
    private func call(_ name: String, agent: String, keys: [String: String] = [:]) async throws -> CallOutcome.Run {
        let ears = try await FakeEars("wyoming", lines: try EngineBench.lines(name))
        let mouth = try await FakeMouth("wyoming")
        let bench = try EngineBench(
            engines: "recognizers:\n\(ears.entry)\nvoices:\n\(mouth.entry)\nagents:\n\(agent)\n",
            keys: ears.keys.merging(mouth.keys) { $1 }.merging(keys) { $1 })
        defer { bench.remove() }
        let run = try await bench.serve { port in try await bench.call(name, port: port) }
        #expect(ears.violations.isEmpty, "\(ears.violations)")
        #expect(mouth.violations.isEmpty, "\(mouth.violations)")
        await ears.stop()
        await mouth.stop()
        return run
    }

    private func expect(_ run: CallOutcome.Run, _ name: String, besides isOther: (Finding) -> Bool) {
        let findings = run.findings.filter { !isOther($0) }
        #expect(findings.isEmpty, "\(name): \(findings)")
        let report = run.report
        // Both sides' lines are in order, and each line of the caller's has its answer, by sound.
        let agent = report.agentTurns.compactMap(\.beganMS)
        let caller = report.callerTurns.compactMap(\.beganMS)
        #expect(agent == agent.sorted() && caller == caller.sorted())
        let spoken = report.callerTurns.filter { !$0.isBackchannel && !$0.isKeyed }.map(\.text)
        let lines = ((try? EngineBench.lines(name)) ?? []).filter { !["Uh-huh.", "(coughs)"].contains($0) }
        #expect(spoken == lines, "\(name)")
        // Keys have no last voiced frame that an answer could be measured from.
        for turn in report.turns where !turn.isNoTurn && turn.lastVoicedMS != nil {
            #expect(turn.heardMS != nil, "\(name): nothing was heard after `\(turn.text)`")
        }
        #expect(report.bridged == 0 || name == "goes-silent", "\(name): nothing was late")
        #expect(report.agentTurns.count > report.turns.filter { !$0.isNoTurn }.count)
        #expect(report.agentTurns.allSatisfy { !$0.heard.isEmpty })
    }
}
