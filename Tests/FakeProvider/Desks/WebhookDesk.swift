import Crypto
import Foundation

/// The far side of the generic webhook: a carrier, or a bridge to one, that signs as Parley's documentation asks. It promises
/// to send once for one key, and cannot be asked for texts.
struct WebhookDesk: ProviderDesk {
    static let path = "/texts"
    /// Seconds that a signed time may lie from ours.
    private static let tolerance: Int64 = 300

    let kind = ProviderKind.webhook
    let accounts: ProviderAccounts

    func serves(_ request: ProviderRequest) -> Bool { request.path == Self.path }

    func isAuthorised(_ request: ProviderRequest) -> Bool {
        let fields = (request.header("Parley-Signature") ?? "").components(separatedBy: ",")
        guard let time = fields.first(where: { $0.hasPrefix("t=") })?.dropFirst(2), time.count <= 12,
            let seconds = Int64(time), abs(seconds.distance(to: request.arrivedAt / 1_000)) <= Self.tolerance
        else { return false }
        return fields.contains("v1=" + code(String(time), request.body))
    }

    private func code(_ time: String, _ body: [UInt8]) -> String {
        let key = SymmetricKey(data: Data(accounts.webhookSecret.utf8))
        return Digits.hex(HMAC<SHA256>.authenticationCode(for: Data("\(time).".utf8) + Data(body), using: key))
    }

    var unauthorisedCode: String { "unauthorised" }

    func sends(_ request: ProviderRequest) -> Bool { request.method == "POST" }

    func draft(_ request: ProviderRequest) throws(Decline) -> Draft {
        guard request.mediaType == "application/json", let object = request.object,
            object["type"] as? String == "message", let id = object["id"] as? String, !id.isEmpty,
            let from = object["from"] as? String, let to = object["to"] as? String,
            let body = object["body"] as? String, Shape.isNumber(to),
            let key = request.header("Idempotency-Key")?.removingPercentEncoding, !key.isEmpty
        else { throw Decline(status: 400, code: "configuration") }
        let url = object["status_url"] as? String
        try Decline.when(url.map { !Shape.isWebURL($0) } ?? (object["status_url"] != nil), 400, "configuration")
        return Draft(from: from, to: to, body: body, callbackURL: url, key: key)
    }

    // MARK: answers

    func acceptance(of text: ReceivedText, id: String) -> Reply { Reply(status: 202, ["id": id]) }

    func nameless() -> Reply { Reply(status: 202, [:]) }

    func refusal(_ status: Int, code: String?) -> Reply {
        Reply(status: status, code.map { ["code": $0] } ?? [:])
    }

    func found(_ texts: [FiledText], for request: ProviderRequest) -> Reply? { nil }

    // MARK: webhooks

    func report(_ status: TextStatus, of text: ReceivedText, id: String, at now: Int64) -> SignedRequest? {
        guard let url = text.callbackURL else { return nil }
        var object: [String: Any] = ["type": "status", "id": id]
        if let correlation = text.correlation { object["correlation"] = correlation }
        switch status {
        case .queued: object["status"] = "accepted"
        case .sent: object["status"] = "sent"
        case .delivered: object["status"] = "delivered"
        case .failed(let code):
            object["status"] = "failed"
            object["code"] = code
        }
        return signed(object, to: url, at: now)
    }

    func inbound(_ text: InboundDraft, to url: String, at now: Int64) -> SignedRequest {
        signed(
            ["type": "inbound", "id": text.id, "from": text.from, "to": text.to, "body": text.body], to: url, at: now)
    }

    private func signed(_ object: [String: Any], to url: String, at now: Int64) -> SignedRequest {
        let body = JSON.bytes(object)
        let time = String(now / 1_000)
        return SignedRequest(
            url: Shape.withoutFragment(url),
            headers: [
                SignedRequest.Header("Content-Type", "application/json"),
                SignedRequest.Header("Parley-Signature", "t=\(time),v1=\(code(time, body))"),
            ], body: body)
    }
}
