import FakeEngines
import Foundation
import ParleyCore
import ParleyNetwork
import Testing

/// The interpreter that `scripts/engine-python.sh` prints.
private let interpreter = ProcessInfo.processInfo.environment["PARLEY_ENGINE_PYTHON"]

@Suite(
    "A small application written from the protocol's public documentation",
    .enabled(
        if: interpreter != nil,
        "SKIPPED: PARLEY_ENGINE_PYTHON is not set, so no application in Python was called (scripts/engine-python.sh)"))
struct RelayPythonTests {
    @Test("It greets, books, and ends the call; its handshake was signed")
    func books() async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().path() + "/../../FakeEngines/Clients/"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [interpreter ?? "python3", folder + "relay_app.py", "--until-eof"]
            + ["--secret", "s3cret", "--url", "ws://127.0.0.1:PORT/"]
        // It ends with this pipe, also where this process ends without a word.
        let (standardInput, out) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = out
        let lines = FakeRecord<String>()
        try process.run()
        // Reading waits, and Swift's own threads are few.
        Thread.detachNewThread {
            var text = Data()
            while true {
                let more = out.fileHandleForReading.availableData
                if more.isEmpty { return }
                text += more
                while let end = text.firstIndex(of: 10) {
                    lines.append(String(decoding: text[..<end], as: UTF8.self))
                    text = Data(text[text.index(after: end)...])
                }
            }
        }
        defer { try? standardInput.fileHandleForWriting.close() }
        let port = try await lines.at(0)
        let line = try RelayLine("ws://127.0.0.1:\(port)/", key: Secret("s3cret"))
        line.ask(1, .opening)
        try await line.nudges.first(1)
        line.ask(2, .nudged)
        #expect(try await line.words(2).hasPrefix("Thank you for calling Bright Smile Dental. "))
        line.ask(3, .said("I need a cleaning."))
        #expect(try await line.words(3).hasPrefix("A cleaning. Which day"))
        line.ask(4, .said("Tuesday at three in the afternoon."))
        #expect(
            try await line.words(4) == "That is a cleaning on Tuesday at 3 in the afternoon. Is that right?")
        line.ask(5, .said("Yes, that's right."))
        #expect(try await line.words(5).hasPrefix("May Bright Smile Dental send you one text message"))
        line.ask(6, .said("Yes, please."))
        #expect(try await line.words(6) == "Thank you. Your confirmation is on its way by text. Goodbye.")
        let booked = #"{"reason": "cleaning", "day": "tuesday", "hour": 15, "text": true}"#
        try await line.parts.first { $0.part == .set("handoff_data", booked) }
        #expect(try await lines.at(1).hasSuffix(#""day": "tuesday", "hour": 15, "text": true}"#))
        await line.shutDown()
    }
}
