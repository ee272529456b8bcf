import ParleyActions
import ParleyMessaging

/// What a messaging file comes to.
public struct MessagingSetup: Equatable, Sendable {
    public var plan: MessagingPlan
    /// The built-in actions and the file's.
    public var registry: ActionRegistry
    /// How the webhooks among them reach their servers, by name.
    public var webhooks: [String: WebhookAccess] = [:]

    /// Without a file: texts of the built-in actions, which go no further than the ledger.
    ///
    /// - Parameter sender: who texts, and who consent is given to.
    public static func recordOnly(_ sender: String) -> MessagingSetup {
        MessagingSetup(plan: .recordOnly(sender), registry: .builtIn)
    }
}
