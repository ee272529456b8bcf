#if LocalSpeech
import Glibc
import ParleyCore
import ParleySpeech
import Synchronization

/// A piece of work that an engine has just done, and what it took.
package enum EngineWork: Sendable {
    /// A turn of this many seconds was turned into text.
    case decoded(seconds: Double, took: Duration)
    /// A stretch of a clause was spoken. `isFirst`: nothing of this clause was there before.
    case spoken(seconds: Double, isFirst: Bool, took: Duration)
}

extension LocalSpeech {
    /// The embedded engines for a clock that stands still while they work.
    ///
    /// The same sessions as in live calls, on threads that the clock's owner drives. What was spoken or decoded once is
    /// remembered: the same words have the same sound in every call of the process.
    ///
    /// - Parameters:
    ///   - directory: as for `load`.
    ///   - threads: without threads of their own.
    ///   - done: called within the work, on the thread that does it, before anybody learns of the result.
    /// - Throws: `EngineError` where the recogniser or the voice is not there.
    package static func stepped(
        directory: String, voice: Voice, threads: EngineThreads, done: @escaping @Sendable (EngineWork) -> Void
    ) throws(EngineError) -> (recognizer: any SpeechRecognizer, synthesizer: any SpeechSynthesizer) {
        let files = EngineFiles(directory: directory)
        if let fault = files.fault(in: .recogniser) { throw EngineError(engine: "moonshine", message: fault) }
        let model = try MoonshineModel(library: try openLibrary(files).get(), files: files)
        let speaker = try clauseVoice(voice, directory: directory)
        return (
            MoonshineRecognizer(decoder: SteppedDecoder(model: model, done: done), threads: threads),
            SteppedSynthesizer(voice: SteppedVoice(voice: speaker, done: done), threads: threads)
        )
    }
}

private final class SteppedDecoder: TurnDecoder {
    private let model: any TurnDecoder
    private let done: @Sendable (EngineWork) -> Void
    private let known = Mutex<[[Float]: (text: String?, took: Duration)]>([:])

    init(model: any TurnDecoder, done: @escaping @Sendable (EngineWork) -> Void) {
        self.model = model
        self.done = done
    }

    func decode(_ samples: [Float]) -> String? {
        let result = known.withLock { $0[samples] } ?? decodeAnew(samples)
        done(.decoded(seconds: Double(samples.count) / Double(TurnAudio.modelRate), took: result.took))
        return result.text
    }

    private func decodeAnew(_ samples: [Float]) -> (text: String?, took: Duration) {
        let began = ContinuousClock.now
        let text = model.decode(samples)
        let result = (text: text, took: began.duration(to: .now))
        known.withLock { known in
            // A run of many calls hears few turns twice but at its end and in the next run.
            if known.count >= 512 { known.removeAll() }
            known[samples] = result
        }
        return result
    }
}

private final class SteppedVoice: ClauseVoice {
    private struct Part {
        var chunk: SpeechChunk
        var took: Duration
    }

    private let voice: any ClauseVoice
    private let done: @Sendable (EngineWork) -> Void
    private let known = Mutex<[String: [Part]]>([:])
    var name: String { voice.name }

    init(voice: any ClauseVoice, done: @escaping @Sendable (EngineWork) -> Void) {
        self.voice = voice
        self.done = done
    }

    func speak(_ text: String, receive: (SpeechChunk) -> Bool) throws(EngineError) {
        let parts: [Part]
        if let remembered = known.withLock({ $0[text] }) { parts = remembered } else { parts = try speakAnew(text) }
        for (index, part) in parts.enumerated() {
            let seconds = Double(part.chunk.samples.count) / Double(part.chunk.sampleRate)
            done(.spoken(seconds: seconds, isFirst: index == 0, took: part.took))
            guard receive(part.chunk) else { return }
        }
    }

    private func speakAnew(_ text: String) throws(EngineError) -> [Part] {
        var parts: [Part] = []
        // flite's breath is the C library's noise: the same for the same words, whatever was spoken before.
        srand(1)
        var began = ContinuousClock.now
        try voice.speak(text) { chunk in
            parts.append(Part(chunk: chunk, took: began.duration(to: .now)))
            began = .now
            return true
        }
        known.withLock { $0[text] = parts }
        return parts
    }
}

private struct SteppedSynthesizer: SpeechSynthesizer {
    let voice: SteppedVoice
    let threads: EngineThreads
    var name: String { voice.name }

    func start(answer: @escaping @Sendable (SpeechAnswer) -> Void) throws(EngineError) -> any SynthesizerSession {
        // The voice itself tells a clause that it has told before, with the time that it took.
        ClauseSession(voice: voice, memory: SpokenBefore(capacity: 0), threads: threads, answer: answer)
    }
}
#endif
