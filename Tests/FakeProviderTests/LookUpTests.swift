import FakeProvider
import Foundation
import ParleyMessaging
import Testing

@Suite("Asking the fake for a text whose answer was lost", .timeLimit(.minutes(3)))
struct LookUpTests {
    private static let silent = RequestPlan.acceptAndReset.reporting(.never)

    @Test("A text that was taken is found by its words or its correlation", arguments: [ProviderKind.twilio, .telnyx])
    func found(kind: ProviderKind) async throws {
        try await FakeProvider.run(ProviderScript(Self.silent)) { provider in
            let text = try Sample.text()
            try await Carrier.send(try Sample.text("other", body: "Other words"), kind, at: provider)
            try await Carrier.send(text, kind, at: provider)
            try await provider.settled()
            let id = try #require(provider.received.last?.providerID)
            #expect(try await Carrier.ask(text, kind, at: provider) == .found(providerID: id, state: .sent))
            #expect(provider.books.lookUps.map(\.provider) == [kind])
        }
    }

    @Test("A text that never got there is absent at Twilio; Telnyx's list may be late")
    func absent() async throws {
        for (kind, outcome) in [(ProviderKind.twilio, QueryOutcome.absent), (.telnyx, .unclear)] {
            try await FakeProvider.run(ProviderScript(.reset)) { provider in
                let text = try Sample.text()
                try await Carrier.send(text, kind, at: provider)
                #expect(try await Carrier.ask(text, kind, at: provider) == outcome)
            }
        }
    }

    @Test("A text that was taken is denied: forgotten, late on the list, or by a provider that denies all")
    func denied() async throws {
        for script in [
            ProviderScript(Self.silent.forgetting()),
            ProviderScript(Self.silent).lookingUp(LookUpPlan(lag: .seconds(600))),
            ProviderScript(Self.silent).lookingUp(LookUpPlan(.empty)),
        ] {
            try await FakeProvider.run(script) { provider in
                let text = try Sample.text()
                try await Carrier.send(text, .twilio, at: provider)
                #expect(provider.taken.count == 1)
                #expect(try await Carrier.ask(text, .twilio, at: provider) == .absent)
            }
        }
    }

    @Test("A look-up that fails says nothing")
    func failing() async throws {
        for plan in [LookUpPlan(.refused(status: 503, code: nil, retryAfter: nil)), LookUpPlan(.closed)] {
            try await FakeProvider.run(ProviderScript(Self.silent).lookingUp(plan)) { provider in
                let text = try Sample.text()
                try await Carrier.send(text, .twilio, at: provider)
                #expect(try await Carrier.ask(text, .twilio, at: provider) == .unclear)
            }
        }
    }

    @Test("Look-ups need the credentials")
    func unauthorised() async throws {
        try await FakeProvider.run { provider in
            for (kind, path) in [
                (ProviderKind.twilio, "/2010-04-01/Accounts/\(provider.accounts.twilioAccount)/Messages.json"),
                (.telnyx, "/v2/detail_records?filter%5Brecord_type%5D=messaging"),
            ] {
                let answer = try await Carrier.send(HTTPCall(method: "GET", url: provider.baseURL + path))
                #expect(answer.status == 401, "\(kind)")
            }
        }
    }

    // MARK: Twilio's list

    struct Page: Decodable {
        struct Row: Decodable {
            let sid, to, status, dateCreated: String
            let dateSent: String?
        }
        let messages: [Row]
        let nextPageUri, firstPageUri: String?
        let page, start, end, pageSize: Int
    }

    private func page(_ target: String, _ provider: FakeProvider) async throws -> Page {
        let credentials = "\(provider.accounts.twilioAccount):\(provider.accounts.twilioToken)"
        let answer = try await Carrier.send(
            HTTPCall(
                method: "GET", url: provider.baseURL + target,
                headers: [HTTPHeader("Authorization", "Basic " + Data(credentials.utf8).base64EncodedString())]))
        try #require(answer.status == 200)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Page.self, from: Data(answer.body))
    }

    private func list(_ provider: FakeProvider) -> String {
        "/2010-04-01/Accounts/\(provider.accounts.twilioAccount)/Messages.json"
    }

    @Test("The list comes in pages, newest first, each naming the next")
    func pages() async throws {
        try await FakeProvider.run(ProviderScript(.accept.reporting(.never))) { provider in
            for number in 1...5 {
                let text = try Sample.text("m\(number)", to: number == 3 ? "+12125550177" : Sample.recipient)
                try await Carrier.send(text, .twilio, at: provider)
            }
            let ids = provider.taken.filter { $0.to == Sample.recipient }.compactMap(\.providerID)
            var target: String? = "\(list(provider))?To=%2B12125550123&PageSize=3"
            var seen: [[String]] = []
            while let uri = target {
                let page = try await page(uri, provider)
                #expect(page.page == seen.count)
                #expect(page.start == seen.count * 3)
                #expect(page.pageSize == 3)
                seen.append(page.messages.map(\.sid))
                target = page.nextPageUri
            }
            let reversed = Array(ids.reversed())
            #expect(seen == [Array(reversed[..<3]), Array(reversed[3...])])
        }
    }

    @Test("A list that does not fit one page is no proof of absence")
    func longList() async throws {
        try await FakeProvider.run(ProviderScript(.accept.reporting(.never))) { provider in
            for number in 0...200 {
                try await Carrier.send(
                    try Sample.text("m\(number)", body: "Words \(number)"), .twilio, at: provider)
            }
            let outcome = try await Carrier.ask(try Sample.text(body: "Never sent"), .twilio, at: provider)
            #expect(outcome == .unclear)
        }
    }

    @Test("A filter by day leaves out what is still queued, and has no such day")
    func days() async throws {
        let plan = RequestPlan.accept.reporting(ReportPlan([.queued]))
        let script = ProviderScript(.accept.reporting(ReportPlan([.sent]))).request(1, plan)
        try await FakeProvider.run(script) { provider in
            for number in 1...2 {
                try await Carrier.send(try Sample.text("m\(number)"), .twilio, at: provider)
            }
            try await provider.settled()
            let ids = provider.taken.compactMap(\.providerID)
            let all = try await page(list(provider), provider)
            #expect(all.messages.map(\.status) == ["sent", "queued"])
            #expect(all.messages.map { $0.dateSent == nil } == [false, true])
            let isDate = #/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000/#
            #expect(all.messages[0].dateCreated.wholeMatch(of: isDate) != nil)
            let since = try await page(list(provider) + "?DateSent%3E=2020-01-01", provider)
            #expect(since.messages.map(\.sid) == [ids[1]])
            #expect(try await page(list(provider) + "?DateSent%3C=2020-01-01", provider).messages.isEmpty)
            #expect(try await page(list(provider) + "?From=%2B12125550100", provider).messages.isEmpty)
        }
    }

    @Test("Telnyx can be asked by id; a late report takes nothing back")
    func byID() async throws {
        try await FakeProvider.run(ProviderScript(.accept.reporting(ReportPlan([.delivered, .sent])))) { provider in
            try await Carrier.send(try Sample.text(), .telnyx, at: provider)
            try await provider.settled()
            let id = try #require(provider.taken.first?.providerID)
            func ask(_ id: String) async throws -> HTTPAnswer {
                try await Carrier.send(
                    HTTPCall(
                        method: "GET", url: "\(provider.baseURL)/v2/messages/\(id)",
                        headers: [HTTPHeader("Authorization", "Bearer \(provider.accounts.telnyxKey)")]))
            }
            let answer = try await ask(id)
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self).contains(#""status":"delivered""#))
            #expect(try await ask("other").status == 404)
        }
    }
}
