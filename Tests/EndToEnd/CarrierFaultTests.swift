import Foundation
import FoundationNetworking
import ParleyCaller
import ParleyLedger
import Testing

/// Rows of reliability.md 4.2, each over a real socket against a real process.
@Suite("A carrier with faults", .serialized, .timeLimit(.minutes(3)))
struct CarrierFaultTests {
    /// What one call came to, on both sides.
    private struct Call {
        var report: CallReport
        /// Of the calls in the ledger, oldest first.
        var endReasons: [String?]
        /// The gateway's counters.
        var metrics: String

        var fired: [Int] { report.faults?.entries.map(\.fired) ?? [] }

        func count(_ metric: String) -> Int {
            metrics.split(separator: "\n").first { $0.hasPrefix(metric + " ") }
                .flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? -1
        }
    }

    /// Plays a silent caller, who hangs up after a while, through these faults.
    private func play(_ faults: String, hangUp: String = "1s", settings: String = "") async throws -> Call {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-faults-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "utterances: []\nhangup: {at: \(hangUp)}".write(
            to: folder.appending(path: "call.yaml"), atomically: true, encoding: .utf8)
        let ledger = folder.appending(path: "ledger.sqlite").path

        let gateway = try Gatekeeper(ledger: ledger, settings: settings)
        defer { gateway.kill() }
        let port = try await gateway.port()
        var options = CallOptions(url: "ws://127.0.0.1:\(port)/media/twilio")
        options.fixtures = [folder.path]
        options.faults = try FaultFile.parse("seed: 3\nfaults:\n\(faults)", file: "faults.yaml")
        let outcome = try await call(options)
        let metrics = try Data(contentsOf: try #require(URL(string: "http://127.0.0.1:\(port)/metrics")))
        gateway.stop()
        return Call(
            report: try #require(outcome.runs.first?.report),
            endReasons: try LedgerReader(path: ledger).calls().map(\.endReason).reversed(),
            metrics: String(decoding: metrics, as: UTF8.self))
    }

    /// Calls, and again while the gateway says that it is not ready yet, for ten seconds.
    private func call(_ options: CallOptions) async throws -> CallOutcome {
        let began = ContinuousClock.now
        while true {
            do {
                return try await ParleyCall.run(options) { _ in }
            } catch {
                guard error.description.contains("503"), ContinuousClock.now - began < .seconds(10) else { throw error }
            }
        }
    }

    @Test("Media before the start is 1008, and no call")
    func mediaBeforeStart() async throws {
        let call = try await play("  - {fault: media_before_start}")
        #expect(call.report.closeCode == 1008)
        #expect(call.endReasons == [])
        #expect(call.fired == [1])
    }

    @Test("A second start is 1008, and ends the call as protocol_error")
    func secondStart() async throws {
        let call = try await play("  - {fault: second_start, at: 300ms}")
        #expect(call.report.closeCode == 1008)
        #expect(call.endReasons == ["protocol_error"])
    }

    @Test("A second stream for a live call is refused with 1008, and the first goes on to its end")
    func secondStream() async throws {
        let call = try await play("  - {fault: second_stream, at: 200ms}", hangUp: "6s")
        #expect(call.report.faults?.secondStreams == ["closed by the server with 1008"])
        #expect(call.report.closeCode == 1000)
        #expect(call.report.framesSent == 300)
        #expect(call.endReasons == ["caller_hung_up"])
    }

    @Test("A stop that comes twice is one hanging up")
    func stopTwice() async throws {
        let call = try await play("  - {fault: stop_twice}", hangUp: "300ms")
        #expect(call.fired == [1])
        #expect(call.report.closeCode == 1000)
        #expect(call.endReasons == ["caller_hung_up"])
    }

    @Test("A connection that goes without a goodbye is peer_lost")
    func drop() async throws {
        let call = try await play("  - {fault: drop, at: 300ms}")
        #expect(call.report.closeCode == nil)
        #expect(call.endReasons == ["peer_lost"])
    }

    @Test("A connection that is there and says nothing any more is found out, and is peer_lost")
    func silence() async throws {
        let call = try await play(
            "  - {fault: silence, at: 300ms}", hangUp: "2s", settings: "ws: {ping_interval: 300ms, pong_timeout: 300ms}"
        )
        #expect(call.endReasons == ["peer_lost"])
        #expect(call.fired == [1])
    }

    @Test("Frames that are lost, or come twice, are counted, and the call goes on")
    func lostAndDoubled() async throws {
        let call = try await play(
            """
              - {fault: loss, chance: 0.2, way: to_server}
              - {fault: duplicate, chance: 0.2, way: to_server}
            """, hangUp: "2s")
        #expect(call.fired.count == 2 && call.fired.allSatisfy { $0 > 0 })
        // Frames that are lost one after another are one gap.
        let counted = call.count(#"parley_dropped_total{kind="frame"}"#)
        #expect(counted > call.fired.reduce(0, +) / 2 && counted <= call.fired.reduce(0, +))
        #expect(call.report.closeCode == 1000)
        #expect(call.endReasons == ["caller_hung_up"])
    }

    @Test("A hundred frames at once after a stall are all taken")
    func burst() async throws {
        let call = try await play("  - {fault: stall, at: 100ms, frames: 100, way: to_server}", hangUp: "2500ms")
        #expect(call.fired == [1])
        #expect(call.report.framesSent == 125)
        #expect(call.count(#"parley_dropped_total{kind="frame"}"#) == 0)
        #expect(call.report.closeCode == 1000)
        #expect(call.endReasons == ["caller_hung_up"])
    }

    @Test("Numbers that jump, wrap and begin anew cost no call")
    func numbers() async throws {
        let call = try await play(
            """
              - {fault: numbers_jump, at: 200ms, by: 500}
              - {fault: numbers_wrap, at: 400ms}
              - {fault: numbers_restart, at: 800ms}
            """, hangUp: "1200ms")
        #expect(call.fired == [1, 1, 1])
        #expect(call.report.closeCode == 1000)
        #expect(call.endReasons == ["caller_hung_up"])
    }

    @Test(
        "Garbage is dropped and counted, and too much of it is 1008",
        arguments: [("bad_base64", 50), ("bad_size", 50), ("broken_json", 10)])
    func garbage(kind: String, limit: Int) async throws {
        let call = try await play("  - {fault: \(kind)}", hangUp: "3s")
        #expect(call.report.closeCode == 1008)
        #expect(call.endReasons == ["protocol_error"])
        #expect(call.count(#"parley_dropped_total{kind="malformed_message"}"#) == limit)

        let few = try await play("  - {fault: \(kind), every: 100ms}", hangUp: "950ms")
        #expect(few.fired == [9])
        #expect(few.report.closeCode == 1000)
        #expect(few.count(#"parley_dropped_total{kind="malformed_message"}"#) == 9)
    }
}
