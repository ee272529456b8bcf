import ParleyCore
import ParleyNetwork

/// A voice over a WebSocket or TCP, in the words of a dialect.
struct LinkedVoice<Dialect: VoiceDialect>: SpeechSynthesizer {
    let name: String
    let capabilities: SynthesizerCapabilities
    private let endpoint: VoiceEndpoint
    private let secret: Secret?
    private let makeDialect: @Sendable () -> Dialect

    /// - Parameters:
    ///   - secret: that no error may hold.
    ///   - makeDialect: for each connection.
    init(
        name: String, capabilities: SynthesizerCapabilities, endpoint: VoiceEndpoint, secret: Secret?,
        makeDialect: @escaping @Sendable () -> Dialect
    ) {
        self.name = name
        self.capabilities = capabilities
        self.endpoint = endpoint
        self.secret = secret
        self.makeDialect = makeDialect
    }

    func start(answer: @escaping @Sendable (SpeechAnswer) -> Void) throws(EngineError) -> any SynthesizerSession {
        VoiceSession { loop in
            let queue = ClauseQueue(engine: name, format: makeDialect().format, secret: secret?.revealed)
            let desk = ClauseDesk(queue, on: loop, answer: answer)
            let carrier = LinkCarrier(endpoint, desk: desk, makeDialect: makeDialect)
            desk.use(carrier)
            carrier.warmUp()
            return desk
        }
    }
}
