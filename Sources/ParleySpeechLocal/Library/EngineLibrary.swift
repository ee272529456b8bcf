#if LocalSpeech
import Glibc
import ParleySpeech

/// The speech library behind its flat door (`scripts/engines/engines.c`), opened at run time: the gateway builds, starts
/// and tests without it.
///
/// Immutable after `init`; its functions may be called from several threads at once.
final class EngineLibrary: @unchecked Sendable {
    typealias Handle = UnsafeMutableRawPointer
    private typealias Version = @convention(c) () -> Int32
    private typealias NewRecognizer =
        @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<CChar>, Int32) -> Handle?
    private typealias RunRecognizer =
        @convention(c) (Handle, Int32, UnsafePointer<Float>, Int32) -> UnsafeMutablePointer<CChar>?
    private typealias FreeText = @convention(c) (UnsafeMutablePointer<CChar>?) -> Void
    private typealias NewVoice = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, Int32) -> Handle?
    private typealias RunVoice =
        @convention(c) (
            Handle, UnsafePointer<Int32>, Int32, Float, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>
        ) -> UnsafeMutablePointer<Float>?
    private typealias FreeSamples = @convention(c) (UnsafeMutablePointer<Float>?) -> Void
    private typealias Free = @convention(c) (Handle) -> Void

    private let newRecognizer: NewRecognizer
    private let runRecognizer: RunRecognizer
    private let freeRecognizer: Free
    private let freeText: FreeText
    private let newVoice: NewVoice
    private let runVoice: RunVoice
    private let freeVoice: Free
    private let freeSamples: FreeSamples

    init(path: String) throws(EngineError) {
        // Local: another copy of the graph runtime in this process must not answer for ours. Never closed.
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw EngineError(
                engine: "sherpa-onnx", message: "\(path) does not load (\(reason)); run scripts/engines.sh")
        }
        func symbol<Function>(_ name: String, _: Function.Type) throws(EngineError) -> Function {
            guard let address = dlsym(library, name) else {
                throw EngineError(engine: "sherpa-onnx", message: "\(path) lacks \(name); run scripts/engines.sh")
            }
            return unsafeBitCast(address, to: Function.self)
        }
        let version = try symbol("parley_engines_version", Version.self)()
        guard version == 1 else {
            throw EngineError(
                engine: "sherpa-onnx", message: "\(path) is version \(version), not 1; run scripts/engines.sh")
        }
        newRecognizer = try symbol("parley_asr_new", NewRecognizer.self)
        runRecognizer = try symbol("parley_asr_run", RunRecognizer.self)
        freeRecognizer = try symbol("parley_asr_free", Free.self)
        freeText = try symbol("parley_text_free", FreeText.self)
        newVoice = try symbol("parley_tts_new", NewVoice.self)
        runVoice = try symbol("parley_tts_run", RunVoice.self)
        freeVoice = try symbol("parley_tts_free", Free.self)
        freeSamples = try symbol("parley_samples_free", FreeSamples.self)
    }

    /// Loads a recogniser. Its files must have been checked: some damage ends the process.
    func recognizer(encoder: String, decoder: String, tokens: String) -> Handle? {
        newRecognizer(encoder, decoder, tokens, 1)
    }

    func free(recognizer: Handle) { freeRecognizer(recognizer) }

    /// The text of `samples` (-1...1), or `nil` when the library failed.
    func recognize(_ recognizer: Handle, _ samples: [Float], sampleRate: Int) -> String? {
        guard let text = runRecognizer(recognizer, Int32(sampleRate), samples, Int32(samples.count)) else { return nil }
        defer { freeText(text) }
        return String(cString: text)
    }

    func voice(model: String, tokens: String) -> Handle? { newVoice(model, tokens, 1) }

    func free(voice: Handle) { freeVoice(voice) }

    /// Speech for phonemes given as Unicode scalars: samples in -1...1, or `nil` when the library failed.
    func speak(_ voice: Handle, _ phonemes: [Int32]) -> (samples: [Float], sampleRate: Int)? {
        var rate: Int32 = 0
        var count: Int32 = 0
        guard let samples = runVoice(voice, phonemes, Int32(phonemes.count), 1, &rate, &count) else { return nil }
        defer { freeSamples(samples) }
        guard rate > 0, count > 0 else { return nil }
        return (Array(UnsafeBufferPointer(start: samples, count: Int(count))), Int(rate))
    }
}
#endif
