import Dispatch
import ParleyCore
import ParleySpeech
import Synchronization

/// A voice that says every word as a beep, 60 ms for each letter.
public struct BeepVoice: SpeechSynthesizer {
    public let name = "beep"

    public init() {}

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        BeepSession(answer: answer)
    }
}

private final class BeepSession: SynthesizerSession {
    /// Everything up to this generation is unwanted.
    private let cancelled = Mutex(Generation(0))
    private let answer: @Sendable (SpeechAnswer) -> Void
    // `speak` is called on an event loop and may not wait: the work is done here, one clause after another.
    private let queue = DispatchQueue(label: "beep")

    init(answer: @escaping @Sendable (SpeechAnswer) -> Void) { self.answer = answer }

    func speak(_ text: String, generation: Generation, clause: Int) {
        queue.async { [self] in
            var milliseconds = 0
            for word in text.split(separator: " ") {
                // Between chunks is where a barge-in stops the work.
                guard generation > cancelled.withLock({ $0 }) else { return }
                milliseconds += 60 * word.count + 40
                let textEnd = text.utf8.distance(from: text.startIndex, to: word.endIndex)
                let words = [WordEnd(textEnd: textEnd, audioEnd: milliseconds - 40)]
                let samples = beep(60 * word.count) + [Int16](repeating: 0, count: 40 * 8)
                answer(
                    .chunk(generation, clause: clause, SpeechChunk(samples: samples, sampleRate: 8_000, words: words)))
            }
            answer(.done(generation, clause: clause))
        }
    }

    /// 400 Hz at 8 kHz, loud enough to be taken for speech.
    private func beep(_ milliseconds: Int) -> [Int16] {
        (0..<milliseconds * 8).map { $0 % 20 < 10 ? 6_000 : -6_000 }
    }

    func cancel(_ generation: Generation) { cancelled.withLock { $0 = max($0, generation) } }
    func close() { cancel(Generation(.max)) }
}
