#if LocalSpeech
import ParleyCore
import ParleySpeech

/// Turns a whole turn's audio into text. Blocks its thread; may be called from several at once.
protocol TurnDecoder: Sendable {
    /// - Parameter samples: in -1...1, 16 000 a second, 200 ms or more.
    /// - Returns: `nil` when the engine failed.
    func decode(_ samples: [Float]) -> String?
}

/// The embedded recogniser: Moonshine tiny (English), one for the process.
///
/// The model takes whole turns, so a session keeps its turn's audio and decodes it again as it grows: about 30 ms of work
/// for a second of speech.
public final class MoonshineRecognizer: SpeechRecognizer {
    public let name = "moonshine"

    private let decoder: any TurnDecoder
    private let threads: EngineThreads

    init(decoder: any TurnDecoder, threads: EngineThreads) {
        self.decoder = decoder
        self.threads = threads
    }

    public func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        guard sampleRate == 8_000 || sampleRate == 16_000 else {
            throw EngineError(engine: name, message: "hears 8000 or 16000 samples a second, not \(sampleRate)")
        }
        return MoonshineSession(decoder: decoder, threads: threads, sampleRate: sampleRate, answer: answer)
    }
}

/// The loaded model. Freed when the last session is gone.
final class MoonshineModel: TurnDecoder, @unchecked Sendable {
    private let library: EngineLibrary
    private let handle: EngineLibrary.Handle

    /// - Parameter files: whose parts `library` and `recogniser` have been checked.
    init(library: EngineLibrary, files: EngineFiles) throws(EngineError) {
        let handle = library.recognizer(
            encoder: files.path("moonshine/encoder.ort"), decoder: files.path("moonshine/decoder.ort"),
            tokens: files.path("moonshine/tokens.txt"))
        guard let handle else {
            throw EngineError(
                engine: "moonshine",
                message: "the model in \(files.directory)/moonshine does not load; the lines above say why")
        }
        self.library = library
        self.handle = handle
    }

    deinit { library.free(recognizer: handle) }

    func decode(_ samples: [Float]) -> String? {
        library.recognize(handle, samples, sampleRate: TurnAudio.modelRate)
    }
}
#endif
