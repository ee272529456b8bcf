import ParleyCore
import ParleyNetwork

/// How an application is reached and what it is told: the attributes of the protocol, and Parley's own bounds.
public struct RelaySettings: Sendable {
    /// As in the configuration.
    public var name: String
    public var address: NetworkAddress
    /// The address as it was written: what is signed.
    public var url: String
    /// Signs the handshake and the callback; `nil`: neither is signed.
    public var key: Secret?
    public var trust: TLSTrust?

    /// Spoken by Parley when the call begins.
    public var greeting: String?
    public var greetingInterruptible = RelayInputs.any
    /// What stops the application's words where a message does not say.
    public var interruptible = RelayInputs.any
    /// What is passed on though it came while the agent spoke and did not stop it.
    public var reportedDuringSpeech = RelayInputs.none
    /// Whether later words cut earlier ones off where a message does not say.
    public var isPreemptible = false
    public var detectsKeys = false
    public var sendsPartials = false
    /// BCP 47: of prompts, and the only one that the application may name.
    public var language = "en-US"
    public var events: Set<RelayEvents> = []
    /// Told in `setup`, besides what came with the call.
    public var parameters: [String: String] = [:]
    /// Posted to when the session is over.
    public var action: String?

    /// Said where the caller is silent, or presses keys that nobody asked for: the protocol has no message for it.
    public var reprompt = "Are you still there?"
    /// Said in place of the application where the caller asks whether a machine speaks.
    public var honestAnswer: String
    /// Whether the caller asks that; `nil` where not.
    public var asksForMachine: @Sendable (String) -> MachineQuestion?

    /// Connections made again in one call, those that never stood included.
    public var reconnects = 1
    /// For TCP, TLS and the upgrade together.
    public var connectTime = CallTime.seconds(2)
    /// The wait before the first reconnect; each further one is twice as long, 4 s at most.
    public var reconnectAfter = CallTime.milliseconds(250)
    /// A reply without a connection fails after this, so that the caller is told.
    public var awayTime = CallTime.seconds(3)
    /// A talk cycle that has begun and gets no token for this long is taken for whole.
    public var stallTime = CallTime.seconds(4)
    public var pingTime = CallTime.seconds(20)

    public init(
        name: String, address: NetworkAddress, url: String, honestAnswer: String = RelaySettings.honestAnswer,
        asksForMachine: @escaping @Sendable (String) -> MachineQuestion?
    ) {
        self.name = name
        self.address = address
        self.url = url
        self.honestAnswer = honestAnswer
        self.asksForMachine = asksForMachine
    }

    /// How a caller asks whether a machine speaks.
    public enum MachineQuestion: Sendable {
        /// And nothing else: the application is not asked.
        case alone
        /// Among other things: the application answers those.
        case partOfMore
    }

    /// How a caller who says this asks whether a machine speaks; `nil`: not at all.
    @Sendable public static func machineQuestion(_ words: String) -> MachineQuestion? {
        HonestAnswer(words).map { $0.isPartOfMore ? .partOfMore : .alone }
    }

    public static let honestAnswer = "Yes, I am an automated assistant, not a person."
    static let longestReconnectWait = CallTime.seconds(4)
}

/// Which of the caller's inputs something is about.
public enum RelayInputs: String, Sendable, CaseIterable {
    case none, dtmf, speech, any

    var hasSpeech: Bool { self == .speech || self == .any }
}

/// The `info` messages that an application may ask for.
public enum RelayEvents: String, Sendable, CaseIterable {
    case speaker = "speaker-events"
    case tokensPlayed = "tokens-played"
}
