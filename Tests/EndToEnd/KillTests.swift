import Foundation
import ParleyCaller
import ParleyCore
import ParleyLedger
import Synchronization
import Testing

@Suite("A gateway that is killed", .timeLimit(.minutes(2)))
struct KillTests {
    @Test(
        "kill -9 in the middle of a call: the ledger opens, the call is closed as process_lost, nothing committed is missing"
    )
    func killed() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-kill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ledger = folder.appending(path: "ledger.sqlite").path
        let wav = folder.appending(path: "caller.wav").path
        try Data(Self.voice()).write(to: URL(fileURLWithPath: wav))

        let first = try Gatekeeper(ledger: ledger)
        let port = try await first.port()
        var options = CallOptions(url: "ws://127.0.0.1:\(port)/media/twilio")
        options.audio = wav
        options.from = "+15550100042"
        // The instant agent does not open the conversation.
        options.say = .at(.milliseconds(500))
        // Killed as soon as the caller has been answered: a turn of each side has then been noted.
        let hasAnswered = Atomic(false)
        let outcome = try? await ParleyCall.run(options) { line in
            guard line.contains("understood"), hasAnswered.exchange(true, ordering: .relaxed) == false else { return }
            first.kill()
        }
        first.kill()
        let wasAnswered = hasAnswered.load(ordering: .relaxed)
        #expect(wasAnswered, "the caller was never understood: \(String(describing: outcome))")

        let second = try Gatekeeper(ledger: ledger)
        _ = try await second.port()
        let calls = try LedgerReader(path: ledger).calls()
        second.kill()
        #expect(calls.count == 1)
        #expect(calls.first?.endReason == "process_lost")
        #expect(calls.first?.caller == "+15550100042")
    }

    /// A second of harmonics after half a second of silence, as 8 kHz PCM.
    private static func voice() -> [UInt8] {
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
