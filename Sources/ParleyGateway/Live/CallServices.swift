import Logging
import ParleyActions
import ParleyAgents
import ParleyCore
import ParleyLedger
import ParleySpeech
import Synchronization

/// What every call of the process shares. Engines may come later than the first call: a session takes what is there when
/// it begins.
public final class CallServices: Sendable {
    public let configuration: Configuration
    public let ledger: Ledger
    public let agent: any Agent
    public let metrics: GatewayMetrics
    public let logger: Logger
    public let phrases: PhraseBook
    let liveCalls = LiveCalls()
    private let engines: Mutex<Engines>
    #if LocalSpeech
    private let opinions = Mutex<SecondOpinions?>(nil)
    #endif

    struct Engines: Sendable {
        var recognizer: (any SpeechRecognizer)?
        var synthesizer: (any SpeechSynthesizer)?
    }

    public init(
        configuration: Configuration, ledger: Ledger, agent: any Agent, metrics: GatewayMetrics, phrases: PhraseBook,
        logger: Logger
    ) {
        self.configuration = configuration
        self.ledger = ledger
        self.agent = agent
        self.metrics = metrics
        self.phrases = phrases
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

    var current: Engines { engines.withLock { $0 } }

    /// How calls behave, from the configuration.
    func settings(for format: LegFormat) -> CallSettings {
        var settings = CallSettings(format: format)
        settings.endpoint.usual = CallTime(configuration[Keys.hangover])
        settings.pauseAfter = CallTime(configuration[Keys.pause])
        settings.bargeInAfter = CallTime(configuration[Keys.bargeInAfter])
        settings.bargeInConfirmedAfter = CallTime(configuration[Keys.bargeInConfirmedAfter])
        settings.minimumInterruption = CallTime(configuration[Keys.minimumInterruption])
        settings.noSpeechAfter = CallTime(configuration[Keys.noSpeechAfter])
        settings.reprompts = configuration[Keys.reprompts]
        settings.interDigit = CallTime(configuration[Keys.interDigit])
        settings.fillerAfter = CallTime(configuration[Keys.fillerAfter])
        settings.sayAgainAfter = CallTime(configuration[Keys.sayAgainAfter])
        settings.endpoint.maximumTurn = CallTime(configuration[Keys.maxTurn])
        settings.lead = CallTime(configuration[Keys.playoutLead])
        settings.phrases = phrases.phrases(in: format)
        return settings
    }
}
