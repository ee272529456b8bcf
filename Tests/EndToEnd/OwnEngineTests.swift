import FakeEngines
import Foundation
import ParleyCaller
import ParleyCore
import ParleySpeech
import SayVoice
import Testing

@Suite("An engine of one's own, Examples/SayVoice", .timeLimit(.minutes(3)))
struct OwnEngineTests {
    private static let rate = 22_050
    private static let pitch = 440.0

    /// Speaks each clause as a tone of 60 ms for each character: the alto at 440 Hz, whoever else at 1 200.
    private static func server() -> FakeHTTPServer {
        FakeHTTPServer { request, response in
            guard request.method == "GET", request.target.path == "/say", let text = request.target.value("text"),
                request.headers["Authorization"] == "Bearer say-key"
            else { return await response.answer(404, "{}") }
            let hertz = request.target.value("speaker") == "alto" ? pitch : 1_200
            let sound = (0..<text.count * 60 * rate / 1_000).flatMap { index -> [UInt8] in
                let sample = UInt16(
                    bitPattern: Int16(8_000 * sin(2 * .pi * hertz * Double(index) / Double(rate))))
                return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
            }
            await response.head(200, headers: [("Content-Type", "audio/pcm")])
            // Cut anywhere, in the middle of samples too.
            for start in stride(from: 0, to: sound.count, by: 4_001) {
                await response.write(Array(sound[start..<min(start + 4_001, sound.count)]))
            }
        }
    }

    @Test("A fixture's caller hears its voice from the first greeting to the goodbye")
    func heard() async throws {
        let server = Self.server()
        try await server.start()
        let ears = try await FakeEars("vosk", lines: try EngineBench.lines("books-a-cleaning"))
        let voice = "{engine: say, url: \"http://127.0.0.1:\(server.port)/say\", speaker: alto, key_env: SAY_KEY}"
        let registry = NetworkEngines.builtIn.adding(voices: [SayVoice.self])
        let bench = try EngineBench(
            engines: "recognizers:\n\(ears.entry)\nvoices:\n  - \(voice)\n", keys: ["SAY_KEY": "say-key"])
        defer { bench.remove() }
        let wav = bench.folder.appending(path: "call.wav").path
        let run = try await bench.serve(registry: registry) { port in
            try await bench.call("books-a-cleaning", port: port, record: wav)
        }
        #expect(run.findings.isEmpty, "\(run.findings)")
        let record = try WAV(Array(try Data(contentsOf: URL(fileURLWithPath: wav))))
        let agent = try #require(record.channels.count == 2 ? record.channels[1] : nil)
        let windows = stride(from: 0, to: agent.count - 400, by: 400).map { Array(agent[$0..<$0 + 400]) }
        let loud = windows.filter { Self.energy($0) > 1_000_000 }
        let ours = loud.filter { Self.share(of: Self.pitch, in: $0, rate: record.sampleRate) > 0.8 }
        // 50 ms each. Where a clause begins or ends, half a window has nothing, or another phase.
        #expect(loud.count > 100)
        #expect(ours.count * 10 > loud.count * 9, "\(ours.count) of \(loud.count)")
        let said = server.requests.all.compactMap { $0.target.value("text") }.joined(separator: " ")
        #expect(said.contains("What can I book for you"))
        await server.stop()
        await ears.stop()
    }

    @Test("The page quotes the file, word for word; it has under 60 lines")
    func page() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let code = try String(contentsOf: root.appending(path: "Examples/SayVoice/SayVoice.swift"), encoding: .utf8)
        let page = try String(contentsOf: root.appending(path: "docs/bring-an-engine.md"), encoding: .utf8)
        #expect(page.contains("```swift\n" + code + "```\n"))
        #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count < 60)
    }

    @Test("An engine of a name that is there takes its place")
    func replaces() {
        enum Other: VoiceAdapter {
            static let engine = "wyoming"
            static let options: [EngineOption] = []
            static let needsKey = false
            static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
                throw EngineError(engine: engine, message: "not made")
            }
        }
        let voices = NetworkEngines.builtIn.adding(voices: [Other.self]).voices
        #expect(voices.count == NetworkEngines.builtIn.voices.count)
        #expect(voices.contains { $0 == Other.self } && !voices.contains { $0 == WyomingVoice.self })
    }

    private static func energy(_ window: [Int16]) -> Double {
        window.reduce(0) { $0 + Double($1) * Double($1) } / Double(window.count)
    }

    /// How much of a window's energy is a tone of this pitch, by Goertzel's algorithm: 1 for the tone alone.
    private static func share(of hertz: Double, in window: [Int16], rate: Int) -> Double {
        let turn = 2 * cos(2 * .pi * hertz / Double(rate))
        var (one, two) = (0.0, 0.0)
        for sample in window { (one, two) = (Double(sample) + turn * one - two, one) }
        let power = one * one + two * two - turn * one * two
        return 2 * power / Double(window.count) / (energy(window) * Double(window.count))
    }
}
