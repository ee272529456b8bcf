/// Whose API is spoken.
public enum ProviderKind: String, Hashable, Sendable, CaseIterable {
    case twilio, telnyx, vonage
    /// The generic signed webhook.
    case webhook
}
