import Crypto
import Foundation

/// Telnyx Messaging, API v2. Source: Telnyx, "Send a message", "Receiving webhooks for messaging", "Webhook signing",
/// "Search detail records".
struct TelnyxDesk: ProviderDesk {
    let kind = ProviderKind.telnyx
    let accounts: ProviderAccounts

    func serves(_ request: ProviderRequest) -> Bool { request.path.hasPrefix("/v2/") }

    func isAuthorised(_ request: ProviderRequest) -> Bool {
        request.header("Authorization") == "Bearer \(accounts.telnyxKey)"
    }

    var unauthorisedCode: String { "10009" }

    func sends(_ request: ProviderRequest) -> Bool { request.method == "POST" && request.path == "/v2/messages" }

    func draft(_ request: ProviderRequest) throws(Decline) -> Draft {
        try Decline.when(request.mediaType != "application/json", 415, "10014")
        guard let object = request.object else { throw Decline(status: 400, code: "10015") }
        guard let to = object["to"] as? String else { throw Decline(status: 422, code: "10004") }
        try Decline.when(!Shape.isNumber(to), 400, "40310")
        guard let from = (object["from"] ?? object["messaging_profile_id"]) as? String, !from.isEmpty else {
            throw Decline(status: 422, code: "10004")
        }
        guard let text = object["text"] as? String, !text.isEmpty else { throw Decline(status: 422, code: "10004") }
        let url = object["webhook_url"] as? String
        try Decline.when(url.map { !Shape.isWebURL($0) } ?? (object["webhook_url"] != nil), 422, "10003")
        let key = request.header("Idempotency-Key")
        try Decline.when(request.has("Idempotency-Key") && key == nil, 400, "10015")
        try Decline.when(key.map { $0.wholeMatch(of: #/[A-Za-z0-9_:\-]{1,255}/#) == nil } ?? false, 400, "10015")
        return Draft(from: from, to: to, body: text, callbackURL: url, key: key)
    }

    // MARK: answers

    func acceptance(of text: ReceivedText, id: String) -> Reply {
        Reply(status: 200, ["data": payload(text, id, .queued)])
    }

    func nameless() -> Reply { Reply(status: 200, ["data": ["record_type": "message", "errors": [Any]()]]) }

    func refusal(_ status: Int, code: String?) -> Reply {
        let error: [String: Any] = ["title": "Refused", "detail": "refused", "source": ["pointer": "/to"]]
        return Reply(status: status, ["errors": [error.merging(code.map { ["code": $0] } ?? [:]) { $1 }]])
    }

    private func payload(_ text: ReceivedText, _ id: String, _ status: TextStatus) -> [String: Any] {
        var errors: [Any] = []
        if case .failed(let code) = status { errors = [["code": code, "title": "Failed", "detail": "failed"]] }
        let isProfile = !text.from.hasPrefix("+")
        return [
            "record_type": "message", "direction": "outbound", "id": id, "type": "SMS",
            "from": ["phone_number": isProfile ? "" : text.from, "carrier": "", "line_type": ""],
            "messaging_profile_id": isProfile ? text.from : "", "parts": 1, "encoding": "GSM-7", "errors": errors,
            "to": [["phone_number": text.to, "status": Self.word(status), "carrier": "", "line_type": ""]],
            "text": text.body, "webhook_url": text.callbackURL.map { $0 as Any } ?? NSNull(),
        ]
    }

    private static func word(_ status: TextStatus) -> String {
        switch status {
        case .queued: "queued"
        case .sent: "sent"
        case .delivered: "delivered"
        case .failed: "delivery_failed"
        }
    }

    // MARK: look-ups

    func found(_ texts: [FiledText], for request: ProviderRequest) -> Reply? {
        guard request.method == "GET" else { return nil }
        if request.path.hasPrefix("/v2/messages/") {
            return texts.first { request.path == "/v2/messages/\($0.id)" }.map {
                Reply(status: 200, ["data": payload($0.text, $0.id, $0.status)])
            }
        }
        guard request.path == "/v2/detail_records" else { return nil }
        guard let query = FormText(reading: request.query), query.first("filter[record_type]") == "messaging",
            let size = Int(query.first("page[size]") ?? "20"), let number = Int(query.first("page[number]") ?? "1"),
            (1...50).contains(size), number >= 1
        else { return refusal(400, code: "10015") }
        let rows = texts.reversed().filter { Self.fits($0, query) }
        return Reply(
            status: 200,
            [
                "data": rows.dropFirst((number - 1) * size).prefix(size).map(Self.record),
                "meta": [
                    "page_number": number, "page_size": size, "total_results": rows.count,
                    "total_pages": (rows.count + size - 1) / size,
                ],
            ])
    }

    private static func fits(_ filed: FiledText, _ query: FormText) -> Bool {
        query.fields.allSatisfy { field in
            switch field.name {
            case "filter[direction]": field.value == "outbound"
            case "filter[cld]": filed.text.to == field.value
            case "filter[cli]": filed.text.from == field.value
            case "filter[created_at][gte]": date(filed.text.arrivedAt).prefix(10) >= field.value.prefix(10)
            default: true
            }
        }
    }

    private static func record(_ filed: FiledText) -> [String: Any] {
        [
            "record_type": "message", "uuid": filed.id, "direction": "outbound", "cld": filed.text.to,
            "cli": filed.text.from, "status": word(filed.status), "created_at": date(filed.text.arrivedAt),
            "delivery_status_webhook_url": filed.text.callbackURL.map { $0 as Any } ?? NSNull(),
        ]
    }

    private static func date(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000).ISO8601Format()
    }

    // MARK: webhooks

    func report(_ status: TextStatus, of text: ReceivedText, id: String, at now: Int64) -> SignedRequest? {
        guard status != .queued, let url = text.callbackURL else { return nil }
        let type = status == .sent ? "message.sent" : "message.finalized"
        return signed(type, payload(text, id, status), to: url, at: now)
    }

    func inbound(_ text: InboundDraft, to url: String, at now: Int64) -> SignedRequest {
        signed(
            "message.received",
            [
                "id": text.id, "direction": "inbound", "type": "SMS", "text": text.body, "parts": 1,
                "from": ["phone_number": text.from, "carrier": "", "line_type": "Wireless"],
                "to": [["phone_number": text.to, "status": "webhook_delivered"]], "media": [Any](),
                "received_at": Self.date(now), "record_type": "message",
            ], to: url, at: now)
    }

    private func signed(_ type: String, _ payload: [String: Any], to url: String, at now: Int64) -> SignedRequest {
        let body = JSON.bytes([
            "data": [
                "event_type": type, "id": "event-\(payload["id"] ?? "")-\(type)", "occurred_at": Self.date(now),
                "record_type": "event", "payload": payload,
            ], "meta": ["attempt": 1, "delivered_to": url],
        ])
        let time = String(now / 1_000)
        let signature = try? accounts.telnyxSigningKey?.signature(for: Data("\(time)|".utf8) + Data(body))
        return SignedRequest(
            url: Shape.withoutFragment(url),
            headers: [
                SignedRequest.Header("Content-Type", "application/json"),
                SignedRequest.Header("Telnyx-Signature-Ed25519", signature?.base64EncodedString() ?? ""),
                SignedRequest.Header("Telnyx-Timestamp", time),
            ], body: body)
    }
}
