import Foundation
import ParleyCore
import Testing

@testable import ParleyGateway
@testable import ParleySpeech

/// What `parley doctor` says of the files that a configuration names.
@Suite("The checkup of files")
struct CheckupFilesTests {
    /// - Parameter files: by name; in `parley.yaml` and what else is written `$` stands for their folder.
    /// - Returns: `BAD`, `warn` or `ok` and the finding, with `$` for the folder.
    private func findings(_ configuration: String, _ files: [String: String] = [:]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-checkup-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        let text = "insecure: true\n" + configuration.replacing("$", with: folder.path)
        let read = try Configuration.parse(text, file: "parley.yaml", environment: [:])
        return Checkup.files(read, among: .builtIn).map { finding in
            "\(finding.isDoubtful ? "warn" : finding.isGood ? "ok" : "BAD") "
                + finding.text.replacing(folder.path, with: "$")
        }
    }

    private static let flow = """
        settings: {name: Test, time_zone: UTC}
        steps:
          - {id: look, action: free_times, arguments: {day: 5}, results: [frist_free], on_failed: bye}
          - {id: bye, end: Bye.}
        """
    private static let webhook = """
        actions:
          - name: free_times
            kind: webhook
            description: Looks.
            parameters: {type: object, properties: {day: {type: string}}, required: [day]}
            url: "https://a.example/{{ .parameters.day }}"
            result: {first_free: a}
        """

    @Test("Every engine and agent that cannot be made is told at once, with file, line and key")
    func engines() throws {
        let all = try findings(
            "engines: {file: $/engines.yaml}",
            [
                "engines.yaml": """
                voices:
                  - engine: wyoming
                    url: tcp://127.0.0.1:9
                  - engine: deepgram
                    key_env: PATH
                    sample_rate: 16000
                agents:
                  - engine: chat
                    model: m
                    prompt: "Hello {{ .x"
                    time_zone: Mars
                    transfer_targets: [desk, 0800-123-4567]
                  - {engine: relay, url: "wss://app.example.org"}
                """
            ])
        #expect(!all.contains { $0.hasPrefix("ok agent") || $0.hasPrefix("ok flow") || $0.hasPrefix("ok engines") })
        let found = all.filter { $0.hasPrefix("BAD") }
        #expect(found.count == 5)
        for (line, start) in zip(
            found,
            [
                "BAD $/engines.yaml:6: voices[1].sample_rate: mulaw has 8000, pcm16 one of ",
                "BAD $/engines.yaml:10: agents[0].prompt: line 1, column ",
                "BAD $/engines.yaml:11: agents[0].time_zone: is no time zone; write it as Europe/London",
                "BAD $/engines.yaml:12: agents[0].transfer_targets: entry 2 is no number in E.164 form; ",
                "BAD $/engines.yaml:13: agents[1].engine: only `chat` models stand in for one another; keep one agent",
            ])
        {
            #expect(line.hasPrefix(start), "\(line)")
        }
    }

    @Test("A file that its reader refuses is told with all of its mistakes, and the other files are read all the same")
    func readers() throws {
        let found = try findings(
            "engines: {file: $/engines.yaml}\nmessaging: {file: $/m.yaml}\nagent: {flow: $/flow.yaml}",
            [
                "engines.yaml": "agents:\n  - {engine: chat}\nvoices:\n  - {engine: wyoming, url: x}\n",
                "m.yaml": "channels: {}\nactions:\n  - {name: A}\n  - {name: b, kind: x}\n",
                "flow.yaml": """
                settings: {name: T, time_zone: UTC}
                steps:
                  - {id: a, end: Bye., x: 1}
                  - {id: b, nd: x}
                """,
            ])
        for (file, lines) in [("engines.yaml", [2, 4]), ("m.yaml", [3, 4]), ("flow.yaml", [3, 4])] {
            for line in lines {
                #expect(found.contains { $0.hasPrefix("BAD $/\(file):\(line): ") }, "\(file) \(line) \(found)")
            }
        }
        #expect(found.allSatisfy { $0.hasPrefix("BAD ") && $0.contains(": ") }, "\(found)")
    }

    @Test("What a flow asks for and the messaging file does not have is told, also where there is no such file")
    func unmet() throws {
        let files = ["flow.yaml": Self.flow, "m.yaml": Self.webhook]
        let found = try findings("messaging: {file: $/m.yaml}\nagent: {flow: $/flow.yaml}", files)
        let bad = found.filter { $0.hasPrefix("BAD") }
        #expect(bad.count == 2)
        #expect(bad.first?.hasPrefix("BAD $/flow.yaml:3: steps.look.arguments.day: must be text; ") == true)
        #expect(bad.last?.hasPrefix("BAD $/flow.yaml:3: steps.look.results: `frist_free` is nothing ") == true)
        let alone = try findings("agent: {flow: $/flow.yaml}", files).filter { $0.hasPrefix("BAD") }
        #expect(alone.count == 1)
        #expect(alone.first?.contains("`free_times` is not known, and there is no messaging.file; ") == true)
    }

    @Test("Webhooks are actions of a file's own, and texts that nobody carries are said to be")
    func webhooksAlone() throws {
        let found = try findings("messaging: {file: $/m.yaml}", ["m.yaml": Self.webhook])
        #expect(
            found == [
                "ok flow: sample",
                "ok texts: $/m.yaml, written to the ledger, sent to nobody; no texts of its own, the webhooks below",
                "ok webhook: free_times, GET https://a.example, gives first_free, retried",
            ])
    }

    @Test("The agent that is told is the one that talks")
    func agent() throws {
        let chat = [
            "engines.yaml": """
            agents:
              - {engine: chat, model: m}
              - {engine: chat, name: spare, model: n}
            """
        ]
        let found = try findings("engines: {file: $/engines.yaml}", chat)
        #expect(found.contains("ok agent: chat: chat, then spare"))
        #expect(!found.contains { $0.contains("flow: sample") })
        let both = try findings("engines: {file: $/engines.yaml}\nagent: {flow: sample}", chat)
        #expect(both.contains { $0.hasPrefix("warn agent.flow: sample is not used: ") })
        let relay = ["engines.yaml": "agents:\n  - {engine: relay, url: \"wss://app.example.org\"}\n"]
        #expect(try findings("engines: {file: $/engines.yaml}", relay).contains("ok agent: relay: relay"))
        let embedded = ["engines.yaml": "agents:\n  - {engine: embedded}\n"]
        #expect(try findings("engines: {file: $/engines.yaml}", embedded).contains("ok flow: sample"))
        #expect(try findings("agent: {flow: instant}").contains("ok agent: instant"))
    }

    @Test("How long an engine is waited for is what its file says, for the first of its role")
    func patience() throws {
        let yaml = """
            recognizers:
              - {engine: wyoming, url: "tcp://127.0.0.1:9", answer_within: 700ms}
              - {engine: wyoming, name: spare, url: "tcp://127.0.0.1:9", answer_within: 9s}
            voices:
              - {engine: wyoming, url: "tcp://127.0.0.1:9", first_audio_within: 600ms, gap_within: 300ms}
            """
        let fleet = try EngineFleet(try EnginesFile.parse(yaml, file: "e.yaml", environment: [:]))
        let hearing = try #require(fleet.recognizer(embedded: nil) as? SupervisedRecognizer)
        #expect(hearing.patience == RecognizerPatience(final: .milliseconds(700)))
        let speaking = try #require(fleet.synthesizer(embedded: nil) as? SupervisedVoice)
        #expect(speaking.patience == VoicePatience(first: .milliseconds(600), gap: .milliseconds(300)))
        // Left out, the reference's times hold.
        let plain = yaml.replacing(#/, (answer|first_audio|gap)_within: \w+/#, with: "")
        let standard = try EngineFleet(try EnginesFile.parse(plain, file: "e.yaml", environment: [:]))
        #expect((standard.recognizer(embedded: nil) as? SupervisedRecognizer)?.patience == RecognizerPatience())
        #expect((standard.synthesizer(embedded: nil) as? SupervisedVoice)?.patience == VoicePatience())
    }
}
