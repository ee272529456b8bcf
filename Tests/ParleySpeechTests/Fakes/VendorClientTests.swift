import FakeEngines
import Foundation
import Testing

/// Programs that drive a vendor's published client, with the interpreter that `scripts/engine-python.sh` prints.
enum VendorClient {
    static let interpreter = ProcessInfo.processInfo.environment["PARLEY_ENGINE_PYTHON"]

    /// Runs one to its end, for a minute at most, and reads the lines of JSON that it prints.
    static func run(_ program: String, _ arguments: [String]) async throws -> [FakeJSON] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().path() + "/../../FakeEngines/Clients/"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", "60", interpreter ?? "python3", folder + program] + arguments
        let out = Pipe()
        process.standardOutput = out
        let text = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<String, any Error>) in
            // Reading waits, and Swift's own threads are few.
            Thread.detachNewThread {
                do {
                    try process.run()
                    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                    process.waitUntilExit()
                    ended.resume(returning: text)
                } catch {
                    ended.resume(throwing: error)
                }
            }
        }
        #expect(process.terminationStatus == 0, "\(program) failed: \(text)")
        return text.split(separator: "\n").compactMap { FakeJSON(text: String($0)) }
    }
}

@Suite(
    "Fakes of recognisers, as the vendors' own clients find them",
    .enabled(
        if: VendorClient.interpreter != nil,
        "SKIPPED: no vendor's client has checked the fakes: PARLEY_ENGINE_PYTHON is not set (scripts/engine-python.sh)")
)
struct RecogniserVendorTests {
    private let line = "Book a table for two, please."

    @Test("deepgram-sdk hears partials, settled words with their times, and the flushed rest")
    func deepgram() async throws {
        let fake = FakeRecognizer.deepgram(FakeScript(lines: [line]))
        try await fake.start()
        let said = try await VendorClient.run("deepgram_listen.py", ["ws://127.0.0.1:\(fake.port)", "deepgram-key"])
        #expect(fake.violations.all == [])
        let results = said.filter { $0["type"] == "Results" }
        #expect(results.contains { $0["final"] == false })
        let finals = results.filter { $0["final"] == true }
        #expect(finals.compactMap { $0["text"]?.string }.joined(separator: " ") == line)
        #expect(finals.last?["flushed"] == true)
        let words = finals.flatMap { $0["words"]?.array ?? [] }
        let times: [Double] = words.flatMap { word in [word[1]?.number ?? -1, word[2]?.number ?? -1] }
        #expect(times == times.sorted())
        #expect(times.count == 12)
        #expect(times.last ?? 3 <= 2)
        #expect(said.contains { $0["type"] == "SpeechStarted" })
        #expect(said.contains { $0["type"] == "Metadata" })
        #expect(said.last?["type"] == "end")
        await fake.stop()
    }

    @Test("deepgram-sdk reads the refusal of a wrong key")
    func deepgramKey() async throws {
        let fake = FakeRecognizer.deepgram(FakeScript(lines: [line]))
        try await fake.start()
        let said = try await VendorClient.run("deepgram_listen.py", ["ws://127.0.0.1:\(fake.port)", "other"])
        #expect(said == [["type": "refused", "status": 401]])
        await fake.stop()
    }

    @Test("assemblyai hears a turn grow, end, and end again formatted")
    func assemblyAI() async throws {
        let fake = FakeRecognizer.assemblyAI(FakeScript(lines: [line]))
        try await fake.start()
        let said = try await VendorClient.run(
            "assemblyai_stream.py", ["ws://127.0.0.1:\(fake.port)", "assemblyai-key"])
        #expect(fake.violations.all == [])
        #expect(said.first?["type"] == "Begin")
        let ends = said.filter { $0["end"] == true }
        #expect(ends.map { $0["text"]?.string } == ["book a table for two please", line])
        #expect(ends.map { $0["order"]?.whole } == [0, 0])
        #expect(said.contains { $0["end"] == false && $0["text"] == "book a table" })
        #expect(said.last?["type"] == "Termination")
        await fake.stop()
    }

    @Test("assemblyai reads the refusal of a wrong key")
    func assemblyAIKey() async throws {
        let fake = FakeRecognizer.assemblyAI(FakeScript(lines: [line]))
        try await fake.start()
        let said = try await VendorClient.run("assemblyai_stream.py", ["ws://127.0.0.1:\(fake.port)", "other"])
        #expect(said.map { $0["type"] } == ["error"])
        #expect(said.first?["code"] == 1008)
        await fake.stop()
    }

    @Test("openai configures a transcription, commits, and hears deltas and the whole")
    func openAI() async throws {
        let fake = FakeRecognizer.openAITranscription(FakeScript(lines: [line]))
        try await fake.start()
        let said = try await VendorClient.run("openai_transcribe.py", [fake.url, "openai-key"])
        #expect(fake.violations.all == [])
        #expect(
            said.prefix(5).compactMap { $0["type"]?.string } == [
                "session.created", "session.updated", "input_audio_buffer.committed", "conversation.item.added",
                "conversation.item.done",
            ])
        let deltas = said.filter { $0["type"] == "conversation.item.input_audio_transcription.delta" }
        #expect(deltas.compactMap { $0["text"]?.string }.joined() == line)
        #expect(said.last?["text"]?.string == line)
        await fake.stop()
    }

    @Test("openai reads the refusal of a wrong key")
    func openAIKey() async throws {
        let fake = FakeRecognizer.openAITranscription(FakeScript(lines: [line]))
        try await fake.start()
        let said = try await VendorClient.run("openai_transcribe.py", [fake.url, "other"])
        #expect(said == [["type": "refused", "status": 401]])
        await fake.stop()
    }

    @Test("wyoming asks for the services, then hears two turns over one connection", arguments: [false, true])
    func wyoming(streams: Bool) async throws {
        let fake = FakeRecognizer.wyoming(FakeScript(lines: [line, "At eight."]), streams: streams)
        try await fake.start()
        let said = try await VendorClient.run("wyoming_listen.py", ["127.0.0.1", "\(fake.port)"])
        #expect(fake.violations.all == [])
        #expect(
            said == [
                ["type": "info", "name": "fake-whisper", "streams": .bool(streams)],
                ["type": "pong", "text": "hello"],
                ["type": "transcript", "text": .string(line), "chunks": .string(streams ? line : "")],
                ["type": "transcript", "text": "At eight.", "chunks": .string(streams ? "At eight." : "")],
            ])
        await fake.stop()
    }
}
