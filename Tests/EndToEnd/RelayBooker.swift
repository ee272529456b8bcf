import FakeEngines
import Foundation

/// The small application that was written from the protocol's public documentation, in a process of its own.
final class RelayBooker: Sendable {
    /// The interpreter that `scripts/engine-python.sh` prints; `nil`: there is none.
    static let interpreter = ProcessInfo.processInfo.environment["PARLEY_ENGINE_PYTHON"]

    let port: Int
    /// What it prints: a line for each call that ended, with what was booked.
    let lines = FakeRecord<String>()
    /// It ends with this pipe, also where this process ends without a word.
    private let standardInput = Pipe()

    init() async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "FakeEngines/Clients/relay_app.py").path()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [Self.interpreter ?? "python3", script, "--until-eof"]
        let out = Pipe()
        process.standardInput = standardInput
        process.standardOutput = out
        try process.run()
        let (lines, reader) = (lines, out.fileHandleForReading)
        // Reading waits, and Swift's own threads are few.
        Thread.detachNewThread {
            var text = Data()
            while true {
                let more = reader.availableData
                if more.isEmpty { return }
                text += more
                while let end = text.firstIndex(of: 10) {
                    lines.append(String(decoding: text[..<end], as: UTF8.self))
                    text = Data(text[text.index(after: end)...])
                }
            }
        }
        guard let port = Int(try await lines.at(0)) else { throw CancellationError() }
        self.port = port
    }

    func stop() { try? standardInput.fileHandleForWriting.close() }
}
