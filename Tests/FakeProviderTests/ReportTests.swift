import ParleyMessaging
import Testing

@testable import FakeProvider

@Suite("Reports of the fake, as they arrive", .timeLimit(.minutes(3)))
struct ReportTests {
    /// Sends one text and gives the states that Parley reads out of the reports, in the order of arrival, and the answer.
    private func states(
        _ plan: RequestPlan, _ kind: ProviderKind = .twilio,
        answering answer: @escaping @Sendable (Int) -> Int = { _ in 200 }
    ) async throws -> (states: [MessageState], reports: [SentReport], outcome: SendOutcome) {
        try await FakeProvider.run(ProviderScript(plan)) { provider in
            try await WebhookListener.run(answer) { listener, port in
                provider.route(Sample.origin, toPort: port)
                let text = try Sample.text()
                let outcome = try await Carrier.send(text, kind, at: provider)
                try await provider.settled()
                let format = try Sample.format(kind, at: provider)
                let states = try listener.webhooks.map { webhook in
                    let report = try #require(format.status(in: try format.verified(webhook, at: provider.now())))
                    #expect(report.correlation == text.correlation.text)
                    #expect(report.providerID == provider.taken.first?.providerID)
                    return report.state
                }
                return (states, provider.books.reports, outcome)
            }
        }
    }

    @Test("A text that was taken is reported on at the public URL, signed for it", arguments: ProviderKind.allCases)
    func routed(kind: ProviderKind) async throws {
        let seen = try await states(.accept, kind)
        let expected: [MessageState] =
            kind == .telnyx || kind == .vonage ? [.sent, .delivered] : [.accepted, .sent, .delivered]
        #expect(seen.states == expected)
        #expect(seen.reports.map(\.answer) == expected.map { _ in 200 })
    }

    @Test("Failed, out of order, twice, never")
    func planned() async throws {
        let failed = try await states(.accept.reporting(ReportPlan([.sent, .failed(code: "30003")])))
        #expect(failed.states == [.sent, .failed])
        let mixed = try await states(.accept.reporting(ReportPlan([.delivered, .queued, .sent])))
        #expect(mixed.states == [.delivered, .accepted, .sent])
        let twice = try await states(.accept.reporting(ReportPlan([.sent, .delivered], copies: 2)))
        #expect(twice.states == [.sent, .sent, .delivered, .delivered])
        #expect(try await states(.accept.reporting(.never)).states == [])
        #expect(try await states(.refuse(400)).states == [])
    }

    @Test("A text whose answer is lost is reported on all the same")
    func lostAnswer() async throws {
        for plan in [RequestPlan.acceptAndReset, .acceptAndClose, .acceptButSay(500)] {
            let seen = try await states(plan.reporting(ReportPlan([.sent])))
            #expect(seen.states == [.sent])
            guard case .ambiguous = seen.outcome else {
                Issue.record("not ambiguous: \(seen.outcome)")
                continue
            }
        }
    }

    @Test("A report may come before the answer")
    func before() async throws {
        let plan = RequestPlan.accept.reporting(ReportPlan([.delivered], moment: .beforeAnswer))
        try await FakeProvider.run(ProviderScript(plan)) { provider in
            try await WebhookListener.run { listener, port in
                provider.route(Sample.origin, toPort: port)
                try await Carrier.send(try Sample.text(), .twilio, at: provider)
                #expect(listener.taken.count == 1)
            }
        }
    }

    @Test("A report that is not answered by a 2xx is tried again, with the same token, as often as planned")
    func again() async throws {
        let plan = RequestPlan.accept.reporting(ReportPlan([.sent], tries: 3, pause: .milliseconds(1)))
        let seen = try await states(plan) { $0 < 3 ? 503 : 204 }
        #expect(seen.reports.map(\.answer) == [503, 503, 204])
        let other = try await states(plan) { _ in 503 }
        #expect(other.reports.map(\.answer) == [503, 503, 503])
    }

    @Test("With no way to the public URL, a report goes nowhere and is counted")
    func nowhere() async throws {
        try await FakeProvider.run(ProviderScript(.accept.reporting(ReportPlan([.sent])))) { provider in
            try await Carrier.send(try Sample.text(), .twilio, at: provider)
            #expect(try await provider.reports(1).map(\.answer) == [nil])
            #expect(try await provider.reports(1).map(\.status) == [.sent])
        }
    }

    @Test("A text that came in is posted, and the answer handed back", arguments: ProviderKind.allCases)
    func inbound(kind: ProviderKind) async throws {
        try await FakeProvider.run { provider in
            try await WebhookListener.run { listener, port in
                provider.route(Sample.origin, toPort: port)
                let answer = await provider.inbound(
                    kind, from: Sample.recipient, to: Sample.sender, body: "STOP", id: "in-1", url: Sample.inboundURL)
                #expect(answer == WebhookAnswer(status: 200, type: "text/xml", body: Array("<Response/>".utf8)))
                let format = try Sample.format(kind, at: provider)
                let webhook = try #require(listener.webhooks.first)
                let message = format.inbound(in: try format.verified(webhook, at: provider.now()))
                #expect(message?.body == "STOP")
                #expect(listener.taken.first?.header("Host") == "voice.example.org")
            }
        }
    }

    @Test("A hundred copies at once all arrive")
    func replay() async throws {
        try await FakeProvider.run { provider in
            try await WebhookListener.run { listener, port in
                provider.route(Sample.origin, toPort: port)
                let request = provider.raw(
                    .telnyx, from: Sample.recipient, to: Sample.sender, body: "STOP", id: "in-1",
                    url: Sample.inboundURL)
                let answers = await provider.post(request, copies: 100)
                #expect(answers.compactMap { $0?.status } == Array(repeating: 200, count: 100))
                #expect(listener.webhooks.count == 100)
                #expect(Set(listener.webhooks.map(\.body)).count == 1)
            }
        }
    }
}
