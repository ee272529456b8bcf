import Crypto
import Testing

@testable import ParleyMessaging

@Suite("Texts by Telnyx")
struct TelnyxFormatTests {
    let format: TelnyxFormat

    init() throws { format = try Sample.telnyx() }

    @Test("A text goes out as this JSON, byte for byte")
    func request() throws {
        let call = format.request(for: try Sample.text(), at: Sample.now)
        #expect(call.method == "POST")
        #expect(call.url == "https://api.telnyx.com/v2/messages")
        #expect(
            call.headers == [
                HTTPHeader("Authorization", "Bearer parley-test-api-key"),
                HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json"),
                HTTPHeader("Idempotency-Key", Sample.key),
            ])
        let expected =
            #"{"to":"+12125550123","from":"+15550100002","text":"Praxis: café \"4711\" & more. Reply STOP to opt out","#
            + #""webhook_url":"https://voice.example.org/sms/status?correlation=01KDVXN700PARLEYTEXT00000A~3."#
            + #"bd776c28e484a586d03642ba38073ecf"}"#
        #expect(String(decoding: call.body, as: UTF8.self) == expected)
    }

    @Test("A messaging profile is named as one, a name as a sender")
    func sender() throws {
        let profile = "7A10c2d4-1111-4aaa-8bbb-000000000001"
        let body = format.request(for: try Sample.text(from: profile), at: Sample.now).body
        #expect(String(decoding: body, as: UTF8.self).contains(#","messaging_profile_id":"\#(profile)","#))
        let other = format.request(for: try Sample.text(from: "Praxis"), at: Sample.now).body
        #expect(String(decoding: other, as: UTF8.self).contains(#","from":"Praxis","#))
    }

    @Test("A key that Telnyx would not take goes as its hash", arguments: ["", "a b", "é", "a\r\nX: y"])
    func key(key: String) throws {
        let call = format.request(for: try Sample.text(key: key), at: Sample.now)
        #expect(call.headers.last?.value == Hex.encode(SHA256.hash(data: Array(key.utf8))))
    }

    @Test("The documented answer is an acceptance")
    func accepted() {
        let body =
            #"{"data":{"record_type":"message","direction":"outbound","id":"7a10c2d4-4444-4aaa-8bbb-000000000009","#
            + #""to":[{"phone_number":"+12125550123","status":"queued"}],"parts":1,"errors":[]}}"#
        #expect(
            format.outcome(of: Sample.answer(200, body))
                == .accepted(providerID: "7a10c2d4-4444-4aaa-8bbb-000000000009"))
    }

    @Test(
        "Each code of the table has its outcome, as text or number",
        arguments: [
            (401, "10009", SendOutcome.unauthorised(code: "10009")), (403, "10010", .unauthorised(code: "10010")),
            (429, "10011", .retry(after: nil, code: "10011")), (400, "40011", .retry(after: nil, code: "40011")),
            (400, "40318", .retry(after: nil, code: "40318")), (400, "10007", .ambiguous(code: "10007")),
            (400, "10008", .ambiguous(code: "10008")), (403, "40300", .refused(code: "40300", reason: .optedOut)),
            (400, "10003", .refused(code: "10003", reason: .configuration)),
            (400, "10004", .refused(code: "10004", reason: .configuration)),
            (415, "10014", .refused(code: "10014", reason: .configuration)),
            (400, "10015", .refused(code: "10015", reason: .configuration)),
            (403, "10039", .refused(code: "10039", reason: .configuration)),
            (400, "40305", .refused(code: "40305", reason: .configuration)),
            (400, "40306", .refused(code: "40306", reason: .configuration)),
            (400, "40312", .refused(code: "40312", reason: .configuration)),
            (400, "40314", .refused(code: "40314", reason: .configuration)),
            (400, "40315", .refused(code: "40315", reason: .configuration)),
            (400, "40321", .refused(code: "40321", reason: .configuration)),
            (400, "40329", .refused(code: "40329", reason: .configuration)),
            (400, "40333", .refused(code: "40333", reason: .configuration)),
            (422, "10001", .refused(code: "10001", reason: .permanent)),
            (422, "10002", .refused(code: "10002", reason: .permanent)),
            (422, "10016", .refused(code: "10016", reason: .permanent)),
            (400, "40001", .refused(code: "40001", reason: .permanent)),
            (400, "40310", .refused(code: "40310", reason: .permanent)),
            (404, "10005", .refused(code: "10005", reason: .configuration)),
            (422, "77777", .refused(code: "77777", reason: .permanent)),
            (500, "40300", .ambiguous(code: "40300")),
        ])
    func codes(status: Int, code: String, outcome: SendOutcome) {
        let asText = #"{"errors":[{"code":"\#(code)","title":"t","detail":"d","source":{"pointer":"/to"}}]}"#
        #expect(format.outcome(of: Sample.answer(status, asText)) == outcome)
        #expect(format.outcome(of: Sample.answer(status, #"{"errors":[{"code":\#(code)}]}"#)) == outcome)
    }

    @Test(
        "Each status has its state",
        arguments: [
            ("queued", MessageState.accepted), ("sending", .accepted), ("sent", .sent),
            ("delivery_unconfirmed", .sent), ("delivered", .delivered), ("read", .delivered),
            ("sending_failed", .failed), ("delivery_failed", .failed), ("expired", .failed),
        ])
    func states(status: String, state: MessageState) throws {
        let webhook = try Sample.telnyxWebhook(
            #"{"data":{"event_type":"message.finalized","payload":{"id":"m1","direction":"outbound","#
                + #""to":[{"status":"\#(status)"}],"errors":[{"code":"40001"}]}}}"#)
        #expect(
            format.status(in: try format.verified(webhook, at: Sample.now))
                == StatusReport(
                    providerID: "m1", correlation: Sample.correlation.text, state: state, code: "40001"))
    }

    @Test("The documented inbound text is read")
    func inbound() throws {
        let webhook = try Sample.telnyxWebhook(
            #"{"data":{"event_type":"message.received","id":"e","occurred_at":"2026-11-21T03:50:00.000Z","#
                + #""payload":{"id":"m2","direction":"inbound","type":"MMS","text":"STOP","from":{"phone_number":"+15550100001","#
                + #""carrier":"","line_type":"Wireless"},"to":[{"phone_number":"+15550100002","status":"webhook_delivered"}],"#
                + #""media":[{"url":"u"}],"parts":1}},"meta":{"attempt":1}}"#)
        let verified = try format.verified(webhook, at: Sample.now)
        #expect(
            format.inbound(in: verified)
                == InboundMessage(
                    providerID: "m2", from: "+15550100001", to: "+15550100002", body: "STOP", mediaCount: 1))
        #expect(format.status(in: verified) == nil)
    }

    @Test("A detail record with our correlation is the text; without one, nothing is said")
    func lookUp() throws {
        let text = try Sample.sent()
        let call = try #require(format.query(for: text, sender: Sample.sender, since: Sample.now))
        #expect(
            call.url
                == "https://api.telnyx.com/v2/detail_records?filter%5Brecord_type%5D=messaging&filter%5Bdirection%5D=outbound"
                + "&filter%5Bcld%5D=%2B12125550123&filter%5Bcreated_at%5D%5Bgte%5D=2025-12-31&sort=-created_at&page%5Bsize%5D=50"
        )
        func found(_ url: String, _ status: Int = 200) -> QueryOutcome {
            let row = #"{"uuid":"m3","status":"delivered","delivery_status_webhook_url":"\#(url)"}"#
            return format.found(
                in: Sample.answer(status, #"{"data":[{"uuid":"m9"},\#(row)]}"#), text: text, sender: Sample.sender,
                since: 0, known: [])
        }
        #expect(found(Sample.statusURL) == .found(providerID: "m3", state: .delivered))
        #expect(found(Sample.statusURL.replacing("~3.", with: "%7E4.")) == .found(providerID: "m3", state: .delivered))
        #expect(found(Sample.statusURL.replacing("0A~3.", with: "0B~3.")) == .unclear)
        #expect(found("https://voice.example.org/sms/status?correlation=other") == .unclear)
        #expect(found(Sample.statusURL, 401) == .unclear)
    }

    @Test("The reference vector passes, and five minutes are the limit either way")
    func vector() {
        let webhook = ProviderWebhook(
            url: "https://voice.example.org/telnyx",
            headers: [
                HTTPHeader("Telnyx-Timestamp", "1767225600"),
                HTTPHeader(
                    "Telnyx-Signature-Ed25519",
                    "6wI+mbuRbXxJ4UCpBqc+3clA2UIWzOoT1CU0Cy2HsrXsTW3OW6emTOwW/ggUfxveZ4qMMfFcfV6T34B/Bn1bCQ=="),
            ], body: Array(#"{"data":{"event_type":"message.received","id":"evt-0001"}}"#.utf8))
        for (offset, refusal) in [(0, nil), (300, nil), (-300, nil), (301, .stale), (-301, .stale)]
            as [(Int64, WebhookRefusal?)]
        {
            #expect(format.refusal(of: webhook, at: Sample.now + offset * 1_000) == refusal)
        }
    }

    @Test("A key that is none is named by its place", arguments: ["", "AAAA", "not base64!"])
    func badKey(text: String) {
        #expect(throws: ProviderFault.badPublicKey(index: 1)) {
            try TelnyxFormat(
                apiKey: ProviderSecret("k"), publicKeys: ["A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", text])
        }
    }

    @Test("Another key's signature is refused, and so is every signature where there is no key")
    func otherKey() throws {
        let other = Curve25519.Signing.PrivateKey()
        let webhook = try Sample.telnyxWebhook("{}")
        let theirs = try TelnyxFormat(
            apiKey: ProviderSecret("k"), publicKeys: [Base64.encode(Array(other.publicKey.rawRepresentation))])
        #expect(theirs.refusal(of: webhook, at: Sample.now) == .mismatch)
        let none = try TelnyxFormat(apiKey: ProviderSecret("k"), publicKeys: [])
        #expect(none.refusal(of: webhook, at: Sample.now) == .mismatch)
        #expect(format.refusal(of: webhook, at: Sample.now) == nil)
    }
}
