import Foundation

/// An application in Python, in a process of its own: it listens, and prints its port first.
public final class PythonApplication: Sendable {
    /// The interpreter that `scripts/engine-python.sh` prints; `nil`: there is none.
    public static let interpreter = ProcessInfo.processInfo.environment["PARLEY_ENGINE_PYTHON"]

    public let port: Int
    /// What it prints, the port first.
    public let lines = FakeRecord<String>()
    /// It ends with this pipe, also where the process of the tests ends without a word.
    private let standardInput = Pipe()

    /// The small dentist's line that was written from the protocol's public documentation.
    public static func dentist(_ arguments: [String] = []) async throws -> PythonApplication {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Clients/relay_app.py")
        return try await PythonApplication([script.standardized.path(), "--until-eof"] + arguments)
    }

    /// An application that does not itself look for the end of its standard input.
    public convenience init(code: String) async throws {
        let watch = """
            import os, sys, threading
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()

            """
        try await self.init(["-u", "-c", watch + code])
    }

    private init(_ arguments: [String]) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [Self.interpreter ?? "python3"] + arguments
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
        let first = try await lines.at(0)
        guard let port = Int(first) else { throw FakeTimeout(description: "no port, but: \(first)") }
        self.port = port
    }

    public func stop() { try? standardInput.fileHandleForWriting.close() }
}
