import Crypto
import Foundation

/// Vonage Messages API v1, channel `sms`. It cannot be asked for texts. Source: Vonage, "Messages API" reference, "Signed
/// webhooks".
struct VonageDesk: ProviderDesk {
    let kind = ProviderKind.vonage
    let accounts: ProviderAccounts

    func serves(_ request: ProviderRequest) -> Bool { request.path == "/v1/messages" }

    func isAuthorised(_ request: ProviderRequest) -> Bool {
        request.isBasic(accounts.vonageKey, accounts.vonageSecret)
    }

    var unauthorisedCode: String { "unauthorized" }

    func sends(_ request: ProviderRequest) -> Bool { request.method == "POST" }

    func draft(_ request: ProviderRequest) throws(Decline) -> Draft {
        try Decline.when(request.mediaType != "application/json", 415, "1020")
        guard let object = request.object, object["message_type"] as? String == "text",
            object["channel"] as? String == "sms", let to = object["to"] as? String,
            let from = object["from"] as? String, let text = object["text"] as? String, !text.isEmpty, !from.isEmpty
        else { throw Decline(status: 422, code: "1020") }
        // Without the plus sign: "Use E.164, don't use a leading + or 00".
        try Decline.when(to.hasPrefix("+") || !Shape.isNumber("+\(to)"), 422, "1022")
        try Decline.when(from.hasPrefix("+"), 422, "1022")
        let url = object["webhook_url"] as? String
        try Decline.when(url.map { !Shape.isWebURL($0) } ?? (object["webhook_url"] != nil), 422, "1022")
        let reference = object["client_ref"]
        try Decline.when(reference.map { (($0 as? String)?.utf8.count ?? 101) > 100 } ?? false, 422, "1022")
        let ttl = object["ttl"].map { $0 as? Int ?? 0 } ?? 20
        try Decline.when(!(20...604_800).contains(ttl), 422, "1022")
        return Draft(from: from.allSatisfy(\.isNumber) ? "+\(from)" : from, to: "+\(to)", body: text, callbackURL: url)
    }

    // MARK: answers

    func acceptance(of text: ReceivedText, id: String) -> Reply { Reply(status: 202, ["message_uuid": id]) }

    func nameless() -> Reply { Reply(status: 202, [:]) }

    func refusal(_ status: Int, code: String?) -> Reply {
        Reply(status: status, Self.problem(code).merging(["instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf"]) { $1 })
    }

    private static func problem(_ code: String?) -> [String: Any] {
        [
            "type": "https://developer.vonage.com/api-errors/messages#\(code ?? "")", "title": code ?? "Refused",
            "detail": "refused",
        ]
    }

    func found(_ texts: [FiledText], for request: ProviderRequest) -> Reply? { nil }

    // MARK: webhooks

    func report(_ status: TextStatus, of text: ReceivedText, id: String, at now: Int64) -> SignedRequest? {
        guard let url = text.callbackURL else { return nil }
        var object: [String: Any] = [
            "message_uuid": id, "to": Self.bare(text.to), "from": Self.bare(text.from), "channel": "sms",
            "timestamp": Self.date(now), "usage": ["currency": "EUR", "price": "0.0333"],
        ]
        if let correlation = text.correlation { object["client_ref"] = correlation }
        switch status {
        case .queued: return nil
        case .sent: object["status"] = "submitted"
        case .delivered: object["status"] = "delivered"
        case .failed(let code):
            object["status"] = "rejected"
            object["error"] = Self.problem(code)
        }
        return signed(object, to: url, at: now)
    }

    func inbound(_ text: InboundDraft, to url: String, at now: Int64) -> SignedRequest {
        signed(
            [
                "message_uuid": text.id, "to": Self.bare(text.to), "from": Self.bare(text.from), "channel": "sms",
                "timestamp": Self.date(now), "message_type": "text", "text": text.body, "sms": ["num_messages": "1"],
            ], to: url, at: now)
    }

    private func signed(_ object: [String: Any], to url: String, at now: Int64) -> SignedRequest {
        let body = JSON.bytes(object)
        let digest = Digits.hex(SHA256.hash(data: Data(body)))
        let head = JSON.bytes(["alg": "HS256", "typ": "JWT"])
        let claims = JSON.bytes([
            "iat": now / 1_000, "exp": now / 1_000 + 300, "jti": UUID().uuidString.lowercased(), "iss": "Vonage",
            "payload_hash": digest, "api_key": accounts.vonageKey,
        ])
        let text = Self.base64URL(head) + "." + Self.base64URL(claims)
        let key = SymmetricKey(data: Data(accounts.vonageSignatureSecret.utf8))
        let code = Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
        return SignedRequest(
            url: Shape.withoutFragment(url),
            headers: [
                SignedRequest.Header("Content-Type", "application/json"),
                SignedRequest.Header("Authorization", "Bearer \(text).\(Self.base64URL(code))"),
            ], body: body)
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    private static func bare(_ address: String) -> String {
        address.hasPrefix("+") ? String(address.dropFirst()) : address
    }

    private static func date(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000).ISO8601Format()
    }
}
