/// A credential of a provider: it prints as `***`, wherever it ends up, and can only be compared, not shown.
public struct ProviderSecret: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// For what signs and authenticates.
    let revealed: String

    public init(_ text: String) { revealed = text }

    var bytes: [UInt8] { Array(revealed.utf8) }

    /// `Basic` credentials (RFC 7617).
    static func basic(user: String, password: ProviderSecret) -> ProviderSecret {
        ProviderSecret("Basic " + Base64.encode(Array("\(user):\(password.revealed)".utf8)))
    }

    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What of a provider's configuration cannot be used.
public enum ProviderFault: Error, Equatable, Sendable {
    /// Not the base64 form of 32 bytes.
    case badPublicKey(index: Int)

    /// As the operator is told.
    public var mend: String {
        switch self {
        case .badPublicKey(let index):
            "public_keys[\(index)] is not an Ed25519 key: copy it from the provider's portal (base64 of 32 bytes)"
        }
    }
}
