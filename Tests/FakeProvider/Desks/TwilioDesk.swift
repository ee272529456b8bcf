import Crypto
import Foundation

/// Twilio Programmable Messaging, version 2010-04-01. Source: Twilio, "Messages resource", "Track outbound message status",
/// "Webhooks security".
struct TwilioDesk: ProviderDesk {
    let kind = ProviderKind.twilio
    let accounts: ProviderAccounts

    func serves(_ request: ProviderRequest) -> Bool { request.path.hasPrefix("/2010-04-01/") }

    func isAuthorised(_ request: ProviderRequest) -> Bool {
        request.isBasic(accounts.twilioAccount, accounts.twilioToken)
            || request.isBasic(accounts.twilioKey, accounts.twilioKeySecret)
    }

    var unauthorisedCode: String { "20003" }

    func sends(_ request: ProviderRequest) -> Bool { request.method == "POST" && request.path == messagesPath }

    private var messagesPath: String { "/2010-04-01/Accounts/\(accounts.twilioAccount)/Messages.json" }

    func draft(_ request: ProviderRequest) throws(Decline) -> Draft {
        try Decline.when(request.mediaType != "application/x-www-form-urlencoded", 415, "20001")
        guard let form = FormText(reading: String(decoding: request.body, as: UTF8.self)) else {
            throw Decline(status: 400, code: "20001")
        }
        let single = ["To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod"]
        try Decline.when(single.contains { form[$0].count > 1 }, 400, "20001")
        guard let to = form.first("To") else { throw Decline(status: 400, code: "21604") }
        guard let from = form.first("From") ?? form.first("MessagingServiceSid"), !from.isEmpty else {
            throw Decline(status: 400, code: "21603")
        }
        let channel = from.contains(":") ? String(from.prefix { $0 != ":" }) + ":" : ""
        try Decline.when(!to.hasPrefix(channel) || !Shape.isNumber(String(to.dropFirst(channel.count))), 400, "21211")
        try Decline.when((form.first("Body") ?? "").isEmpty, 400, "21602")
        try Decline.when((form.first("Body") ?? "").count > 1_600, 400, "21617")
        try Decline.when(form.first("StatusCallback").map { !Shape.isWebURL($0) } ?? false, 400, "21609")
        let validity = form.first("ValidityPeriod").map { Int($0) ?? 0 } ?? 1
        try Decline.when(!(1...36_000).contains(validity), 400, "20001")
        return Draft(
            from: from, to: to, body: form.first("Body") ?? "", callbackURL: form.first("StatusCallback"))
    }

    // MARK: answers

    func acceptance(of text: ReceivedText, id: String) -> Reply {
        Reply(status: 201, row(FiledText(id: id, text: text, plan: .accept)))
    }

    func nameless() -> Reply { Reply(status: 201, ["status": "queued", "error_code": NSNull()]) }

    func refusal(_ status: Int, code: String?) -> Reply {
        var object: [String: Any] = ["message": "refused", "status": status]
        if let code { object["code"] = Int(code).map { $0 as Any } ?? code }
        return Reply(status: status, object)
    }

    private func row(_ filed: FiledText) -> [String: Any] {
        let isService = filed.text.from.hasPrefix("MG")
        let created = Self.date(filed.text.arrivedAt)
        let (status, code) = Self.words(filed.status)
        let isSent = filed.status != .queued
        return [
            "sid": filed.id, "account_sid": accounts.twilioAccount, "to": filed.text.to, "body": filed.text.body,
            "from": isService ? NSNull() : filed.text.from as Any,
            "messaging_service_sid": isService ? filed.text.from as Any : NSNull(),
            "status": isService && !isSent ? "accepted" : status, "direction": "outbound-api",
            "num_segments": isService ? "0" : "1", "num_media": "0", "price": NSNull(), "price_unit": NSNull(),
            "error_code": code.flatMap { Int($0) }.map { $0 as Any } ?? NSNull(), "error_message": NSNull(),
            "date_created": created, "date_updated": created, "date_sent": isSent ? created as Any : NSNull(),
            "api_version": "2010-04-01",
            "uri": "/2010-04-01/Accounts/\(accounts.twilioAccount)/Messages/\(filed.id).json",
        ]
    }

    private static func words(_ status: TextStatus) -> (status: String, code: String?) {
        switch status {
        case .queued: ("queued", nil)
        case .sent: ("sent", nil)
        case .delivered: ("delivered", nil)
        case .failed(let code): ("undelivered", code)
        }
    }

    /// RFC 2822, as in `Sat, 21 Nov 2026 03:50:00 +0000`.
    private static func date(_ milliseconds: Int64) -> String {
        text(milliseconds, "EEE, dd MMM yyyy HH:mm:ss '+0000'")
    }

    private static func text(_ milliseconds: Int64, _ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = format
        return formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
    }

    // MARK: look-ups

    func found(_ texts: [FiledText], for request: ProviderRequest) -> Reply? {
        guard request.method == "GET" else { return nil }
        if request.path != messagesPath {
            return texts.first { request.path == messagesPath.dropLast(5) + "/\($0.id).json" }.map {
                Reply(status: 200, row($0))
            }
        }
        guard let query = FormText(reading: request.query), let size = Int(query.first("PageSize") ?? "50"),
            let page = Int(query.first("Page") ?? "0"), size >= 1, page >= 0
        else { return refusal(400, code: "20001") }
        let rows = texts.reversed().filter { Self.fits($0, query) }
        let limit = min(size, 1_000)
        let (start, isLast) = (page * limit, rows.count <= (page + 1) * limit)
        let part = rows.dropFirst(start).prefix(limit)
        func uri(_ number: Int) -> String {
            var next = query
            next.fields.removeAll { ["Page", "PageToken"].contains($0.name) }
            let token = number == 0 ? nil : "PA\(rows[start + limit - 1].id)"
            next.fields += FormText(["Page": String(number), "PageToken": token]).fields
            return "\(messagesPath)?\(next.text)"
        }
        return Reply(
            status: 200,
            [
                "messages": part.map(row), "page": page, "page_size": limit, "start": start,
                "end": max(start + part.count - 1, 0), "uri": request.target, "first_page_uri": uri(0),
                "next_page_uri": isLast ? NSNull() : uri(page + 1) as Any,
                "previous_page_uri": page == 0 ? NSNull() : "\(messagesPath)?Page=\(page - 1)" as Any,
            ])
    }

    /// A filter by day leaves out what has not been sent: it has no such day.
    private static func fits(_ filed: FiledText, _ query: FormText) -> Bool {
        let day = filed.status == .queued ? nil : text(filed.text.arrivedAt, "yyyy-MM-dd")
        return query.fields.allSatisfy { field in
            switch field.name {
            case "To": return filed.text.to == field.value
            case "From": return filed.text.from == field.value
            case "DateSent": return day == String(field.value.prefix(10))
            case "DateSent>": return day.map { $0 >= field.value.prefix(10) } ?? false
            case "DateSent<": return day.map { $0 <= field.value.prefix(10) } ?? false
            default: return true
            }
        }
    }

    // MARK: webhooks

    func report(_ status: TextStatus, of text: ReceivedText, id: String, at now: Int64) -> SignedRequest? {
        guard let url = text.callbackURL else { return nil }
        let (word, code) = Self.words(status)
        let isEnd = status == .delivered || code != nil
        let form = FormText([
            "ErrorCode": code, "SmsSid": id, "SmsStatus": word, "MessageStatus": word, "To": text.to,
            "MessagingServiceSid": text.from.hasPrefix("MG") ? text.from : nil, "MessageSid": id,
            "AccountSid": accounts.twilioAccount, "From": text.from.hasPrefix("MG") ? nil : text.from,
            "ApiVersion": "2010-04-01", "RawDlrDoneDate": isEnd ? Self.text(now, "yyMMddHHmm") : nil,
        ])
        return signed(form, to: url, token: "\(id) \(word)")
    }

    func inbound(_ text: InboundDraft, to url: String, at now: Int64) -> SignedRequest {
        let form = FormText([
            "ToCountry": "US", "ToState": "", "SmsMessageSid": text.id, "NumMedia": "0", "ToCity": "",
            "SmsSid": text.id, "FromCity": "", "SmsStatus": "received", "Body": text.body, "To": text.to,
            "NumSegments": "1", "MessageSid": text.id, "AccountSid": accounts.twilioAccount, "From": text.from,
            "ApiVersion": "2010-04-01",
        ])
        return signed(form, to: url, token: text.id)
    }

    /// - Parameter token: the same for the same event.
    private func signed(_ form: FormText, to url: String, token: String) -> SignedRequest {
        let url = Shape.withoutFragment(url)
        let text = url + form.fields.sorted { $0.name < $1.name }.map { $0.name + $0.value }.joined()
        let key = SymmetricKey(data: Data(accounts.twilioToken.utf8))
        let code = Data(HMAC<Insecure.SHA1>.authenticationCode(for: Data(text.utf8), using: key))
        let event = Data(SHA256.hash(data: Data(token.utf8))).prefix(12).base64EncodedString()
        return SignedRequest(
            url: url,
            headers: [
                SignedRequest.Header("Content-Type", "application/x-www-form-urlencoded"),
                SignedRequest.Header("X-Twilio-Signature", code.base64EncodedString()),
                SignedRequest.Header("I-Twilio-Idempotency-Token", event),
            ], body: Array(form.text.utf8))
    }
}
