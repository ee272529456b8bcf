import Testing

@testable import ParleyMessaging

@Suite("Texts by Twilio")
struct TwilioFormatTests {
    let format = Sample.twilio

    @Test("A text goes out as this form, byte for byte")
    func request() throws {
        let call = format.request(for: try Sample.text(), at: Sample.now)
        #expect(call.method == "POST")
        #expect(
            call.url
                == "https://api.twilio.com/2010-04-01/Accounts/AC0a1b2c3d4e5f60718293a4b5c6d7e8f9/Messages.json")
        #expect(
            call.headers == [
                HTTPHeader(
                    "Authorization",
                    "Basic QUMwYTFiMmMzZDRlNWY2MDcxODI5M2E0YjVjNmQ3ZThmOTpwYXJsZXktdGVzdC1hdXRoLXRva2Vu"),
                HTTPHeader("Content-Type", "application/x-www-form-urlencoded"),
                HTTPHeader("Accept", "application/json"),
            ])
        let expected =
            "To=%2B12125550123&From=%2B15550100002"
            + "&Body=Praxis%3A+caf%C3%A9+%224711%22+%26+more.+Reply+STOP+to+opt+out"
            + "&StatusCallback=https%3A%2F%2Fvoice.example.org%2Fsms%2Fstatus%3Fcorrelation%3D"
            + "01KDVXN700PARLEYTEXT00000A%7E3.bd776c28e484a586d03642ba38073ecf&ValidityPeriod=900"
        #expect(String(decoding: call.body, as: UTF8.self) == expected)
    }

    @Test(
        "The sender decides field and channel",
        arguments: [
            (
                "MG0123456789abcdef0123456789abcdef",
                "To=%2B12125550123&MessagingServiceSid=MG0123456789abcdef0123456789abcdef&"
            ),
            ("whatsapp:+15550100002", "To=whatsapp%3A%2B12125550123&From=whatsapp%3A%2B15550100002&"),
            ("rcs:praxis_agent", "To=rcs%3A%2B12125550123&From=rcs%3Apraxis_agent&"),
            ("MGroup", "To=%2B12125550123&From=MGroup&"),
        ])
    func sender(sender: String, start: String) throws {
        let call = format.request(for: try Sample.text(from: sender), at: Sample.now)
        #expect(String(decoding: call.body, as: UTF8.self).hasPrefix(start))
    }

    @Test("Words cannot become fields", arguments: ["a&To=+19005550000", "a\r\nTo: b", "%26To%3D1", "a=b;c"])
    func injection(words: String) throws {
        let call = format.request(for: try Sample.text(body: words), at: Sample.now)
        let form = try #require(FormFields(reading: call.body))
        #expect(form.fields.count == 5)
        #expect(form["To"] == "+12125550123")
        #expect(form["Body"] == words)
    }

    @Test(
        "Validity stays within a second and ten hours",
        arguments: [(-1, "1"), (1, "1"), (36_000, "36000"), (90_000, "36000"), (Int.max, "36000")])
    func validity(asked: Int, sent: String) throws {
        let call = format.request(for: try Sample.text(validity: asked), at: Sample.now)
        #expect(FormFields(reading: call.body)?["ValidityPeriod"] == sent)
    }

    @Test("The documented answer is an acceptance")
    func accepted() {
        let body =
            #"{"sid":"SM00112233445566778899aabbccddeeff","account_sid":"AC0a","messaging_service_sid":null,"#
            + #""status":"queued","num_segments":"1","price":null,"error_code":null,"subresource_uris":{"media":"/m"}}"#
        #expect(
            format.outcome(of: Sample.answer(201, body))
                == .accepted(providerID: "SM00112233445566778899aabbccddeeff"))
    }

    @Test(
        "Each code of the table has its outcome",
        arguments: [
            (401, 20_003, SendOutcome.unauthorised(code: "20003")), (403, 20_005, .unauthorised(code: "20005")),
            (400, 30_002, .unauthorised(code: "30002")), (429, 20_429, .retry(after: nil, code: "20429")),
            (400, 30_001, .retry(after: nil, code: "30001")), (500, 20_500, .ambiguous(code: "20500")),
            (400, 20_503, .ambiguous(code: "20503")), (400, 21_610, .refused(code: "21610", reason: .optedOut)),
            (400, 21_212, .refused(code: "21212", reason: .configuration)),
            (400, 21_606, .refused(code: "21606", reason: .configuration)),
            (400, 21_659, .refused(code: "21659", reason: .configuration)),
            (400, 21_408, .refused(code: "21408", reason: .configuration)),
            (400, 21_608, .refused(code: "21608", reason: .configuration)),
            (400, 21_602, .refused(code: "21602", reason: .configuration)),
            (400, 21_609, .refused(code: "21609", reason: .configuration)),
            (400, 21_620, .refused(code: "21620", reason: .configuration)),
            (404, 20_404, .refused(code: "20404", reason: .configuration)),
            (400, 30_034, .refused(code: "30034", reason: .configuration)),
            (400, 21_211, .refused(code: "21211", reason: .permanent)),
            (400, 21_612, .refused(code: "21612", reason: .permanent)),
            (400, 21_614, .refused(code: "21614", reason: .permanent)),
            (400, 21_617, .refused(code: "21617", reason: .permanent)),
            (400, 21_999, .refused(code: "21999", reason: .permanent)),
            (400, 30_999, .refused(code: "30999", reason: .permanent)),
            (400, 99_999, .refused(code: "99999", reason: .permanent)),
            // A code on a server's fault does not say that nothing was sent.
            (500, 21_211, .ambiguous(code: "21211")), (503, 20_429, .ambiguous(code: "20429")),
        ])
    func codes(status: Int, code: Int, outcome: SendOutcome) {
        let body = #"{"code":\#(code),"message":"m","more_info":"u","status":\#(status)}"#
        #expect(format.outcome(of: Sample.answer(status, body)) == outcome)
    }

    @Test("A status report is read with its correlation and code")
    func status() throws {
        let webhook = Sample.twilioWebhook([
            "MessageSid": "SM00112233445566778899aabbccddeeff", "SmsSid": "SM00112233445566778899aabbccddeeff",
            "MessageStatus": "undelivered", "SmsStatus": "undelivered", "ErrorCode": "30003", "To": "+12125550123",
            "From": "+15550100002", "ApiVersion": "2010-04-01", "NewField": "x",
        ])
        let verified = try format.verified(webhook, at: Sample.now)
        #expect(
            format.status(in: verified)
                == StatusReport(
                    providerID: "SM00112233445566778899aabbccddeeff", correlation: Sample.correlation.text,
                    state: .failed, code: "30003"))
        #expect(format.inbound(in: verified) == nil)
    }

    @Test(
        "Each status has its state",
        arguments: [
            ("accepted", MessageState.accepted), ("scheduled", .accepted), ("queued", .accepted),
            ("sending", .accepted), ("sent", .sent), ("partially_delivered", .sent), ("delivered", .delivered),
            ("read", .delivered), ("undelivered", .failed), ("failed", .failed), ("canceled", .failed),
        ])
    func states(status: String, state: MessageState) throws {
        let webhook = Sample.twilioWebhook(["MessageSid": "SM1", "MessageStatus": status])
        #expect(format.status(in: try format.verified(webhook, at: Sample.now))?.state == state)
    }

    @Test("A text that comes in is read whole, with the keyword that was already answered")
    func inbound() throws {
        let webhook = Sample.twilioWebhook([
            "MessageSid": "SM2", "SmsStatus": "received", "From": "whatsapp:+12125550123",
            "To": "whatsapp:+15550100002",
            "Body": "Stop é&=", "NumMedia": "2", "OptOutType": "STOP",
        ])
        let verified = try format.verified(webhook, at: Sample.now)
        #expect(
            format.inbound(in: verified)
                == InboundMessage(
                    providerID: "SM2", from: "whatsapp:+12125550123", to: "whatsapp:+15550100002", body: "Stop é&=",
                    optOutType: .stop, mediaCount: 2))
        #expect(format.status(in: verified) == nil)
    }

    @Test(
        "A list of the account's texts says found, absent, or neither",
        arguments: [
            ([("SM1", "+12125550123", Sample.words, 30)], "null", QueryOutcome.found(providerID: "SM1", state: .sent)),
            ([("SM1", "+12125550123", "Trial - \(Sample.words)", 30)], "null", .found(providerID: "SM1", state: .sent)),
            ([("SM1", "+12125550123", Sample.words, -50)], "null", .found(providerID: "SM1", state: .sent)),
            ([("SM1", "+12125550123", Sample.words, -61)], "null", .absent),
            ([("SM1", "+12125550123", "Other", 30)], "null", .absent),
            ([("SM1", "+12125550199", Sample.words, 30)], "null", .absent),
            ([("known", "+12125550123", Sample.words, 30)], "null", .absent),
            ([], "null", .absent), ([], #""/next""#, .unclear),
            ([("SM1", "+12125550123", Sample.words, 30), ("SM2", "+12125550123", Sample.words, 31)], "null", .unclear),
            (
                [("known", "+12125550123", Sample.words, 30), ("SM2", "+12125550123", Sample.words, 31)], #""/next""#,
                .found(providerID: "SM2", state: .sent)
            ),
        ] as [([(String, String, String, Int)], String, QueryOutcome)])
    func lookUp(rows: [(String, String, String, Int)], next: String, outcome: QueryOutcome) throws {
        let text = try Sample.sent()
        // The attempt began at 00:02:00.
        let since = Sample.now + 120_000
        let list = rows.map { id, to, body, offset in
            let at = 120 + offset
            let date = "Thu, 01 Jan 2026 00:0\(at / 60):\(at % 60 < 10 ? "0" : "")\(at % 60) +0000"
            let fields = JSONText.object([
                "sid": .text(id), "to": .text(to), "body": .text(body), "status": .text("sent"),
                "direction": .text("outbound-api"), "date_created": .text(date),
            ])
            return String(decoding: fields, as: UTF8.self)
        }
        let body = #"{"messages":[\#(list.joined(separator: ","))],"next_page_uri":\#(next)}"#
        #expect(
            format.found(
                in: Sample.answer(200, body), text: text, sender: Sample.sender, since: since, known: ["known"])
                == outcome)
    }

    @Test("It asks by recipient and sender, and not by day")
    func query() throws {
        let call = try #require(format.query(for: try Sample.sent(), sender: Sample.sender, since: Sample.now))
        #expect(call.method == "GET")
        #expect(call.url.hasSuffix("/Messages.json?To=%2B12125550123&From=%2B15550100002&PageSize=200"))
        #expect(call.headers.map(\.name) == ["Authorization", "Accept"])
        #expect(call.body.isEmpty)
        for answer in [Sample.answer(503), Sample.answer(200, "{}")] {
            let found = format.found(
                in: answer, text: try Sample.sent(), sender: Sample.sender, since: 0, known: [])
            #expect(found == .unclear)
        }
        let whatsApp = format.query(for: try Sample.sent(), sender: "whatsapp:+12125550100", since: 0)
        #expect(whatsApp?.url.contains("?To=whatsapp%3A%2B12125550123&From=whatsapp%3A%2B12125550100&") == true)
    }
}
