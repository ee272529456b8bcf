import ParleyCore
import ParleyNetwork

/// A voice over HTTP: a request for each clause, whose answer is nothing but sound.
///
/// Two clauses at a time are with the server, and their sound is told in the order in which they were asked for. A
/// cancelled clause ends its request. An answer is bounded (120 s of sound, 60 s of time), and what the server says of
/// an error is told without the key. Where a kept connection was closed just as it was used, another is tried, once.
public struct RequestVoice: SpeechSynthesizer {
    public let name: String
    public let capabilities: SynthesizerCapabilities
    private let format: VoiceFormat
    private let container: SpeechContainer
    private let client: SpeechClient
    private let secret: Secret?
    private let makeRequest: @Sendable (String) -> SpeechRequest

    /// - Parameters:
    ///   - settings: its name, its key, which no error may hold, and the certificates to trust.
    ///   - format: of a raw body.
    ///   - makeRequest: what a clause's text asks for.
    /// - Throws: where Parley has no way from that format to a caller's.
    public init(
        _ settings: EngineSettings, format: VoiceFormat, container: SpeechContainer = .raw,
        makeRequest: @escaping @Sendable (_ text: String) -> SpeechRequest
    ) throws(EngineError) {
        guard format.isPlayable else {
            throw settings.fault("\(format.rate) is none that Parley takes", option: "sample_rate")
        }
        name = settings.name
        capabilities = SynthesizerCapabilities(format, hasWordTimes: false)
        self.format = format
        self.container = container
        client = SpeechClient(caFile: settings.caFile)
        secret = settings.key
        self.makeRequest = makeRequest
    }

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        VoiceSession { loop in
            let queue = ClauseQueue(engine: name, format: format, secret: secret?.revealed)
            let desk = ClauseDesk(queue, on: loop, answer: answer)
            desk.use(RequestCarrier(client, container: container, desk: desk, makeRequest: makeRequest))
            return desk
        }
    }
}
