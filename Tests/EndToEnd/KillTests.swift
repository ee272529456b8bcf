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
        try Data(CallerVoice.wav()).write(to: URL(fileURLWithPath: wav))

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
}
