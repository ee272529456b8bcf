import Crypto
import Foundation
import Synchronization

/// Hands out and checks the tokens that a call's media socket shows at its start message.
///
/// A token is 128 random bits and an expiry, bound by HMAC-SHA256 to the call it was made for; it works once, for a minute.
/// The key lives as long as the process, so a token does too.
public final class CallTokens: Sendable {
    /// Why a token was refused; also the label of the audit counter.
    public enum Refusal: String, Error, Sendable, CaseIterable {
        case missing = "token_missing"
        case malformed = "token_malformed"
        /// A bit was changed, another process made it, or it was made for another call.
        case forged = "token_forged"
        case expired = "token_expired"
        case reused = "token_reused"
        /// More tokens in a minute than are remembered: nothing is let in that could be a replay.
        case tooMany = "token_overflow"
    }

    /// Seconds from the answer to the webhook to the start message.
    public static let lifetime: Int64 = 60
    private static let nonceCount = 16, expiryCount = 8, codeCount = 32

    private let key: SymmetricKey
    private let capacity: Int
    private let seen = Mutex<[[UInt8]: Int64]>([:])

    public init(key: SymmetricKey = SymmetricKey(size: .bits256), capacity: Int = 65_536) {
        self.key = key
        self.capacity = capacity
    }

    /// A token for this call.
    ///
    /// - Parameters:
    ///   - call: the provider's id of the call (Twilio: `CallSid`).
    ///   - now: seconds since 1970.
    /// - Returns: 75 characters of base64url.
    public func issue(for call: String, now: Int64) -> String {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for _ in 0..<2 { appendBigEndian(generator.next(), to: &bytes) }
        appendBigEndian(UInt64(bitPattern: now + CallTokens.lifetime), to: &bytes)
        let code = HMAC<SHA256>.authenticationCode(for: message(bytes, call), using: key)
        return Data(bytes + Array(code)).base64URL
    }

    /// Lets a token be used, once. Forgery is told before age, and age before reuse: an outsider learns nothing of either.
    public func redeem(_ token: String?, for call: String, now: Int64) throws(Refusal) {
        guard let token, !token.isEmpty else { throw .missing }
        guard token.utf8.count <= 128, let bytes = Data(base64URL: token).map(Array.init),
            bytes.count == CallTokens.nonceCount + CallTokens.expiryCount + CallTokens.codeCount
        else { throw .malformed }
        let head = Array(bytes[..<(CallTokens.nonceCount + CallTokens.expiryCount)])
        guard
            HMAC<SHA256>.isValidAuthenticationCode(
                bytes[head.count...], authenticating: message(head, call), using: key)
        else { throw .forged }
        let expiry = head[CallTokens.nonceCount...].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard now < expiry else { throw .expired }
        let nonce = Array(head[..<CallTokens.nonceCount])
        let capacity = capacity
        let refusal = seen.withLock { seen -> Refusal? in
            if seen[nonce] != nil { return .reused }
            if seen.count >= capacity { seen = seen.filter { $0.value > now } }
            if seen.count >= capacity { return .tooMany }
            seen[nonce] = expiry
            return nil
        }
        if let refusal { throw refusal }
    }

    private func message(_ head: [UInt8], _ call: String) -> [UInt8] { head + Array(call.utf8) }
}

private func appendBigEndian(_ value: UInt64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
}

extension Data {
    /// Base64 with `-` and `_`, without padding (RFC 4648 section 5).
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Strict: no other alphabet, no padding, no stray bits at the end.
    fileprivate init?(base64URL text: String) {
        guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let standard = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard let data = Data(base64Encoded: standard), data.base64URL == text else { return nil }
        self = data
    }
}
