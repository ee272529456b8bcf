import Testing

@testable import ParleyMessaging

@Suite("Texts by a signed webhook")
struct WebhookFormatTests {
    let format = Sample.webhook

    @Test("A text goes out as this JSON, signed, byte for byte")
    func request() throws {
        let call = format.request(for: try Sample.text(), at: Sample.now)
        #expect(call.method == "POST")
        #expect(call.url == "https://bridge.example.org/texts")
        #expect(
            call.headers == [
                HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json"),
                HTTPHeader("Idempotency-Key", Sample.key),
                HTTPHeader(
                    "Parley-Signature",
                    "t=1767225600,v1=df8e87d47c4936990ebc236ec0aac5f4d0c6a72afb67987ff74201429ae0c7a7"),
            ])
        let correlation = "01KDVXN700PARLEYTEXT00000A~3.bd776c28e484a586d03642ba38073ecf"
        let expected =
            #"{"type":"message","id":"01KDVXN700PARLEYTEXT00000A","correlation":"\#(correlation)","from":"+15550100002","#
            + #""to":"+12125550123","body":"Praxis: café \"4711\" & more. Reply STOP to opt out","#
            + #""status_url":"https://voice.example.org/sms/status?correlation=\#(correlation)","validity_seconds":900}"#
        #expect(String(decoding: call.body, as: UTF8.self) == expected)
    }

    @Test("A repeat has the same key and body and another signature")
    func repeated() throws {
        let first = format.request(for: try Sample.text(), at: Sample.now)
        let second = format.request(for: try Sample.text(), at: Sample.now + 5_000)
        #expect(first.body == second.body)
        #expect(first.headers.dropLast() == second.headers.dropLast())
        #expect(first.headers.last != second.headers.last)
    }

    @Test(
        "Each answer has its outcome",
        arguments: [
            (200, #"{"id":"m-1"}"#, SendOutcome.accepted(providerID: "m-1")),
            (202, #"{"id":17,"more":[]}"#, .accepted(providerID: "17")),
            (200, "", .ambiguous(code: "unreadable_answer")),
            (422, #"{"code":"opted_out"}"#, .refused(code: "opted_out", reason: .optedOut)),
            (400, #"{"code":"configuration"}"#, .refused(code: "configuration", reason: .configuration)),
            (404, #"{"code":"permanent"}"#, .refused(code: "permanent", reason: .permanent)),
            (400, #"{"code":"retry"}"#, .retry(after: nil, code: "retry")),
            (400, #"{"code":"unauthorised"}"#, .unauthorised(code: "unauthorised")),
            (400, #"{"code":"too_blue"}"#, .refused(code: "too_blue", reason: .permanent)),
            (502, #"{"code":"retry"}"#, .ambiguous(code: "retry")),
        ])
    func outcomes(status: Int, body: String, outcome: SendOutcome) {
        #expect(format.outcome(of: Sample.answer(status, body)) == outcome)
    }

    @Test("What comes back is read: reports and texts")
    func events() throws {
        let report = Sample.ownWebhook(
            #"{"type":"status","id":"m-1","correlation":"\#(Sample.correlation.text)","status":"failed","code":"barred"}"#,
            url: "https://voice.example.org/sms/status")
        let verified = try format.verified(report, at: Sample.now)
        #expect(
            format.status(in: verified)
                == StatusReport(
                    providerID: "m-1", correlation: Sample.correlation.text, state: .failed, code: "barred"))
        #expect(format.inbound(in: verified) == nil)
        let text = Sample.ownWebhook(
            #"{"type":"inbound","id":"m-2","from":"+12125550123","to":"+15550100002","body":"stop","opt_out":"STOP","media":1}"#
        )
        #expect(
            format.inbound(in: try format.verified(text, at: Sample.now))
                == InboundMessage(
                    providerID: "m-2", from: "+12125550123", to: "+15550100002", body: "stop", optOutType: .stop,
                    mediaCount: 1))
    }

    @Test(
        "A signature is taken in one spelling and within five minutes",
        arguments: [
            ("t=1767225600,v1=HEX", nil), ("t=1767225600,v1=00,v1=HEX", nil), ("t=1767225600,v0=x,v1=HEX", nil),
            ("t=1767225599,v1=HEX", .mismatch), ("t=1767225600,v1=00", .mismatch), ("", .malformed),
            ("t=1767225600", .malformed), ("v1=HEX", .malformed), ("t=1767225600,t=1767225600,v1=HEX", .malformed),
            ("t=-1,v1=HEX", .malformed), ("t=1767225600 ,v1=HEX", .malformed), ("t=99999999999999,v1=HEX", .malformed),
            ("t=1767225299,v1=HEX", .stale), ("t=1767225901,v1=HEX", .stale),
            ("t=1767225600,v1=974D2D1D47E94342798C46106C860C47FFAAD01F9945AE39FC3DB88F12BBD0BB", .malformed),
        ] as [(String, WebhookRefusal?)])
    func signatures(header: String, refusal: WebhookRefusal?) {
        let hex = "974d2d1d47e94342798c46106c860c47ffaad01f9945ae39fc3db88f12bbd0bb"
        let webhook = ProviderWebhook(
            url: "https://voice.example.org/sms",
            headers: [HTTPHeader("parley-signature", header.replacing("HEX", with: hex))],
            body: Array(#"{"type":"status","id":"m-1","status":"sent"}"#.utf8))
        #expect(format.refusal(of: webhook, at: Sample.now) == refusal)
    }

    @Test("Without a secret nothing is signed and nothing passes")
    func noSecret() throws {
        let format = WebhookFormat(url: "https://bridge.example.org/texts", secrets: [ProviderSecret("")])
        #expect(format.request(for: try Sample.text(), at: 0).headers.count == 3)
        #expect(format.refusal(of: Sample.ownWebhook("{}"), at: Sample.now) == .mismatch)
    }
}
