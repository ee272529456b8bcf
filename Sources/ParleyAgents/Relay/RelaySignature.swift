import Crypto
import ParleyMessaging
import ParleyNetwork
import ParleyWire

/// Signs as the platform does, so that an application's validator works as it is (protocols.md 1.7).
enum RelaySignature {
    static let header = "X-Twilio-Signature"

    /// - Parameters:
    ///   - url: exactly as configured.
    ///   - form: of a webhook; `nil` for the WebSocket's handshake.
    /// - Returns: HMAC-SHA1 in base64.
    static func make(_ url: String, form: FormFields? = nil, key: Secret) -> String {
        let text = Array(url.utf8) + (form.map { TwilioWebhookSignature.joined($0) } ?? [])
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: text, using: SymmetricKey(data: Array(key.revealed.utf8)))
        var out: [UInt8] = []
        Base64.append(Array(code).span, to: &out)
        return String(decoding: out, as: UTF8.self)
    }
}
