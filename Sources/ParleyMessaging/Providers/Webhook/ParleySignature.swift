import Crypto

/// `Parley-Signature: t=UNIX,v1=HEX`: HMAC-SHA256 of `UNIX.BODY`, 64 lowercase digits. Made and checked alike, so that
/// both directions of a webhook of ours are signed in one way.
///
/// A header may have several `v1`, of several secrets, while a secret is being changed; names that are not known are
/// ignored.
package struct ParleySignature: Sendable {
    package static let headerName = "Parley-Signature"
    private static let maxHeader = 512
    private static let maxFields = 8

    private let secrets: [ProviderSecret]

    package init(secrets: [ProviderSecret]) { self.secrets = secrets.filter { !$0.revealed.isEmpty } }

    /// Signed with the first secret; `nil` where there is none.
    package func header(for body: [UInt8], at now: Int64) -> String? {
        guard let secret = secrets.first else { return nil }
        let time = String(max(now, 0) / 1_000)
        let code = HMAC<SHA256>.authenticationCode(
            for: Self.signed(time, body), using: SymmetricKey(data: secret.bytes))
        return "t=\(time),v1=\(Hex.encode(code))"
    }

    func refusal(of webhook: ProviderWebhook, at now: Int64) -> WebhookRefusal? {
        guard let header = webhook.headers.value(of: Self.headerName) else { return .unsigned }
        let fields = header.split(separator: ",", omittingEmptySubsequences: false)
        guard header.utf8.count <= Self.maxHeader, fields.count <= Self.maxFields else { return .malformed }
        let times = fields.filter { $0.hasPrefix("t=") }.map { $0.dropFirst(2) }
        let codes = fields.filter { $0.hasPrefix("v1=") }.compactMap { Hex.decode($0.dropFirst(3)) }
        guard times.count == 1, let time = times.first, let seconds = ProviderWebhook.seconds(time), !codes.isEmpty
        else { return .malformed }
        guard ProviderWebhook.isFresh(seconds, at: now) else { return .stale }
        let signed = Self.signed(String(time), webhook.body)
        var isMatch = false
        for secret in secrets {
            let key = SymmetricKey(data: secret.bytes)
            for code in codes {
                let isThis = HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key)
                isMatch = isMatch || isThis
            }
        }
        return isMatch ? nil : .mismatch
    }

    private static func signed(_ time: String, _ body: [UInt8]) -> [UInt8] { Array("\(time).".utf8) + body }
}
