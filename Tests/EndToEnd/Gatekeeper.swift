import Foundation
import Synchronization
import Testing

/// `parley serve` as a process of its own, with instant engines.
final class Gatekeeper: Sendable {
    private let process: Mutex<Process>
    private let output: Pipe

    /// The `parley` that is tested.
    static func binary() throws -> URL {
        // The tests are built beside the binary.
        let folder = Bundle.main.bundleURL.deletingLastPathComponent()
        let candidates = [
            ProcessInfo.processInfo.environment["PARLEY"].map { URL(fileURLWithPath: $0) },
            Bundle.allBundles.first?.bundleURL.deletingLastPathComponent().appending(path: "parley"),
            folder.appending(path: "parley"), URL(fileURLWithPath: ".build/release/parley"),
        ].compactMap { $0 }
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }, "the parley binary is not built"
        )
    }

    /// - Parameters:
    ///   - settings: more lines for its configuration.
    ///   - environment: variables on top of this process's.
    ///   - log: a file for what it writes to its standard error.
    init(
        ledger: String, settings: String = "", environment: [String: String] = [:], agent: String = "instant",
        log: String? = nil
    ) throws {
        let configuration = ledger + ".yaml"
        try """
        insecure: true
        speech: {recognizer: instant, voice: instant}
        agent: {flow: \(agent)}
        \(settings)
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        let child = Process()
        child.executableURL = try Self.binary()
        child.arguments = ["serve", "--config", configuration, "--port", "0", "--ledger", ledger]
        child.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        output = Pipe()
        child.standardOutput = output
        child.standardError = FileHandle.nullDevice
        if let log {
            FileManager.default.createFile(atPath: log, contents: nil)
            child.standardError = FileHandle(forWritingAtPath: log)
        }
        try child.run()
        process = Mutex(child)
    }

    /// From the address that it prints first.
    func port() async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { [output] in
                var text = ""
                while true {
                    let data = output.fileHandleForReading.availableData
                    text += String(decoding: data, as: UTF8.self)
                    if let match = text.firstMatch(of: #/127\.0\.0\.1:([0-9]+)/talk/#), let port = Int(match.1) {
                        return continuation.resume(returning: port)
                    }
                    if data.isEmpty { return continuation.resume(throwing: CocoaError(.fileReadUnknown)) }
                }
            }
        }
    }

    /// Lets it come to its end by itself, within what its configuration grants.
    func stop() {
        process.withLock { child in
            guard child.isRunning else { return }
            child.terminate()
            child.waitUntilExit()
        }
    }

    /// When it has ended: the signal that it died of, or its exit code. Waits on a thread of its own: those of tasks are as
    /// many as cores.
    func exit() async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                process.withLock { child in
                    child.waitUntilExit()
                    continuation.resume(returning: child.terminationStatus)
                }
            }
        }
    }

    /// The same as `stop`, for a test beside which others run.
    func stopped() async {
        process.withLock { if $0.isRunning { $0.terminate() } }
        _ = await exit()
    }

    func kill() {
        process.withLock { child in
            guard child.isRunning else { return }
            Foundation.kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
    }
}
