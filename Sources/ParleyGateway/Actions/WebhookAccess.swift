import ParleyMessaging
import ParleyNetwork

/// How one webhook action reaches its server: what is secret about it, and where it may go.
public struct WebhookAccess: Equatable, Sendable {
    /// A header whose value stands in the environment.
    public struct SecretHeader: Equatable, Sendable {
        public var name: String
        public var value: Secret
    }
    public var headers: [SecretHeader] = []
    /// The current one first; empty: requests are not signed.
    public var signing: [ProviderSecret] = []
    public var rules = AddressRules()

    public init() {}
}
