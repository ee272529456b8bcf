import ParleyWire

/// What a voice's server could not do, or did wrong.
public struct VoiceFault: Error, Equatable, Sendable {
    /// One line; may hold what the server said.
    public var message: String
    public var isRetryable: Bool

    public init(_ message: String, isRetryable: Bool = true) {
        self.message = message
        self.isRetryable = isRetryable
    }

    /// An answer of HTTP that is not 200, or an error that a message tells with such a status.
    ///
    /// - Parameter said: by the server; may be empty.
    static func status(_ status: Int, _ said: String) -> VoiceFault {
        VoiceFault(
            said.isEmpty ? "it answered with \(status)" : "it answered with \(status): \(said)",
            isRetryable: isRetryable(status))
    }

    /// A connection that ended, or never stood.
    ///
    /// - Parameter reason: as `EngineConnection` words it.
    static func lost(_ reason: String) -> VoiceFault {
        let refusal = "the server answered the upgrade with "
        guard let found = reason.firstRange(of: refusal), let status = Int(reason[found.upperBound...].prefix(3)) else {
            return VoiceFault(reason)
        }
        return VoiceFault(reason, isRetryable: isRetryable(status))
    }

    /// Too many requests, a time that ran out, and whatever the server's own fault is, may pass.
    private static func isRetryable(_ status: Int) -> Bool { status == 408 || status == 429 || status >= 500 }

    /// For whoever called the engine: short, and without its key, which servers like to repeat.
    func error(of engine: String, hiding secret: String?) -> EngineError {
        var text = message
        if let secret, !secret.isEmpty { text = text.replacing(secret, with: "***") }
        return EngineError(engine: engine, message: PeerText.line(text), isRetryable: isRetryable)
    }
}
