import NIOPosix
import ParleyCore
import ParleyNetwork

/// `POST /v1/audio/transcriptions`, of OpenAI or of any server that speaks the same: a turn in one, when it is over.
public enum TranscriptionsRecognizer: RecognizerAdapter {
    public static let engine = "openai_transcriptions"
    /// A server of one's own may ask for none.
    public static let needsKey = false

    public static let options: [EngineOption] = [
        EngineOption(
            "url", .address([.https, .http]), standard: "https://api.openai.com/v1/audio/transcriptions",
            "Where turns are posted."),
        EngineOption(
            "model", .text, standard: "gpt-4o-mini-transcribe", "The model that transcribes, as its server calls it."),
        EngineOption(
            "language", .text, isOptional: true,
            "What the callers speak, as `en`; else it finds out, which takes time and errs in short turns."),
        EngineOption("prompt", .text, isOptional: true, "What the calls are about, and names to expect."),
        EngineOption("temperature", .decimal(0...1), isOptional: true, "How freely it guesses; else the server's own."),
    ]

    /// All models behind this interface hear at 16 kHz, and some servers take nothing else.
    static let capabilities = RecognizerCapabilities(
        rates: [16_000], encodings: [.pcm16], hasPartials: false, batch: .zero)

    public static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechRecognizer {
        PostingRecognizer(
            name: settings.name, form: try TranscriptionForm(settings), secret: settings.key,
            client: SpeechClient(caFile: settings.caFile))
    }
}

/// A recogniser that is asked over HTTP, once for each turn.
struct PostingRecognizer: SpeechRecognizer {
    let name: String
    let form: TranscriptionForm
    /// That no error may hold.
    let secret: Secret?
    let client: SpeechClient

    var capabilities: RecognizerCapabilities { TranscriptionsRecognizer.capabilities }

    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        try start(sampleRate: sampleRate, answer: answer, news: { _ in })
    }

    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void,
        news: @escaping @Sendable (EngineNews) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        guard Resampler.supports(from: sampleRate, to: PostedTurns.rate) else {
            throw EngineError(
                engine: name, message: "no way from \(sampleRate) samples a second to \(PostedTurns.rate)")
        }
        let name = name
        let told = AnswerLine<RecognizerTold> { told in
            switch told {
            case .answer(let words): answer(words)
            case .news(let kind, let detail): news(EngineNews(.recognizer, name, kind, detail: detail))
            }
        }
        let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
        return PostingSession(self, legRate: sampleRate, on: loop, told: told)
    }
}
