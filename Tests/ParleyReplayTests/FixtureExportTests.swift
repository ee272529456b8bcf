import Foundation
import ParleyCaller
import ParleyCore
import ParleySpeech
import Testing

@testable import ParleyReplay

@Suite("A fixture made of a recorded call")
struct FixtureExportTests {
    private static func recorded(_ name: String, _ lines: [String]) throws -> FixtureReplay.Outcome {
        let outcome = try FixtureReplay.run(
            folder: Samples.fixtures + "/" + name, settings: Samples.settings(), engines: Samples.scripted(lines))
        try #require(outcome.isAsExpected, "\(outcome.findings)")
        return outcome
    }

    /// Writes the fixture of a call into a folder that is gone afterwards.
    private static func export<Result>(_ capsule: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.path + "/parley-export-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for file in try FixtureExport(try RecordedCall(capsule)).files(named: "made") {
            try Data(file.octets).write(to: URL(fileURLWithPath: folder + "/" + file.name))
        }
        return try body(folder)
    }

    static let calls: [(String, [String])] = [
        ("uses-keys", ["Friday at nine in the morning."]),
        ("barges-in", ["I need a cleaning, please.", "Wednesday at ten in the morning.", "Yes.", "Yes."]),
        ("refuses-the-text", ["I need a cleaning.", "Monday at four in the afternoon.", "Yes.", "No, thanks."]),
        ("goes-silent", []),
    ]

    @Test(
        "It is replayed as it was, by its own engines and flow, and fails when an answer is another", arguments: calls)
    func roundTrip(name: String, lines: [String]) throws {
        let call = try Self.recorded(name, lines)
        #expect(try CapsuleReplay.run(call.capsule).isTheSame)
        try Self.export(call.capsule) { folder in
            var engines = try #require(try FixtureEngines.load(folder: folder))
            let settings = try Samples.settings()
            let again = try FixtureReplay.run(folder: folder, settings: settings, scripted: engines)
            #expect(again.findings.map(\.description) == [])
            #expect(again.report.endReason == call.report.endReason)
            #expect(again.report.variables == call.report.variables)
            #expect(again.report.bargeInsConfirmed == call.report.bargeInsConfirmed)

            guard !engines.recognizer.isEmpty else { return }
            engines.recognizer[0].text = "A wig for my parrot."
            #expect(try !FixtureReplay.run(folder: folder, settings: settings, scripted: engines).isAsExpected)
        }
    }

    @Test("Nothing changes where nothing is set otherwise; with a second more of silence every answer comes later")
    func rehearsed() throws {
        let (name, lines) = Self.calls[1]
        let rehearsal = try Rehearsal(try RecordedCall(try Self.recorded(name, lines).capsule))
        let call = try RecordedCall(try Self.recorded(name, lines).capsule)
        #expect(try rehearsal.changes(setting: call.settings) == [])
        var patient = call.settings
        for key in ["endpoint.shortest", "turn.hangover", "endpoint.fluent", "endpoint.longer"] {
            #expect(patient.set(key, to: "1500ms") == nil)
        }
        let changes = try rehearsal.changes(setting: patient)
        let answers = changes.filter { $0.what == "an answer begins" }
        #expect(!answers.isEmpty)
        #expect(answers.allSatisfy { $0.kind == .moved && ($0.byMS ?? 0) > 500 })
    }
}

@Suite("engines.yaml")
struct FixtureEnginesTests {
    private func load(_ yaml: String) throws -> FixtureEngines {
        let folder = FileManager.default.temporaryDirectory.path + "/parley-engines-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try yaml.write(toFile: folder + "/engines.yaml", atomically: true, encoding: .utf8)
        return try #require(try FixtureEngines.load(folder: folder))
    }

    @Test("What is written is what answers")
    func whole() throws {
        let engines = try load(
            """
            began_at: "2026-03-02T10:00:00Z"
            recognizer:
              - {text: "Yes.", after: 40ms}
              - {fails: true, after: 2s}
            voice: {milliseconds_per_character: 61}
            """)
        #expect(engines.beganAt == 1_772_445_600)
        #expect(engines.recognizer.map(\.text) == ["Yes.", ""])
        #expect(engines.recognizer.map(\.delay) == [.milliseconds(40), .seconds(2)])
        #expect(engines.recognizer.map(\.fails) == [false, true])
        #expect(engines.voice.millisecondsPerCharacter == 61)
    }

    @Test(
        "A mistake is named with its file, line and key, and the mend",
        arguments: [
            ("recogniser: []", ":1: recogniser: unknown key; did you mean `recognizer`?"),
            ("recognizer:\n  - {txt: a}", ":2: txt: unknown key; did you mean `text`?"),
            ("recognizer: yes", ":1: recognizer: must be a list"),
            ("recognizer:\n  - {after: soon}", ":2: recognizer.after: `soon` is no duration"),
            ("recognizer:\n  - {fails: maybe}", ":2: recognizer.fails: `maybe` is neither true nor false"),
            ("voice: {milliseconds_per_character: 1}", ":1: voice.milliseconds_per_character: `1` must be"),
            ("began_at: tomorrow", ":1: began_at: `tomorrow` is no time"),
            ("flow: ../flow.yaml", ":1: flow: `../flow.yaml` must be a file beside it"),
            ("a: &x [1]\nb: *x", ":2: `*x` repeats `&x`"),
            ("recognizer: [", "engines.yaml:"),
            ("", ":1: is empty"),
        ])
    func mistakes(yaml: String, problem: String) {
        #expect {
            try load(yaml)
        } throws: {
            "\($0)".contains("engines.yaml") && "\($0)".contains(problem)
        }
    }
}
