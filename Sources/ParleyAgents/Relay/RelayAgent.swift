import ParleyCore
import ParleyNetwork
import ParleySpeech

/// The user's own application decides: it is reached over a WebSocket for each call, in the ConversationRelay protocol.
public struct RelayAgent: Agent, EngineAdapter {
    public static let engine = "relay"
    public static let needsKey = false

    public var name: String { settings.name }
    public let settings: RelaySettings
    private let callback: RelayCallback?
    private let client: HTTPStreamClient

    public init(_ settings: RelaySettings, client: HTTPStreamClient) {
        self.settings = settings
        self.client = client
        callback = settings.action.map { RelayCallback(url: $0, key: settings.key, client: client) }
    }

    public func start(
        _ call: CallFacts, answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) -> any AgentSession {
        RelaySession(settings, callback, call, answer)
    }

    /// What is being posted is let end: the end of a session is told as a call's last act.
    public func shutDown() async {
        await callback?.finish()
        await client.shutDown()
    }
}
