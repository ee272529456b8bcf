import FakeEngines
import Foundation
import ParleyCaller
import Testing

/// Replies that were begun in the pause, in calls through a gateway, with engines as slow as the field's good ones: words
/// 50 ms after they were asked for, the model's first clause after 300 ms, its sound after 100 ms.
@Suite(
    "Replies begun early, in calls", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: ProcessInfo.processInfo.environment["PARLEY_ENGINE_LATENCY"] != nil))
struct PreemptiveCallTests {
    private static let rounds = 5

    /// The four lines of a fixture, by a caller who hangs up after the last answer.
    private static func caller(in folder: URL) throws -> String {
        let fixture = folder.appending(path: "talks")
        try FileManager.default.createDirectory(at: fixture, withIntermediateDirectories: true)
        let booking = URL(fileURLWithPath: EngineBench.fixture("books-a-cleaning"))
        var script = "caller: \"+15550100011\"\nutterances:\n"
        for (name, line) in zip(["reason", "when", "right", "agreed"], try EngineBench.lines("books-a-cleaning")) {
            try FileManager.default.copyItem(
                at: booking.appending(path: "\(name).wav"), to: fixture.appending(path: "\(name).wav"))
            script += "  - {wav: \(name).wav, text: \"\(line)\", say: {after_quiet: 600ms}}\n"
        }
        script += "hangup: {after_quiet: 1s}\nexpect: {max_duration: 60s}\n"
        try script.write(to: fixture.appending(path: "call.yaml"), atomically: true, encoding: .utf8)
        return fixture.path
    }

    /// Last voiced frame to first frame of the answer, in milliseconds, over all turns, in order of size.
    private struct Edges {
        /// As the detector has it: received, to written.
        var gateway: [Double]
        /// By the caller's own ear, for whom the last sounds of a word, too soft for a detector, are not voiced either
        /// way, and with both ways of the wire.
        var caller: [Double]
    }

    private func edges(isPreemptive: Bool) async throws -> Edges {
        let lines = try EngineBench.lines("books-a-cleaning")
        let ears = try await FakeEars(
            "deepgram", lines: lines, numbering: .connection, late: .milliseconds(50),
            wordMilliseconds: 100)
        let mouth = try await FakeMouth("deepgram", firstSound: .milliseconds(100))
        let model = FakeChatCompletions { _ in
            FakeChatReply([
                .wait(.milliseconds(300)), .text("All right, I have that. "), .text("What else can I do?"),
                .finish("stop"),
            ])
        }
        try await model.start()
        let bench = try EngineBench(
            engines: """
                recognizers:
                \(ears.entry)
                voices:
                \(mouth.entry)
                agents:
                  - {engine: chat, url: "\(model.url)/v1", model: gpt-x, key_env: FAKE_MODEL, greeting: "Hello, how can I help?"}

                """,
            settings: "turn: {preemptive: \(isPreemptive), hangover: 500ms, pause: 120ms}\n",
            keys: ears.keys.merging(mouth.keys) { $1 }.merging(["FAKE_MODEL": "openai-key"]) { $1 })
        defer { bench.remove() }
        let caller = try Self.caller(in: bench.folder)
        let runs = try await bench.serve { port in
            var options = CallOptions(url: "ws://127.0.0.1:\(port)/media/twilio")
            options.fixtures = [caller]
            options.repeats = Self.rounds
            return try await ParleyCall.run(options, output: { _ in }).runs
        }
        #expect(runs.flatMap(\.findings).isEmpty, "\(runs.flatMap(\.findings))")
        #expect(ears.violations.isEmpty && mouth.violations.isEmpty && model.violations.all.isEmpty)
        print("preemptive \(isPreemptive): requests of the model \(model.requests.count)")
        await ears.stop()
        await mouth.stop()
        await model.stop()
        let turns = runs.flatMap(\.report.turns)
        return Edges(
            gateway: turns.compactMap(\.waterfall?.edgeMS).sorted(), caller: turns.compactMap(\.edgeMS).sorted())
    }

    @Test("The median is at most 650 ms at a hangover of 500 ms, and less than without")
    func median() async throws {
        let (without, with) = (try await edges(isPreemptive: false), try await edges(isPreemptive: true))
        func line(_ name: String, _ edges: [Double]) -> String {
            func at(_ share: Double) -> Int {
                Int(edges[min(edges.count - 1, Int(share * Double(edges.count)))].rounded())
            }
            return "| preemptive \(name) | \(edges.count) | \(at(0.5)) | \(at(0.95)) |"
        }
        print(line("off, gateway", without.gateway))
        print(line("off, caller", without.caller))
        print(line("on, gateway", with.gateway))
        print(line("on, caller", with.caller))
        #expect(without.gateway.count == Self.rounds * 4 && with.gateway.count == Self.rounds * 4)
        #expect(with.gateway[with.gateway.count / 2] <= 650)
        #expect(with.caller[with.caller.count / 2] < without.caller[without.caller.count / 2])
    }
}
