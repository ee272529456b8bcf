import ParleyMessaging
import Testing

@testable import FakeProvider

@Suite("Webhooks that the fake signs, as Parley reads them", .timeLimit(.minutes(3)))
struct SignedWebhookTests {
    static let now: Int64 = 1_767_225_600_000

    @Test("A text that came in is verified and read", arguments: ProviderKind.allCases)
    func inbound(kind: ProviderKind) async throws {
        try await FakeProvider.run { provider in
            let format = try Sample.format(kind, at: provider)
            for body in ["STOP", "", "Grüße & so +1 = 👍🏽 \"x\"\r\n\u{0}%2B"] {
                let request = provider.raw(
                    kind, from: Sample.recipient, to: Sample.sender, body: body, id: "in-1", url: Sample.inboundURL,
                    at: Self.now)
                let verified = try format.verified(request.webhook, at: Self.now)
                #expect(
                    format.inbound(in: verified)
                        == InboundMessage(
                            providerID: "in-1", from: Sample.recipient, to: Sample.sender, body: body))
                #expect(format.status(in: verified) == nil)
            }
        }
    }

    @Test("Each status is verified and read", arguments: ProviderKind.allCases)
    func statuses(kind: ProviderKind) async throws {
        try await FakeProvider.run { provider in
            let format = try Sample.format(kind, at: provider)
            let text = try Sample.text()
            try await Carrier.send(text, kind, at: provider)
            let received = try #require(provider.received.first)
            let id = try #require(received.providerID)
            for (status, state, code) in [
                (.queued, .accepted, nil), (.sent, .sent, nil), (.delivered, .delivered, nil),
                (.failed(code: "30003"), .failed, "30003"),
            ] as [(TextStatus, MessageState, String?)] {
                guard let request = provider.raw(report: status, of: received, at: Self.now) else {
                    #expect(status == .queued && (kind == .telnyx || kind == .vonage))
                    continue
                }
                let verified = try format.verified(request.webhook, at: Self.now)
                #expect(
                    format.status(in: verified)
                        == StatusReport(
                            providerID: id, correlation: text.correlation.text, state: state, code: code))
                #expect(format.inbound(in: verified) == nil)
            }
        }
    }

    @Test("One flipped bit of the body or the signature is refused", arguments: ProviderKind.allCases)
    func flips(kind: ProviderKind) async throws {
        try await FakeProvider.run { provider in
            let format = try Sample.format(kind, at: provider)
            let request = provider.raw(
                kind, from: Sample.recipient, to: Sample.sender, body: "STOP", id: "in-1", url: Sample.inboundURL,
                at: Self.now)
            #expect(format.refusal(of: request.webhook, at: Self.now) == nil)
            var parts = request.headers.map { SignedRequest.Part.header($0.name) }
            parts.removeAll { [.header("Content-Type"), .header("I-Twilio-Idempotency-Token")].contains($0) }
            // Of these the URL is signed by Twilio alone; elsewhere the correlation in it is signed by Parley.
            if kind == .twilio { parts.append(.url) }
            var count = 0
            for part in parts + [.body] {
                for bit in 0..<request.bits(of: part) {
                    // Thousands of signatures: other tests have deadlines.
                    if bit.isMultiple(of: 64) { await Task.yield() }
                    guard let flipped = request.flipping(bit: bit, of: part) else { continue }
                    // `%2b` and `%2B` are the same to Twilio, which signs what was decoded.
                    if kind == .twilio, part == .body, fields(flipped) == fields(request) { continue }
                    count += 1
                    #expect(format.refusal(of: flipped.webhook, at: Self.now) != nil, "\(part), bit \(bit)")
                }
            }
            #expect(count > 1_000)
        }
    }

    private func fields(_ request: SignedRequest) -> FormText? {
        FormText(reading: String(decoding: request.body, as: UTF8.self))
    }

    @Test(
        "What was signed more than five minutes ago is refused, but by Twilio's scheme, which has no time",
        arguments: ProviderKind.allCases)
    func stale(kind: ProviderKind) async throws {
        try await FakeProvider.run { provider in
            let format = try Sample.format(kind, at: provider)
            func refusal(_ seconds: Int64) -> WebhookRefusal? {
                let request = provider.raw(
                    kind, from: Sample.recipient, to: Sample.sender, body: "STOP", id: "in-1",
                    url: Sample.inboundURL, at: Self.now + seconds * 1_000)
                return format.refusal(of: request.webhook, at: Self.now)
            }
            #expect(refusal(-300) == nil)
            #expect(refusal(-301) == (kind == .twilio ? nil : .stale))
            #expect(refusal(301) == (kind == .twilio ? nil : .stale))
        }
    }
}
