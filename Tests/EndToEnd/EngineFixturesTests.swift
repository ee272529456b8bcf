import FakeEngines
import ParleyCaller
import Testing

/// The fixtures' callers, through a gateway whose recogniser and voice are servers of others.
@Suite("Fixtures over the network's engines", .timeLimit(.minutes(5)))
struct EngineFixturesTests {
    /// One recogniser and one voice.
    struct Pair: Sendable, CustomTestStringConvertible {
        var recognizer: String
        var voice: String
        var testDescription: String { "\(recognizer) and \(voice)" }
    }

    static let pairs = [
        Pair(recognizer: "deepgram", voice: "deepgram"), Pair(recognizer: "assemblyai", voice: "elevenlabs"),
        Pair(recognizer: "openai", voice: "openai"), Pair(recognizer: "vosk", voice: "cartesia"),
        Pair(recognizer: "wyoming", voice: "wyoming"), Pair(recognizer: "openai_transcriptions", voice: "openai"),
    ]
    static let fixtures = EngineBench.fixtures(else: "books-a-cleaning")

    @Test("Each fixture comes out as with the embedded engines", arguments: pairs, fixtures)
    func fixture(_ pair: Pair, _ name: String) async throws {
        let ears = try await FakeEars(pair.recognizer, lines: try EngineBench.lines(name))
        let mouth = try await FakeMouth(pair.voice)
        let bench = try EngineBench(
            engines: "recognizers:\n\(ears.entry)\nvoices:\n\(mouth.entry)\n",
            keys: ears.keys.merging(mouth.keys) { $1 })
        defer { bench.remove() }
        let run = try await bench.serve { port in try await bench.call(name, port: port) }
        #expect(run.findings.isEmpty, "\(run.findings)")
        #expect(ears.violations.isEmpty, "\(ears.violations)")
        #expect(mouth.violations.isEmpty, "\(mouth.violations)")
        await ears.stop()
        await mouth.stop()
    }
}
