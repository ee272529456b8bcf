/// Looks up a text whose answer was lost, in the account's list of messages.
///
/// The list is asked by recipient, and by sender where that is a number: a filter by day would leave out what is still
/// queued, which has no date of sending. "Absent" is said only of a list that fits into one page: an error here would send
/// a text twice.
struct TwilioLookUp {
    private static let pageSize = "200"
    /// Seconds that the provider's clock may be behind ours.
    private static let slack: Int64 = 60

    let messagesURL: String
    let authorization: ProviderSecret

    func query(for text: SentText, sender: String) -> HTTPCall {
        let fields = FormFields([
            "To": TwilioAddress.recipient(text.recipient, from: sender),
            "From": TwilioAddress.isService(sender) ? nil : sender,
            "PageSize": Self.pageSize,
        ])
        return HTTPCall(
            method: "GET", url: "\(messagesURL)?\(fields.queryText)",
            headers: [
                HTTPHeader("Authorization", authorization.revealed), HTTPHeader("Accept", "application/json"),
            ])
    }

    func found(
        in answer: HTTPAnswer, text: SentText, sender: String, since: Int64, known: Set<String>
    ) -> QueryOutcome {
        guard answer.status == 200, let page = JSONText.read(Page.self, from: answer.body), let rows = page.messages
        else { return .unclear }
        let address = TwilioAddress.recipient(text.recipient, from: sender)
        var matches: [(id: String, state: MessageState)] = []
        for row in rows where row.direction?.hasPrefix("outbound") ?? true {
            // A trial account puts a sentence of its own in front.
            guard row.to == address, let body = row.body, body.hasSuffix(text.body) else { continue }
            guard let id = ProviderText.plain(row.sid), let created = row.created.flatMap(CivilTime.seconds) else {
                return .unclear
            }
            if created < since / 1_000 - Self.slack || known.contains(id) { continue }
            matches.append((id, row.status.flatMap(TwilioStatus.state) ?? .accepted))
        }
        switch matches.count {
        case 1: return .found(providerID: matches[0].id, state: matches[0].state)
        case 0: return page.next == nil ? .absent : .unclear
        default: return .unclear
        }
    }

    private struct Page: Decodable {
        let messages: [Row]?
        let next: String?

        enum CodingKeys: String, CodingKey {
            case messages
            case next = "next_page_uri"
        }
    }

    private struct Row: Decodable {
        let sid, to, body, status, direction, created: String?

        enum CodingKeys: String, CodingKey {
            case sid, to, body, status, direction
            case created = "date_created"
        }
    }
}
