import Crypto

/// Checks `telnyx-signature-ed25519` over `timestamp|body` (protocols.md 4.5). The URL is not part of what is signed; the
/// correlation in it is signed by us.
struct TelnyxWebhookSignature: Sendable {
    private static let keyLength = 32
    private static let signatureLength = 64

    private let keys: [Curve25519.Signing.PublicKey]

    init(publicKeys: [String]) throws(ProviderFault) {
        var keys: [Curve25519.Signing.PublicKey] = []
        for (index, text) in publicKeys.enumerated() {
            guard let bytes = Base64.decode(text), bytes.count == Self.keyLength,
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
            else { throw .badPublicKey(index: index) }
            keys.append(key)
        }
        self.keys = keys
    }

    func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal? {
        guard let header = webhook.headers.value(of: "telnyx-signature-ed25519"),
            let time = webhook.headers.value(of: "telnyx-timestamp")
        else { return .unsigned }
        guard header.utf8.count <= 2 * Self.signatureLength, let signature = Base64.decode(header),
            signature.count == Self.signatureLength, let seconds = ProviderWebhook.seconds(time)
        else { return .malformed }
        guard ProviderWebhook.isFresh(seconds, at: now) else { return .stale }
        let message = Array("\(time)|".utf8) + webhook.body
        return keys.contains { $0.isValidSignature(signature, for: message) } ? nil : .mismatch
    }
}
