import Testing

@testable import ParleyMessaging

@Suite("What every provider's format keeps to")
struct ProviderFormatTests {
    @Test(
        "A status alone has one outcome with every provider",
        arguments: [
            (301, SendOutcome.ambiguous(code: "http_301")), (303, .ambiguous(code: "http_303")),
            (400, .refused(code: "http_400", reason: .permanent)), (401, .unauthorised(code: "http_401")),
            (402, .unauthorised(code: "http_402")), (403, .unauthorised(code: "http_403")),
            (404, .refused(code: "http_404", reason: .configuration)),
            (405, .refused(code: "http_405", reason: .configuration)), (408, .ambiguous(code: "http_408")),
            (409, .ambiguous(code: "http_409")), (413, .refused(code: "http_413", reason: .configuration)),
            (415, .refused(code: "http_415", reason: .configuration)),
            (422, .refused(code: "http_422", reason: .permanent)), (429, .retry(after: nil, code: "http_429")),
            (500, .ambiguous(code: "http_500")), (502, .ambiguous(code: "http_502")),
            (503, .ambiguous(code: "http_503")), (504, .ambiguous(code: "http_504")),
            (200, .ambiguous(code: "unreadable_answer")), (204, .ambiguous(code: "unreadable_answer")),
            (0, .ambiguous(code: "http_0")), (-1, .ambiguous(code: "http_-1")), (999, .ambiguous(code: "http_999")),
        ])
    func statuses(status: Int, outcome: SendOutcome) throws {
        for format in try Sample.formats() {
            #expect(format.outcome(of: Sample.answer(status)) == outcome, "\(format.name)")
        }
    }

    @Test(
        "Retry-After is honoured up to an hour, and a 503 without it may have been sent",
        arguments: [
            (429, "7", SendOutcome.retry(after: 7, code: "http_429")),
            (503, "0", .retry(after: 0, code: "http_503")), (503, "999999", .retry(after: 3_600, code: "http_503")),
            (429, "9999999999999999999999", .retry(after: nil, code: "http_429")),
            (429, "-5", .retry(after: nil, code: "http_429")),
            (503, "Thu, 01 Jan 2026 00:00:00 GMT", .retry(after: nil, code: "http_503")),
        ])
    func retryAfter(status: Int, value: String, outcome: SendOutcome) throws {
        for format in try Sample.formats() {
            let answer = Sample.answer(status, headers: [HTTPHeader("retry-after", value)])
            #expect(format.outcome(of: answer) == outcome, "\(format.name)")
        }
    }

    static let bodies: [[UInt8]] = [
        [], [0], [0xFF, 0xFE], Array("null".utf8), Array("[]".utf8), Array("{".utf8), Array("{}".utf8), Array("7".utf8),
        Array(#"{"sid":7,"data":7,"message_uuid":[],"id":{},"code":{},"errors":"x"}"#.utf8),
        Array(#"{"sid":"a b","data":{"id":"a\u0000"},"message_uuid":"é","id":""}"#.utf8),
        Array(#"{"code":1e999,"errors":[null]}"#.utf8), Array("<html>".utf8),
        Array(String(repeating: "[", count: 100_000).utf8),
        Array(#"{"a":"#.utf8) + Array(repeating: 0x7B, count: 10_000), Array(repeating: 0x20, count: 1 << 20),
        Array(repeating: UInt8(ascii: "&"), count: 1 << 20), Array(repeating: UInt8(ascii: "%"), count: 1 << 20),
        Array(#"{"sid":"SM1","id":"m","message_uuid":"u","data":{"id":"t"}}"#.utf8)
            + Array(repeating: 0x20, count: 1 << 20),
        Array(#"{"sid":""#.utf8) + Array(repeating: 0x61, count: 1 << 20) + Array(#""}"#.utf8),
    ]

    @Test("Garbage and a megabyte are an outcome and not a crash", arguments: ProviderFormatTests.bodies.indices)
    func garbage(index: Int) throws {
        let body = Self.bodies[index]
        let text = try Sample.sent()
        for format in try Sample.formats() {
            #expect(
                format.outcome(of: HTTPAnswer(status: 200, body: body)) == .ambiguous(code: "unreadable_answer"),
                "\(format.name)")
            #expect(
                format.outcome(of: HTTPAnswer(status: 400, body: body))
                    == .refused(code: "http_400", reason: .permanent), "\(format.name)")
            let found = format.found(
                in: HTTPAnswer(status: 200, body: body), text: text, sender: Sample.sender, since: 0, known: [])
            #expect(found == .unclear, "\(format.name)")
            let webhook = ProviderWebhook(url: "https://voice.example.org/", headers: [], body: body)
            #expect(throws: WebhookRefusal.self) { try format.verified(webhook, at: Sample.now) }
        }
    }

    @Test("Signed garbage is neither a report nor a text")
    func signedGarbage() throws {
        for words in ["", "{}", "null", "{", #"{"data":{"payload":{}},"type":"status","status":"new"}"#] {
            for (format, webhook) in [
                (try Sample.telnyx(), try Sample.telnyxWebhook(words)), (Sample.vonage, Sample.vonageWebhook(words)),
                (Sample.webhook, Sample.ownWebhook(words)),
                (Sample.twilio, Sample.twilioWebhook([words: "x", "MessageStatus": "teleported"])),
            ] as [(any ProviderFormat, ProviderWebhook)] {
                let verified = try format.verified(webhook, at: Sample.now)
                #expect(format.status(in: verified) == nil)
                #expect(format.inbound(in: verified) == nil)
            }
        }
    }

    @Test("A webhook beyond its bounds is refused unread")
    func tooLarge() throws {
        for format in try Sample.formats() {
            let big = ProviderWebhook(
                url: "https://voice.example.org/", headers: [], body: Array(repeating: 0x61, count: (256 << 10) + 1))
            #expect(throws: WebhookRefusal.tooLarge) { try format.verified(big, at: Sample.now) }
            let long = ProviderWebhook(
                url: "https://voice.example.org/" + String(repeating: "a", count: 9_000), headers: [], body: [])
            #expect(throws: WebhookRefusal.tooLarge) { try format.verified(long, at: Sample.now) }
            let many = ProviderWebhook(
                url: "https://voice.example.org/",
                headers: Array(repeating: HTTPHeader("a", "b"), count: 129), body: [])
            #expect(throws: WebhookRefusal.tooLarge) { try format.verified(many, at: Sample.now) }
        }
    }

    @Test("Reports of all providers are read alike, with fields that nobody knows")
    func delivered() throws {
        for (format, webhook) in try Sample.delivered() {
            let verified = try format.verified(webhook, at: Sample.now)
            let report = try #require(format.status(in: verified))
            #expect(format.inbound(in: verified) == nil, "\(format.name)")
            #expect(report.state == .delivered)
            #expect(report.correlation == Sample.correlation.text)
            #expect(report.code == nil)
        }
    }

    @Test("One flipped bit in a signed header or in the body is refused")
    func flippedBits() throws {
        for (format, webhook) in try Sample.delivered() {
            for index in webhook.headers.indices {
                let value = Array(webhook.headers[index].value.utf8)
                for (bit, flipped) in flips(of: value) {
                    guard let text = String(validating: flipped, as: UTF8.self) else { continue }
                    var headers = webhook.headers
                    headers[index] = HTTPHeader(headers[index].name, text)
                    let changed = ProviderWebhook(url: webhook.url, headers: headers, body: webhook.body)
                    #expect(format.refusal(of: changed, at: Sample.now) != nil, "\(format.name), header bit \(bit)")
                }
            }
            for (bit, flipped) in flips(of: webhook.body) {
                // Twilio signs decoded fields: `%2b` and `%2B` are the same.
                if format.name == "twilio", FormFields(reading: flipped) == FormFields(reading: webhook.body) {
                    continue
                }
                let changed = ProviderWebhook(url: webhook.url, headers: webhook.headers, body: flipped)
                #expect(format.refusal(of: changed, at: Sample.now) != nil, "\(format.name), body bit \(bit)")
            }
        }
    }

    @Test("One flipped bit in the URL is refused by the signature over it, or finds no text of ours")
    func flippedURL() throws {
        for (format, webhook) in try Sample.delivered() {
            let query = webhook.url.utf8.count - Sample.correlation.text.utf8.count - "correlation=".utf8.count
            for (bit, flipped) in flips(of: Array(webhook.url.utf8)) {
                guard let url = String(validating: flipped, as: UTF8.self) else { continue }
                let changed = ProviderWebhook(url: url, headers: webhook.headers, body: webhook.body)
                if format.name == "twilio" {
                    #expect(format.refusal(of: changed, at: Sample.now) == .mismatch, "URL bit \(bit)")
                } else if bit / 8 >= query {
                    let report = format.status(in: try format.verified(changed, at: Sample.now))
                    let ours = report?.correlation.flatMap {
                        CorrelationID(verifying: $0, keys: [Sample.correlationKey])
                    }
                    #expect(ours == nil, "\(format.name), URL bit \(bit)")
                }
            }
        }
    }

    @Test("An old webhook is refused where its time is signed")
    func stale() throws {
        for (format, webhook) in try Sample.delivered() where format.name != "twilio" {
            for offset in [-301_000, 301_000, -Sample.now, Int64.max - Sample.now] {
                #expect(format.refusal(of: webhook, at: Sample.now + offset) == .stale, "\(format.name) \(offset)")
            }
        }
    }

    @Test(
        "Any text has a request, whatever is in it",
        arguments: ["", "\0", "\u{FEFF}\u{202E}", "é\u{301}😀", "\"\\/\r\n\t"])
    func anyText(words: String) throws {
        let text = try Sample.text(
            from: words, body: words, key: words, callback: "x?\(words)#\(words)", validity: .min)
        for format in try Sample.formats() {
            let call = format.request(for: text, at: .min)
            #expect(!call.headers.contains { $0.value.utf8.contains { $0 < 0x20 || $0 > 0x7E } }, "\(format.name)")
            if call.headers.contains(HTTPHeader("Content-Type", "application/json")) {
                #expect(JSONText.read([String: LooseText].self, from: call.body) != nil, "\(format.name)")
            }
            _ = format.query(for: try Sample.sent(body: words, key: words), sender: words, since: .min)
        }
    }

    @Test("Secrets, numbers and words are never printed")
    func printed() throws {
        let text = try Sample.text()
        var seen: [String] = []
        func see(_ value: Any) {
            seen.append("\(value)")
            seen.append(String(reflecting: value))
            var out = ""
            dump(value, to: &out)
            seen.append(out)
        }
        see(text)
        see(try Sample.sent())
        see(try Sample.telnyxWebhook(Sample.words))
        for format in try Sample.formats() {
            see(format)
            see(format.request(for: text, at: Sample.now))
            see(format.request(for: text, at: Sample.now).headers)
            see(format.query(for: try Sample.sent(), sender: Sample.sender, since: 0) as Any)
        }
        see(VonageFormat.Credentials.basic(key: "k", secret: ProviderSecret(Sample.vonageSecret)))
        see(ProviderSecret(Sample.vonageSecret))
        see(FormFields(["To": "+12125550123", "Body": Sample.words]))
        see(HTTPAnswer(status: 200, body: Array(Sample.words.utf8)))
        see(InboundMessage(providerID: "m", from: "+12125550123", to: "b", body: Sample.words))
        let hidden = [
            Sample.token, Sample.apiKey, Sample.vonageSecret, Sample.signatureSecret, Sample.webhookSecret,
            "QUMwYTFi", "YTFiMmMz", "2125550123", "4711",
        ]
        for (line, secret) in seen.flatMap({ line in hidden.map { (line, $0) } }) {
            #expect(!line.contains(secret))
        }
    }

    private func flips(of bytes: [UInt8]) -> [(bit: Int, bytes: [UInt8])] {
        (0..<bytes.count * 8).map { bit in
            var copy = bytes
            copy[bit / 8] ^= 1 << UInt8(bit % 8)
            return (bit, copy)
        }
    }
}
