import Dispatch
import Logging
import ParleyActions
import ParleyAgents
import ParleyCore
import ParleyLedger
import ParleyMessaging
import ParleySpeech
import ParleyWire
import Synchronization

/// What every call of the process shares. Engines may come later than the first call: a session takes what is there when
/// it begins.
public final class CallServices: Sendable {
    public let configuration: Configuration
    public let ledger: Ledger
    let webhooks: WebhookDesk
    public let agent: any Agent
    /// Takes the place of the engines and the agent.
    let speechToSpeech: RealtimeModel?
    public let metrics: GatewayMetrics
    public let logger: Logger
    public let phrases: PhraseBook
    /// `nil`: calls are not recorded.
    let capsules: CapsuleStore?
    /// For capsules: every key with its value. The same for all calls.
    private let configurationText: String
    let liveCalls = LiveCalls()
    let directory = CallDirectory()
    private let engines: Mutex<Engines>
    #if LocalSpeech
    private let opinions = Mutex<SecondOpinions?>(nil)
    #endif

    struct Engines: Sendable {
        var recognizer: (any SpeechRecognizer)?
        var synthesizer: (any SpeechSynthesizer)?
    }

    init(
        configuration: Configuration, ledger: Ledger, webhooks: WebhookDesk, agent: any Agent,
        speechToSpeech: RealtimeModel? = nil,
        metrics: GatewayMetrics, phrases: PhraseBook,
        capsules: CapsuleStore? = nil, logger: Logger
    ) {
        self.configuration = configuration
        self.ledger = ledger
        self.webhooks = webhooks
        self.agent = agent
        self.speechToSpeech = speechToSpeech
        self.metrics = metrics
        self.phrases = phrases
        self.capsules = capsules
        configurationText = configuration.effective().map { "\($0.key): \($0.value)\n" }.joined()
        self.logger = logger
        engines = Mutex(Engines())
    }

    public func use(recognizer: (any SpeechRecognizer)?, synthesizer: (any SpeechSynthesizer)?) {
        engines.withLock { $0 = Engines(recognizer: recognizer, synthesizer: synthesizer) }
    }

    #if LocalSpeech
    func use(_ secondOpinions: SecondOpinions?) { opinions.withLock { $0 = secondOpinions } }
    var secondOpinions: SecondOpinions? { opinions.withLock { $0 } }
    #endif

    /// What is known of a contact, from a thread of its own; `nil`: nothing, or the record cannot be read.
    func thread(of number: String, _ completion: @escaping @Sendable (ConversationThread?) -> Void) {
        let reader = ledger.reader
        DispatchQueue.global(qos: .userInitiated).async { completion(try? reader.thread(number)) }
    }

    /// As the record names it.
    var agentName: String { speechToSpeech?.name ?? agent.name }

    var current: Engines { engines.withLock { $0 } }

    /// How calls behave, from the configuration.
    func settings(for format: LegFormat) -> CallSettings {
        CallSettings(configuration, format: format, phrases: phrases)
    }

    /// What a capsule says of its call: who, when, and what it ran with.
    func header(of facts: CallFacts, _ start: LegStart, provider: String) -> CapsuleHeader {
        var header = CapsuleHeader()
        header["parley"] = ParleyVersion.current
        header["call"] = facts.callID
        header["started_at"] = "\(facts.wallClock)"
        header["from"] = facts.from
        header["to"] = facts.to
        header["provider"] = provider
        header["stream"] = start.streamID
        let engines = current
        header["recognizer"] = speechToSpeech?.name ?? engines.recognizer?.name
        header["voice"] = speechToSpeech?.name ?? engines.synthesizer?.name
        header["agent"] = agentName
        header["flow"] = (agent as? FlowAgent)?.flow.source
        header["configuration"] = configurationText
        return header
    }
}
