import Crypto
import Foundation

/// What the fake lets in, and what it signs with. All of it is made up.
public struct ProviderAccounts: Sendable {
    public var twilioAccount = "AC0a1b2c3d4e5f60718293a4b5c6d7e8f9"
    /// The account's own password, and what webhooks are signed with.
    public var twilioToken = "fake-twilio-auth-token"
    /// An API key, which may send as the account does.
    public var twilioKey = "SK0a1b2c3d4e5f60718293a4b5c6d7e8f9"
    public var twilioKeySecret = "fake-twilio-key-secret"

    public var telnyxKey = "fake-telnyx-api-key"
    /// 32 bytes, of the Ed25519 key that signs webhooks.
    public var telnyxSeed = Array(UInt8(0)...31)

    public var vonageKey = "a1b2c3d"
    public var vonageSecret = "fake-vonage-api-secret"
    public var vonageSignatureSecret = "fake-vonage-signature-secret"

    /// Signs both ways.
    public var webhookSecret = "fake-webhook-secret"

    public init() {}

    /// As Telnyx's portal shows it: base64 of 32 bytes. Empty where the seed is none.
    public var telnyxPublicKey: String {
        telnyxSigningKey?.publicKey.rawRepresentation.base64EncodedString() ?? ""
    }

    var telnyxSigningKey: Curve25519.Signing.PrivateKey? {
        try? Curve25519.Signing.PrivateKey(rawRepresentation: telnyxSeed)
    }
}
