import Foundation
import Synchronization
import Testing

/// `parley serve` as a process of its own, with instant engines.
final class Gatekeeper: Sendable {
    private let process: Mutex<Process>
    private let output: Pipe

    /// - Parameter more: further lines of the configuration.
    init(ledger: String, configuration more: String = "") throws {
        // The tests are built beside the binary.
        let folder = Bundle.main.bundleURL.deletingLastPathComponent()
        let candidates = [
            ProcessInfo.processInfo.environment["PARLEY"].map { URL(fileURLWithPath: $0) },
            Bundle.allBundles.first?.bundleURL.deletingLastPathComponent().appending(path: "parley"),
            folder.appending(path: "parley"), URL(fileURLWithPath: ".build/release/parley"),
        ].compactMap { $0 }
        let binary = try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }, "the parley binary is not built"
        )
        let configuration = ledger + ".yaml"
        try """
        insecure: true
        speech: {recognizer: instant, voice: instant}
        agent: {flow: instant}
        \(more)
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        let child = Process()
        child.executableURL = binary
        child.arguments = ["serve", "--config", configuration, "--port", "0", "--ledger", ledger]
        output = Pipe()
        child.standardOutput = output
        child.standardError = FileHandle.nullDevice
        try child.run()
        process = Mutex(child)
    }

    /// From the address that it prints first.
    func port() async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { [output] in
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

    /// As an operator stops it; returns when it has ended.
    func stop() {
        process.withLock { child in
            guard child.isRunning else { return }
            child.terminate()
            child.waitUntilExit()
        }
    }

    func kill() {
        process.withLock { child in
            guard child.isRunning else { return }
            Foundation.kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
    }
}

enum CallerVoice {
    /// A second of harmonics after half a second of silence, as 8 kHz PCM.
    static func wav() -> [UInt8] {
        let samples = (0..<12_000).map { index -> Int16 in
            guard index >= 4_000 else { return 0 }
            let time = Double(index) / 8_000
            return Int16((1...10).reduce(0.0) { $0 + sin(2 * .pi * 140 * Double($1) * time) / Double($1) } * 4_000)
        }
        var bytes = Array("RIFF".utf8)
        func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        func append(_ value: UInt16) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        append(UInt32(36 + samples.count * 2))
        bytes += Array("WAVEfmt ".utf8)
        append(UInt32(16))
        for value in [UInt16(1), 1] { append(value) }
        append(UInt32(8_000))
        append(UInt32(16_000))
        for value in [UInt16(2), 16] { append(value) }
        bytes += Array("data".utf8)
        append(UInt32(samples.count * 2))
        for sample in samples { append(UInt16(bitPattern: sample)) }
        return bytes
    }
}
