import ParleyMessaging

/// What became of a text that a call asked for, once it was committed: heard by its agent while the call is up.
public struct TextNews: Equatable, Sendable {
    /// Our own id of the text, as the action's receipt had it.
    public var message: String
    public var state: MessageState

    public init(message: String, state: MessageState) {
        self.message = message
        self.state = state
    }

    /// `true`: it is with the provider or further; `false`: it will not arrive; `nil`: nobody knows yet.
    public var isOnItsWay: Bool? {
        switch state {
        case .accepted, .sent, .delivered, .recorded: true
        case .failed, .suppressed, .expired, .dead: false
        case .queued, .claimed, .sending, .unknown: nil
        }
    }
}
