import Foundation
import ParleyAgents
import ParleyCaller
import ParleyCore
import ParleyGateway
import ParleySpeech
import Testing

@testable import ParleyReplay

/// The repository's own fixtures and the sample flow.
enum Samples {
    static let fixtures = FileManager.default.currentDirectoryPath + "/Fixtures"
    static let all = [
        "barges-in", "books-a-cleaning", "goes-silent", "mhm-and-cough", "noisy-line", "refuses-the-text", "uses-keys",
    ]

    static func settings() throws -> FixtureReplay.Settings {
        FixtureReplay.Settings(
            call: CallSettings(.embedded, format: .telephone, phrases: try PhraseBook()),
            agent: try GatewayProcess.agent("sample"))
    }

    /// The first steps in which two runs differ.
    static func parting(_ traces: [CallTrace]) -> String {
        for (first, second) in zip(traces[0].steps, traces[1].steps) where first != second {
            return "\(first) and \(second)"
        }
        return "no effect, but in a frame or in their number"
    }

    /// What a call of the fixture in which the caller cuts in leaves.
    static func bargesIn() throws -> [UInt8] {
        try FixtureReplay.run(
            folder: fixtures + "/barges-in", settings: settings(),
            engines: scripted(["I need a cleaning, please.", "Wednesday at ten in the morning.", "Yes.", "Yes."])
        ).capsule
    }

    static func scripted(_ lines: [String]) -> ScriptedEngines {
        ScriptedEngines(lines.map { ScriptedRecognizer.Line($0) })
    }
}

@Suite("A fixture in virtual time, with scripted engines")
struct ScriptedReplayTests {
    @Test("A caller who uses keys gets the booking and the text that the fixture expects, without any engine's files")
    func keys() throws {
        let outcome = try FixtureReplay.run(
            folder: Samples.fixtures + "/uses-keys", settings: Samples.settings(),
            engines: Samples.scripted(["Friday at nine in the morning."]))
        #expect(outcome.findings.map(\.description) == [])
        #expect(outcome.report.messages.map(\.state) == ["recorded"])
        #expect(outcome.report.marksReturned == outcome.report.marksReceived)
    }

    @Test("The same call twice has the same effects at the same times, and sends the same frames")
    func sameTwice() throws {
        let traces = try (0..<2).map { _ in
            try FixtureReplay.run(
                folder: Samples.fixtures + "/barges-in", settings: Samples.settings(), engines: bargesIn()
            ).trace
        }
        #expect(traces[0].frames > 500)
        let isSame = traces[0] == traces[1]
        #expect(isSame, "they part at \(Samples.parting(traces))")
    }

    @Test("The way there and back is in what a caller waits for silence, and in nothing twice")
    func networkDelay() throws {
        let waits = try [20, 80].map { delay in
            var settings = try Samples.settings()
            settings.networkDelay = .milliseconds(delay)
            let outcome = try FixtureReplay.run(
                folder: Samples.fixtures + "/barges-in", settings: settings, engines: bargesIn())
            return try #require(outcome.report.bargeIns.first)
        }
        #expect(waits[1] - waits[0] == 120)
    }

    @Test("An answer that takes its time comes when it is due: the caller is told to wait, and the clock does not")
    func lateAnswer() throws {
        var lines = ["I need a cleaning.", "Wednesday at ten in the morning.", "Yes.", "Yes."].map {
            ScriptedRecognizer.Line($0)
        }
        lines[1] = .init(lines[1].text, delay: .milliseconds(2_000))
        let outcome = try FixtureReplay.run(
            folder: Samples.fixtures + "/books-a-cleaning", settings: Samples.settings(),
            engines: ScriptedEngines(lines))
        #expect(outcome.report.bridged == 1)
        #expect(outcome.report.endReason == "agent_ended")
        let waterfall = try #require(outcome.report.turns[1].waterfall)
        #expect(try #require(waterfall.finalMS) - #require(waterfall.endpointMS) == 2_000)
    }

    @Test("Engines that fail end the call with a goodbye; nobody waits for ever")
    func failing() throws {
        let lines = (0..<9).map { _ in ScriptedRecognizer.Line("", fails: true) }
        let outcome = try FixtureReplay.run(
            folder: Samples.fixtures + "/books-a-cleaning", settings: Samples.settings(),
            engines: ScriptedEngines(lines))
        #expect(outcome.report.endReason == "engine_failed")
        #expect(!outcome.isAsExpected)
    }

    @Test("A folder without a call names the file and the mend")
    func noFolder() throws {
        let settings = try Samples.settings()
        #expect {
            try FixtureReplay.run(folder: "/nowhere", settings: settings, engines: Samples.scripted([]))
        } throws: { "\($0)".contains("/nowhere/call.yaml") }
    }

    private func bargesIn() -> ScriptedEngines {
        Samples.scripted(["I need a cleaning, please.", "Wednesday at ten in the morning.", "Yes.", "Yes."])
    }
}
