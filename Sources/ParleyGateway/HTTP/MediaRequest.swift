import Foundation
import NIOCore

/// A media socket that has been let in, as far as its handshake goes: what its session starts from.
public struct MediaRequest: Sendable {
    /// `twilio`, `native`: the last part of the path `/media/{provider}`.
    public var provider: String
    public var head: RequestHead
    /// The direct peer's numeric address.
    public var peerAddress: String
    /// Nobody has to prove anything: direct loopback peers of an insecure gateway.
    public var isInsecure: Bool
    let tokens: CallTokens
    let metrics: GatewayMetrics

    /// Checks the token that came in the start message, before any engine is opened, and counts a refusal.
    ///
    /// - Parameters:
    ///   - token: nil where there was none.
    ///   - call: the provider's id of the call, as in the start message.
    /// - Returns: nil where the call may go on; else why not: close with 1008.
    public func refusal(
        token: String?, call: String, now: Int64 = Int64(Date.now.timeIntervalSince1970)
    ) -> CallTokens.Refusal? {
        if isInsecure { return nil }
        do throws(CallTokens.Refusal) {
            try tokens.redeem(token, for: call, now: now)
            return nil
        } catch {
            metrics.refused(error)
            return error
        }
    }
}

/// Who may open a media socket: the decision between a well-formed handshake and its 101.
struct MediaGate: Sendable {
    var providers: Set<String>
    var isInsecure: Bool
    var publicURL: String
    var direct: DirectPeer
    var signature: TwilioSignature

    /// - Returns: nil where the socket may be opened.
    func refusal(provider: String, head: RequestHead, peerAddress: String) -> (status: Int, GatewayMetrics.Refusal)? {
        guard head.values("Origin").allSatisfy({ isSameHost($0, head["Host"] ?? "") }) else { return (403, .signature) }
        if isInsecure {
            let isHere = direct.isHere(address: peerAddress, isForwarded: head.isForwarded, host: head["Host"])
            return isHere ? nil : (403, .notLoopback)
        }
        guard provider == "twilio" else { return (403, .signature) }
        guard let signed = head["X-Twilio-Signature"] else { return (401, .signature) }
        let url = "ws" + publicURL.dropFirst("http".count) + head.target
        let algorithm = TwilioSignature.Algorithm(settings: head["X-Twilio-Webhooks-Signature-Settings"])
        guard let algorithm, signature.isValidHandshake(signed, url: url, algorithm: algorithm) else {
            return (403, .signature)
        }
        return nil
    }

    /// A page of another site must not open sockets here in its visitor's name.
    private func isSameHost(_ origin: String, _ host: String) -> Bool {
        guard let scheme = origin.range(of: "://") else { return false }
        return origin[scheme.upperBound...].lowercased() == host.lowercased()
    }
}
