import ParleyCore
import ParleyNetwork

/// A voice over HTTP: a request for each clause.
struct RequestVoice: SpeechSynthesizer {
    let name: String
    let capabilities: SynthesizerCapabilities
    private let format: VoiceFormat
    private let container: SpeechContainer
    private let client: SpeechClient
    private let secret: Secret?
    private let makeRequest: @Sendable (String) -> SpeechRequest

    /// - Parameters:
    ///   - format: of a raw body.
    ///   - caFile: as `HTTPStreamClient` has it.
    ///   - secret: that no error may hold.
    init(
        name: String, capabilities: SynthesizerCapabilities, format: VoiceFormat, container: SpeechContainer,
        caFile: String?, secret: Secret?, makeRequest: @escaping @Sendable (String) -> SpeechRequest
    ) {
        self.name = name
        self.capabilities = capabilities
        self.format = format
        self.container = container
        client = SpeechClient(caFile: caFile)
        self.secret = secret
        self.makeRequest = makeRequest
    }

    func start(answer: @escaping @Sendable (SpeechAnswer) -> Void) throws(EngineError) -> any SynthesizerSession {
        VoiceSession { loop in
            let queue = ClauseQueue(engine: name, format: format, secret: secret?.revealed)
            let desk = ClauseDesk(queue, on: loop, answer: answer)
            desk.use(RequestCarrier(client, container: container, desk: desk, makeRequest: makeRequest))
            return desk
        }
    }
}
