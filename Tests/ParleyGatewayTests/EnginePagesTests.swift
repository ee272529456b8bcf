import Foundation
import ParleyActions
import ParleyCore
import ParleySpeech
import Synchronization
import Testing

@testable import ParleyGateway

@Suite("The pages about engines and agents")
struct EnginePagesTests {
    private static let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs").standardized

    /// Their clients are for a process's life: nobody shuts them down.
    private static let kept = Mutex<[AgentEngines.Chosen]>([])

    /// All pages that may hold parts of an engines file, by their paths in docs.
    private static func pages() throws -> [String: String] {
        var pages: [String: String] = [:]
        for folder in ["engines", "agents"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: docs.appending(path: folder).path) {
                pages["\(folder)/\(name)"] = try text("\(folder)/\(name)")
            }
        }
        for name in ["engines-over-the-network.md", "bring-an-engine.md", "connect-your-application.md"] {
            pages[name] = try text(name)
        }
        return pages
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: docs.appending(path: path), encoding: .utf8)
    }

    @Test("Every block of YAML in them says which file it is, and loads: an engines file's engines can be made")
    func blocks() throws {
        var count = 0
        for (path, page) in try Self.pages() {
            for block in page.components(separatedBy: "```yaml\n").dropFirst() {
                let yaml = String(block.prefix(upTo: block.firstRange(of: "```")?.lowerBound ?? block.endIndex))
                if yaml.hasPrefix("# parley.yaml\n") {
                    let rest = yaml.contains("insecure: true") ? "" : "insecure: true\n"
                    _ = try Configuration.parse(rest + yaml, file: path, environment: [:])
                    continue
                }
                #expect(yaml.hasPrefix("# engines.yaml\n"), "\(path): \(yaml)")
                var environment: [String: String] = [:]
                for match in yaml.matches(of: #/key_env: ([A-Z_]+)/#) { environment[String(match.1)] = "a-key" }
                let setup = try EnginesFile.parse(yaml, file: path, environment: environment)
                var health = try EngineFleet(setup).health
                let agent = try AgentEngines.choose(setup.agents, registry: .builtIn, health: &health)
                Self.kept.withLock { $0.append(agent) }
                #expect(!(setup.recognizers + setup.voices + setup.agents).isEmpty, "\(path)")
                count += 1
            }
        }
        #expect(count >= 13)
    }

    @Test("Each engine's and each agent's options stand on one page, as the code has them")
    func options() throws {
        let pages = try Self.pages()
        for options in EngineReference().options {
            let found = pages.filter { $0.value.contains(options.table) }.keys
            #expect(
                found.count == 1,
                "\(options.role.rawValue) \(options.engine): on \(found.sorted()); write\n\(options.table)")
        }
        let overview = try #require(pages["engines-over-the-network.md"])
        for role in [EngineRole.recognizer, .voice] {
            #expect(overview.contains(EngineReference().common(role)), "\(EngineReference().common(role))")
        }
    }

    @Test("The overview's table of features is what the engines say of themselves, each with its page and its latency")
    func features() throws {
        let lines = try Self.text("engines-over-the-network.md").split(separator: "\n").map(String.init)
        for role in [EngineRole.recognizer, .voice] {
            let head = EngineReference.head(role).split(separator: "\n").map(String.init)
            let start = try #require(lines.firstIndex(of: head[0]), "\(head[0])")
            #expect(lines[start + 1] == head[1])
            let rows = lines[(start + 2)...].prefix { $0.hasPrefix("|") }
            let expected = try EngineReference().features(role)
            #expect(rows.count == expected.count)
            for (row, engine) in zip(rows, expected) {
                let link = try #require(row.firstMatch(of: #/^\| \[(`[a-z_]+`)\]\(([a-z\/-]+\.md)\)/#), "\(row)")
                let plain = "| \(link.1)" + row[link.range.upperBound...]
                #expect(plain.hasPrefix(engine.row + " |"), "write \(engine.row) |")
                #expect(plain.dropFirst(engine.row.count).count { $0 == "|" } == 2, "its latency, last: \(row)")
                #expect(try Self.text(String(link.2)).contains("engine: \(engine.engine)"))
            }
        }
    }

    @Test("An engine of one's own is in the reference, the file and the fleet like any other")
    func own() throws {
        enum Hum: VoiceAdapter {
            static let engine = "hum"
            static let options = [EngineOption("pitch", .whole(100...1_000), standard: "440", "In hertz.")]
            static let needsKey = false
            static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
                InstantSynthesizer()
            }
        }
        let engines = NetworkEngines.builtIn.adding(voices: [Hum.self])
        #expect(EngineReference(engines).options.last { $0.role == .voice }?.table.contains("100 to 1000") == true)
        #expect(try EngineReference(engines).markdown().contains("## voice: hum"))
        let file = "voices: [{engine: hum, pitch: 300}, {engine: embedded}]"
        let setup = try EnginesFile.parse(file, file: "x", environment: [:], engines: engines)
        let fleet = try EngineFleet(setup)
        #expect(fleet.synthesizer(embedded: nil) != nil && fleet.wantsEmbeddedVoice)
        #expect(throws: ConfigurationErrors.self) { try EnginesFile.parse(file, file: "x", environment: [:]) }
    }
}
