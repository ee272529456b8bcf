import FakeProvider
import NIOCore
import NIOPosix
import ParleyMessaging
import Testing

@Suite("What Parley sends, as the providers read it", .timeLimit(.minutes(3)))
struct FormatRequestTests {
    @Test("Each format's request is taken, word for word", arguments: ProviderKind.allCases)
    func taken(kind: ProviderKind) async throws {
        try await FakeProvider.run { provider in
            let text = try Sample.text()
            let outcome = try await Carrier.send(text, kind, at: provider)
            let received = try #require(provider.received.first)
            let id = try #require(received.providerID)
            #expect(outcome == .accepted(providerID: id))
            #expect(received.fate == .taken(providerID: id))
            #expect(received.provider == kind)
            #expect(received.from == Sample.sender)
            #expect(received.to == Sample.recipient)
            #expect(received.body == Sample.words)
            #expect(received.callbackURL == "\(Sample.statusURL)?correlation=\(text.correlation.text)")
            #expect(received.correlation == text.correlation.text)
            #expect(received.message == text.id)
            #expect(received.fence == 1)
            #expect(received.key == (kind == .telnyx || kind == .webhook ? text.key : nil))
            #expect(provider.distinctCorrelations == [text.correlation.text])
            #expect(provider.lost(expected: [text.id, "other"]) == ["other"])
        }
    }

    @Test("The bytes on the wire are kept: head, empty line and body, and nothing of the request before")
    func raw() async throws {
        try await FakeProvider.run(ProviderScript(.accept.reporting(.never))) { provider in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: provider.port).get()
            for number in 1...2 {
                let call = try Sample.format(.telnyx, at: provider).request(for: try Sample.text("m\(number)"), at: 0)
                let head = ["POST /v2/messages HTTP/1.1", "Host: a", "Content-Length: \(call.body.count)"]
                let lines = head + call.headers.map { "\($0.name): \($0.value)" } + ["", ""]
                let bytes = Array(lines.joined(separator: "\r\n").utf8) + call.body
                try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
                try await provider.taken(number)
                #expect(provider.received.last?.raw == bytes)
                #expect(provider.received.last?.connection == 1)
                try await provider.settled()
            }
            try await channel.close()
        }
    }

    @Test("Wrong credentials are a 401, counted, and nothing goes out", arguments: ProviderKind.allCases)
    func credentials(kind: ProviderKind) async throws {
        try await FakeProvider.run { provider in
            var others = ProviderAccounts()
            others.twilioToken = "x"
            others.telnyxKey = "x"
            others.vonageSecret = "x"
            others.webhookSecret = "x"
            let format = try Sample.format(kind, others, base: provider.baseURL)
            let call = format.request(for: try Sample.text(), at: provider.now())
            let answer = try await Carrier.send(call)
            #expect(answer.status == 401)
            guard case .unauthorised = format.outcome(of: answer) else {
                Issue.record("not unauthorised: \(format.outcome(of: answer))")
                return
            }
            #expect(provider.received.count == 1)
            #expect(provider.taken.isEmpty)
        }
    }

    @Test("An API key of Twilio's sends as the account does")
    func apiKey() async throws {
        try await FakeProvider.run { provider in
            let accounts = provider.accounts
            let format = TwilioFormat(
                account: accounts.twilioAccount, user: accounts.twilioKey,
                secret: ProviderSecret(accounts.twilioKeySecret), signingTokens: [], base: provider.baseURL)
            _ = try await Carrier.send(format.request(for: try Sample.text(), at: 0))
            #expect(provider.taken.count == 1)
        }
    }

    static let faults: [(ProviderKind, String, String, Int)] = [
        (.twilio, "To=%2B12125550123", "To=12125550123", 400),
        (.twilio, "To=%2B12125550123", "To=%2B12125550123&To=%2B12125550124", 400),
        (.twilio, "From=", "Form=", 400), (.twilio, "&Body=", "&Words=", 400),
        (.twilio, "ValidityPeriod=900", "ValidityPeriod=0", 400),
        (.twilio, "StatusCallback=https", "StatusCallback=ftp", 400),
        (.telnyx, #""to":"+1"#, #""to":"1"#, 400), (.telnyx, #""text":"#, #""body":"#, 422),
        (.telnyx, #""from":"#, #""form":"#, 422), (.telnyx, #"{"to""#, #"{to""#, 400),
        (.vonage, #""to":"1"#, #""to":"+1"#, 422), (.vonage, #""channel":"sms""#, #""channel":"mms""#, 422),
        (.vonage, #""ttl":900"#, #""ttl":5"#, 422), (.vonage, #""message_type":"text""#, #""type":"text""#, 422),
    ]

    @Test("A request with a fault is declined by the provider itself", arguments: FormatRequestTests.faults)
    func fault(kind: ProviderKind, part: String, instead: String, status: Int) async throws {
        try await FakeProvider.run { provider in
            let call = try Sample.format(kind, at: provider).request(for: try Sample.text(), at: provider.now())
            let body = String(decoding: call.body, as: UTF8.self)
            #expect(body.contains(part))
            let spoilt = HTTPCall(
                method: call.method, url: call.url, headers: call.headers,
                body: Array(body.replacing(part, with: instead).utf8))
            #expect(try await Carrier.send(spoilt).status == status)
            #expect(provider.received.count == 1)
            #expect(provider.taken.isEmpty)
        }
    }
}
