import Testing

@testable import ParleyMessaging

@Suite("Texts by Vonage")
struct VonageFormatTests {
    let format = Sample.vonage

    @Test("A text goes out as this JSON, byte for byte")
    func request() throws {
        let call = format.request(for: try Sample.text(), at: Sample.now)
        #expect(call.method == "POST")
        #expect(call.url == "https://api.nexmo.com/v1/messages")
        #expect(
            call.headers == [
                HTTPHeader("Authorization", "Basic YTFiMmMzZDpwYXJsZXktdGVzdC1hcGktc2VjcmV0"),
                HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json"),
            ])
        let correlation = "01KDVXN700PARLEYTEXT00000A~3.bd776c28e484a586d03642ba38073ecf"
        let expected =
            #"{"message_type":"text","channel":"sms","to":"12125550123","from":"15550100002","#
            + #""text":"Praxis: café \"4711\" & more. Reply STOP to opt out","client_ref":"\#(correlation)","#
            + #""webhook_url":"https://voice.example.org/sms/status?correlation=\#(correlation)","webhook_version":"v1","ttl":900}"#
        #expect(String(decoding: call.body, as: UTF8.self) == expected)
    }

    @Test("An application's token goes as it is")
    func token() throws {
        let format = VonageFormat(credentials: .token(ProviderSecret("h.c.s")), signatureSecrets: [])
        #expect(
            format.request(for: try Sample.text(), at: 0).headers.first == HTTPHeader("Authorization", "Bearer h.c.s"))
    }

    @Test("Without a callback URL none is asked for; a short validity becomes 20 seconds")
    func bare() throws {
        let body = format.request(for: try Sample.text(callback: "", validity: 5), at: 0).body
        let text = String(decoding: body, as: UTF8.self)
        #expect(!text.contains("webhook"))
        #expect(text.hasSuffix(#","ttl":20}"#))
    }

    @Test("The documented answer is an acceptance")
    func accepted() {
        #expect(
            format.outcome(of: Sample.answer(202, #"{"message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab"}"#))
                == .accepted(providerID: "aaaaaaaa-bbbb-cccc-dddd-0123456789ab"))
    }

    @Test(
        "Each code of the table has its outcome",
        arguments: [
            (429, "1000", SendOutcome.retry(after: nil, code: "1000")), (422, "1241", .retry(after: nil, code: "1241")),
            (429, "throttled", .retry(after: nil, code: "throttled")), (422, "1100", .retry(after: nil, code: "1100")),
            (422, "1030", .ambiguous(code: "1030")), (422, "1230", .ambiguous(code: "1230")),
            (500, "internal-error", .ambiguous(code: "internal-error")),
            (400, "internal-error", .ambiguous(code: "internal-error")), (422, "1320", .ambiguous(code: "1320")),
            (422, "1060", .unauthorised(code: "1060")), (422, "1070", .unauthorised(code: "1070")),
            (422, "1110", .unauthorised(code: "1110")), (401, "unauthorized", .unauthorised(code: "unauthorized")),
            (403, "forbidden", .unauthorised(code: "forbidden")),
            (402, "low-balance", .unauthorised(code: "low-balance")),
            (422, "1240", .refused(code: "1240", reason: .optedOut)),
            (422, "1010", .refused(code: "1010", reason: .configuration)),
            (422, "1020", .refused(code: "1020", reason: .configuration)),
            (422, "1021", .refused(code: "1021", reason: .configuration)),
            (422, "1022", .refused(code: "1022", reason: .configuration)),
            (422, "1080", .refused(code: "1080", reason: .configuration)),
            (422, "1090", .refused(code: "1090", reason: .configuration)),
            (422, "1120", .refused(code: "1120", reason: .configuration)),
            (422, "1130", .refused(code: "1130", reason: .configuration)),
            (422, "1140", .refused(code: "1140", reason: .configuration)),
            (422, "1150", .refused(code: "1150", reason: .configuration)),
            (422, "1160", .refused(code: "1160", reason: .configuration)),
            (422, "1340", .refused(code: "1340", reason: .configuration)),
            (422, "1040", .refused(code: "1040", reason: .permanent)),
            (422, "1050", .refused(code: "1050", reason: .permanent)),
            (422, "1170", .refused(code: "1170", reason: .permanent)),
            (422, "1300", .refused(code: "1300", reason: .permanent)),
            (422, "unprocessable", .refused(code: "unprocessable", reason: .permanent)),
        ])
    func codes(status: Int, code: String, outcome: SendOutcome) {
        let body =
            #"{"type":"https://developer.vonage.com/api-errors/messages#\#(code)","title":"t","detail":"d","instance":"i"}"#
        #expect(format.outcome(of: Sample.answer(status, body)) == outcome)
    }

    @Test("A numeric title is the code where the type has none")
    func title() {
        #expect(
            format.outcome(of: Sample.answer(422, #"{"type":"https://x","title":"1240"}"#))
                == .refused(code: "1240", reason: .optedOut))
        #expect(
            format.outcome(of: Sample.answer(422, #"{"title":"Invalid params"}"#))
                == .refused(code: "http_422", reason: .permanent))
    }

    @Test(
        "Each status has its state; the reference stands in for a URL without correlation",
        arguments: [
            ("submitted", MessageState.sent), ("delivered", .delivered), ("read", .delivered), ("rejected", .failed),
            ("undeliverable", .failed),
        ])
    func states(status: String, state: MessageState) throws {
        let webhook = Sample.vonageWebhook(
            #"{"message_uuid":"u1","to":"1","from":"2","timestamp":"t","status":"\#(status)","channel":"sms","#
                + #""error":{"type":"https://developer.vonage.com/api-errors/messages-olympus#1000","title":1000},"#
                + #""client_ref":"\#(Sample.correlation.text)"}"#, url: "https://voice.example.org/sms/status")
        let verified = try format.verified(webhook, at: Sample.now)
        #expect(
            format.status(in: verified)
                == StatusReport(providerID: "u1", correlation: Sample.correlation.text, state: state, code: "1000"))
        #expect(format.inbound(in: verified) == nil)
    }

    @Test("A text that comes in gets the plus of its numbers back")
    func inbound() throws {
        let webhook = Sample.vonageWebhook(
            #"{"channel":"sms","message_uuid":"u2","to":"47000","from":"12125550123","timestamp":"t","#
                + #""message_type":"text","text":"Hello","sms":{"num_messages":"2","keyword":"HELLO"}}"#)
        let verified = try format.verified(webhook, at: Sample.now)
        #expect(
            format.inbound(in: verified)
                == InboundMessage(providerID: "u2", from: "+12125550123", to: "47000", body: "Hello"))
        #expect(format.status(in: verified) == nil)
    }

    private static let token =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3NjcyMjU2MDAsImp0aSI6ImM1YmE4ZjI0LTFhMTQtNGMxMC1iZmRmLTNmYmU4Y2U1"
        + "MTFiNSIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6ImRiMmEzZTc0OWY3YzJiMTI2ZWQ2YTA5MzMxYTJjZjZhYzQ5OTJlMmUxYmZjZTQ2"
        + "NWQ5N2YxYThhZmM1MDQ1YTEiLCJhcGlfa2V5IjoiYTFiMmMzZCJ9.LukokjdaUGan3fNQ0Uqbk7nbkxQpED_ZWuk1d24Dg9k"

    @Test("A token made elsewhere passes, within five minutes")
    func vector() {
        let body =
            #"{"message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab","to":"15550100001","from":"15550100002","#
            + #""timestamp":"2026-01-01T00:00:00Z","status":"delivered","channel":"sms"}"#
        let webhook = ProviderWebhook(
            url: "https://voice.example.org/vonage", headers: [HTTPHeader("authorization", "Bearer \(Self.token)")],
            body: Array(body.utf8))
        #expect(format.refusal(of: webhook, at: Sample.now) == nil)
        #expect(format.refusal(of: webhook, at: Sample.now + 300_999) == nil)
        #expect(format.refusal(of: webhook, at: Sample.now + 301_000) == .stale)
        #expect(format.refusal(of: webhook, at: Sample.now - 301_000) == .stale)
    }

    @Test("A token of another kind, of another account, or over no body is refused")
    func refused() {
        func refusal(_ webhook: ProviderWebhook) -> WebhookRefusal? { format.refusal(of: webhook, at: Sample.now) }
        #expect(refusal(Sample.vonageWebhook("{}")) == nil)
        #expect(refusal(Sample.vonageWebhook("{}", head: #"{"alg":"none"}"#)) == .malformed)
        #expect(refusal(Sample.vonageWebhook("{}", head: #"{"alg":"HS512"}"#)) == .malformed)
        #expect(refusal(Sample.vonageWebhook("{}", more: #","api_key":"other""#)) == .mismatch)
        #expect(refusal(Sample.vonageWebhook("{}", more: "")) == .mismatch)
        #expect(refusal(Sample.vonageWebhook("{}", hash: "")) == .mismatch)
        let expired = #","api_key":"a1b2c3d","exp":\#(Sample.seconds - 1)"#
        #expect(refusal(Sample.vonageWebhook("{}", more: expired)) == .stale)
        let url = "https://voice.example.org/"
        for header in ["Basic YTpi", "Bearer", "bearer a.b.c"] {
            #expect(
                refusal(ProviderWebhook(url: url, headers: [HTTPHeader("Authorization", header)], body: []))
                    == .unsigned)
        }
        for token in ["", ".", "..", "a.b.c", "a.b", "a.b.c.d", String(repeating: "a", count: 1 << 20)] {
            let headers = [HTTPHeader("Authorization", "Bearer \(token)")]
            #expect(refusal(ProviderWebhook(url: url, headers: headers, body: [])) == .malformed)
        }
        let none = VonageFormat(
            credentials: .token(ProviderSecret("t")), signatureSecrets: [ProviderSecret("")], apiKey: nil)
        #expect(none.refusal(of: Sample.vonageWebhook("{}"), at: Sample.now) == .mismatch)
    }
}
