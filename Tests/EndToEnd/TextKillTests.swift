import FakeProvider
import Foundation
import ParleyLedger
import ParleyMessaging
import Testing

@Suite("A text whose gateway is killed on its way", .timeLimit(.minutes(30)))
struct TextKillTests {
    /// How often each point; more in a long run: `PARLEY_KILLS=50`.
    private static let rounds = ProcessInfo.processInfo.environment["PARLEY_KILLS"].flatMap { Int($0) } ?? 3

    @Test(
        "kill -9 at each of the nine points: the text arrives once, and the record says so",
        arguments: FaultPoint.allCases)
    func killed(at point: FaultPoint) async throws {
        for round in 0..<Self.rounds { try await kill(at: point, round: round) }
    }

    private func kill(at point: FaultPoint, round: Int) async throws {
        let reports = ReportPlan([.sent, .delivered], tries: 200, pause: .milliseconds(100))
        let provider = try await FakeProvider.start(script: ProviderScript(.accept.reporting(reports)))
        let bench = try TextBench(provider)
        try await bench.agreedCall()

        let environment = bench.environment.merging(["PARLEY_KILL_AT": point.rawValue]) { $1 }
        let first = try Gatekeeper(ledger: bench.ledger, settings: bench.settings, environment: environment)
        provider.route(TextBench.publicURL, toPort: try await first.port())
        let event = bench.event("e1", arguments: #"{"amount":"$12.50"}"#)
        _ = await provider.post(event)
        let death = await first.exit()
        #expect(death == SIGKILL, "it did not die at \(point.rawValue), round \(round)")

        let second = try Gatekeeper(ledger: bench.ledger, settings: bench.settings, environment: bench.environment)
        provider.route(TextBench.publicURL, toPort: try await second.port())
        // Whoever got no answer asks again: it is the same event.
        #expect(await provider.post(event)?.status == 200)
        _ = try await provider.taken(1, within: .seconds(60))
        _ = try await provider.wait(for: "the last report to be taken", within: .seconds(60)) { books in
            books.reports.contains { $0.status == .delivered && $0.answer == 200 }
        }
        await second.stopped()

        #expect(provider.taken.count == 1)
        #expect(!provider.duplicates.isAnyTakenTwice)
        let messages = try LedgerReader(path: bench.ledger).messages()
        #expect(messages.map(\.state) == ["delivered"], "\(point.rawValue), round \(round): \(messages.map(\.detail))")
        await provider.stop()
        bench.remove()
    }

    @Test("What nobody can tell is held for a person, and a late report settles it")
    func held() async throws {
        // Taken, no answer, no report, and the provider cannot be asked.
        let provider = try await FakeProvider.start(
            script: ProviderScript(.acceptAndReset.reporting(.never)).lookingUp(
                LookUpPlan(.refused(status: 500, code: nil, retryAfter: nil))))
        let bench = try TextBench(provider, more: "outbox: {callback_wait: 1s, query_wait: 1s}")
        try await bench.agreedCall()
        let gateway = try Gatekeeper(ledger: bench.ledger, settings: bench.settings, environment: bench.environment)
        provider.route(TextBench.publicURL, toPort: try await gateway.port())
        _ = await provider.post(bench.event("e1", arguments: #"{"amount":"$1"}"#))
        let text = try #require(try await provider.taken(1).first)
        _ = try await provider.wait(for: "three questions", within: .seconds(30)) { $0.lookUps.count >= 3 }
        #expect(provider.received.count == 1, "it was sent again")
        let held = try LedgerReader(path: bench.ledger).messages()
        #expect(held.map(\.state) == ["unknown"])

        let report = try #require(provider.raw(report: .delivered, of: text))
        #expect(await provider.post(report)?.status == 200)
        #expect(try LedgerReader(path: bench.ledger).messages().map(\.state) == ["delivered"])
        await gateway.stopped()
        await provider.stop()
        bench.remove()
    }
}
