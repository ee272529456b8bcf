import Crypto
import Foundation
import ParleyNetwork

/// Checks `X-Twilio-Signature`: HMAC over the exact public URL and the sorted form parameters (protocols.md 1.7).
public struct TwilioSignature: Sendable {
    /// What a shared key's `X-Twilio-Webhooks-Signature-Settings` header may ask for.
    public enum Algorithm: Equatable, Sendable {
        case sha1, sha256

        /// - Parameter settings: the header's value, as in `key=<id>,algorithm=HMAC_SHA256`; nil where there is none.
        /// - Returns: nil for an algorithm that is not known: the request is refused.
        public init?(settings: String?) {
            let fields = (settings ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            switch fields.first(where: { $0.hasPrefix("algorithm=") })?.dropFirst("algorithm=".count) {
            case nil, "HMAC_SHA1": self = .sha1
            case "HMAC_SHA256": self = .sha256
            default: return nil
            }
        }
    }

    private let keys: [SymmetricKey]

    /// - Parameter tokens: the active auth tokens; any one of them may have signed.
    public init(tokens: [Secret]) { keys = tokens.map { SymmetricKey(data: Data($0.revealed.utf8)) } }

    /// A form webhook (also GET: no parameters).
    ///
    /// - Parameters:
    ///   - signature: the header's value.
    ///   - url: as the provider requested it, with its query, percent-encoding untouched.
    ///   - parameters: decoded, in any order.
    public func isValid(
        _ signature: String?, url: String, parameters: [FormField] = [], algorithm: Algorithm = .sha1
    ) -> Bool {
        let tail = TwilioSignature.joined(parameters)
        return matches(signature, TwilioSignature.portVariants(of: url).map { $0 + tail }, algorithm)
    }

    /// A webhook with a JSON body, whose hash the URL's query carries as `bodySHA256`.
    public func isValid(
        _ signature: String?, url: String, body: some DataProtocol, algorithm: Algorithm = .sha1
    ) -> Bool {
        let query = url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        guard let claim = query.split(separator: "&").first(where: { $0.hasPrefix("bodySHA256=") }) else {
            return false
        }
        let digest = SHA256.hash(data: body).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        // The hash is no secret: whoever sent the body can compute it.
        guard claim.dropFirst("bodySHA256=".count) == digest else { return false }
        return matches(signature, TwilioSignature.portVariants(of: url), algorithm)
    }

    /// A WebSocket handshake: the URL as it stands in the TwiML, scheme `wss`, no parameters.
    public func isValidHandshake(_ signature: String?, url: String, algorithm: Algorithm = .sha1) -> Bool {
        let slashed = url.hasSuffix("/") ? String(url.dropLast()) : url + "/"
        return matches(
            signature, TwilioSignature.portVariants(of: url) + TwilioSignature.portVariants(of: slashed), algorithm)
    }

    /// Names in byte order, each followed by its distinct values in byte order, nothing between.
    static func joined(_ parameters: [FormField]) -> String {
        var sorted = parameters.sorted { left, right in
            left.name == right.name
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        sorted = sorted.enumerated().filter { $0.offset == 0 || sorted[$0.offset - 1] != $0.element }.map(\.element)
        return sorted.map { $0.name + $0.value }.joined()
    }

    /// As written, without its port, and with the scheme's own port: signers differ.
    static func portVariants(of url: String) -> [String] {
        guard let schemeEnd = url.range(of: "://") else { return [url] }
        let scheme = url[..<schemeEnd.lowerBound]
        let rest = url[schemeEnd.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest[authority.endIndex...]
        let userEnd = authority.lastIndex(of: "@").map(authority.index(after:)) ?? authority.startIndex
        let hostAndPort = authority[userEnd...]
        var host = hostAndPort
        if let colon = hostAndPort.lastIndex(of: ":"),
            hostAndPort[hostAndPort.index(after: colon)...].allSatisfy({ $0.isASCII && $0.isNumber })
        {
            host = hostAndPort[..<colon]
        }
        let bare = "\(scheme)://\(authority[..<userEnd])\(host)"
        let standardPort = scheme == "https" || scheme == "wss" ? 443 : 80
        var variants = [url]
        for variant in ["\(bare)\(tail)", "\(bare):\(standardPort)\(tail)"] where !variants.contains(variant) {
            variants.append(variant)
        }
        return variants
    }

    private func matches(_ signature: String?, _ candidates: [String], _ algorithm: Algorithm) -> Bool {
        guard let signature, signature.utf8.count <= 64, let claimed = Data(base64Encoded: signature),
            claimed.base64EncodedString() == signature
        else { return false }
        // Every key and every form is tried, also after a match: the time tells nothing.
        var isMatch = false
        for key in keys {
            for candidate in candidates {
                let text = Data(candidate.utf8)
                let isThis =
                    switch algorithm {
                    case .sha1:
                        HMAC<Insecure.SHA1>.isValidAuthenticationCode(claimed, authenticating: text, using: key)
                    case .sha256: HMAC<SHA256>.isValidAuthenticationCode(claimed, authenticating: text, using: key)
                    }
                isMatch = isMatch || isThis
            }
        }
        return isMatch
    }
}
