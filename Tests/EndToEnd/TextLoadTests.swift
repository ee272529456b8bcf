import Dispatch
import FakeProvider
import Foundation
import ParleyLedger
import Testing

/// How soon a text is with its provider, and how soon a text is answered. The full size is `scripts/texts.sh`:
/// `PARLEY_TEXT_LOAD=500`, beside calls that `parley bench load` makes.
@Suite("Texts under load", .serialized, .timeLimit(.minutes(5)))
struct TextLoadTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["PARLEY_TEXT_LOAD"].flatMap { Int($0) } ?? 20
    /// A line of the shell that makes calls; `URL` in it is the gateway's.
    private static let calls = environment["PARLEY_TEXT_CALLS"]

    /// Eighteen numbers under each prefix: more in an hour look like an attack, and are stopped.
    private static func number(_ index: Int) -> String {
        String(format: "+1212%03d01%02d", 200 + index / 18, index % 18)
    }

    @Test("Each event's text and each text's answer is with the provider in time")
    func load() async throws {
        let provider = try await FakeProvider.start()
        let bench = try TextBench(provider)
        try await bench.agreedCalls((0..<Self.count).map { ("CALL\($0)", Self.number($0)) })
        let gateway = try Gatekeeper(
            ledger: bench.ledger, settings: bench.settings, environment: bench.environment, agent: "sample")
        let port = try await gateway.port()
        provider.route(TextBench.publicURL, toPort: port)
        let calling = try Self.calls.map {
            try Self.shell($0.replacing("URL", with: "ws://127.0.0.1:\(port)/media/twilio"))
        }
        // At full size alone: the callers have come by then.
        if calling != nil { try await Task.sleep(for: .seconds(8)) }

        var asked: [String: UInt64] = [:]
        for index in 0..<Self.count {
            let event = bench.event("e\(index)", call: "CALL\(index)", arguments: #"{"amount":"$\#(index)"}"#)
            asked[Self.number(index)] = DispatchTime.now().uptimeNanoseconds
            #expect(await provider.post(event)?.status == 200)
        }
        let sent = try await provider.taken(Self.count, within: .seconds(60))
        let delays = sent.map { Double($0.arrivedNanoseconds - asked[$0.to]!) / 1e6 }.sorted()

        let answers = max(Self.count / 5, 10)
        var texted: [String: UInt64] = [:]
        for index in 0..<answers {
            let number = String(format: "+1646%03d01%02d", 200 + index / 18, index % 18)
            texted[number] = DispatchTime.now().uptimeNanoseconds
            #expect(
                await provider.inbound(
                    .twilio, from: number, to: TextBench.sender, body: "a cleaning please", id: "SMl\(index)",
                    url: TextBench.publicURL + "/hooks/twilio/sms")?.status == 200)
        }
        let all = try await provider.taken(Self.count + answers, within: .seconds(60))
        let replies = all.compactMap { text in texted[text.to].map { Double(text.arrivedNanoseconds - $0) / 1e6 } }
            .sorted()
        try await provider.settled(within: .seconds(60))
        calling?.waitUntilExit()

        func at(_ share: Double, _ values: [Double]) -> Double {
            values[min(Int(Double(values.count) * share), values.count - 1)]
        }
        print(
            String(
                format:
                    "texts: trigger to provider n %d p50 %.1f p95 %.1f p99 %.1f ms; text to answer n %d p50 %.1f p95 %.1f ms",
                delays.count, at(0.5, delays), at(0.95, delays), at(0.99, delays), replies.count, at(0.5, replies),
                at(0.95, replies)))
        #expect(at(0.95, delays) <= 1_000)
        #expect(at(0.95, replies) <= 3_000)
        #expect(provider.received.count == Self.count + answers)
        let audit = try Self.shell(
            "'\(try Gatekeeper.binary().path)' replay --audit all --config '\(bench.ledger).yaml' --ledger '\(bench.ledger)'",
            bench.environment)
        audit.waitUntilExit()
        #expect(audit.terminationStatus == 0, "decided again, an action has another rule")
        await gateway.stopped()
        await provider.stop()
        bench.remove()
    }

    private static func shell(_ line: String, _ more: [String: String] = [:]) throws -> Process {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sh")
        child.arguments = ["-c", line]
        child.environment = environment.merging(more) { $1 }
        try child.run()
        return child
    }
}
