import Crypto

/// Checks the JWT (RFC 7519, HS256) that Vonage puts into `Authorization`, and that its `payload_hash` is the body's
/// SHA-256. A token without that hash is refused: it would fit any body. The URL is not part of what is signed; the
/// correlation in it is signed by us.
struct VonageWebhookSignature: Sendable {
    private static let maxToken = 4 << 10

    private let secrets: [ProviderSecret]
    private let apiKey: String?

    init(secrets: [ProviderSecret], apiKey: String?) {
        self.secrets = secrets.filter { !$0.revealed.isEmpty }
        self.apiKey = apiKey
    }

    func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal? {
        guard let header = webhook.headers.value(of: "Authorization"), header.hasPrefix("Bearer ") else {
            return .unsigned
        }
        let parts = header.dropFirst("Bearer ".count).split(separator: ".", omittingEmptySubsequences: false)
        guard header.utf8.count <= Self.maxToken, parts.count == 3,
            let head = Base64.decode(parts[0], .url).flatMap({ JSONText.read(Head.self, from: $0) }),
            let body = Base64.decode(parts[1], .url), let code = Base64.decode(parts[2], .url),
            head.algorithm == "HS256"
        else { return .malformed }
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        var isMatch = false
        for secret in secrets {
            let key = SymmetricKey(data: secret.bytes)
            let isThis = HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key)
            isMatch = isMatch || isThis
        }
        guard isMatch else { return .mismatch }
        guard let claims = JSONText.read(Claims.self, from: body), let issued = claims.issued else {
            return .malformed
        }
        guard ProviderWebhook.isFresh(issued, at: now), claims.expires.map({ $0 >= now / 1_000 }) ?? true else {
            return .stale
        }
        guard claims.hash == Hex.encode(SHA256.hash(data: webhook.body)), apiKey == nil || claims.apiKey == apiKey
        else { return .mismatch }
        return nil
    }

    private struct Head: Decodable {
        let algorithm: String

        enum CodingKeys: String, CodingKey {
            case algorithm = "alg"
        }
    }

    private struct Claims: Decodable {
        let issued, expires: Int64?
        let hash, apiKey: String?

        enum CodingKeys: String, CodingKey {
            case issued = "iat"
            case expires = "exp"
            case hash = "payload_hash"
            case apiKey = "api_key"
        }
    }
}
