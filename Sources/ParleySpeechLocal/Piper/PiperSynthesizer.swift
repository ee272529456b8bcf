#if LocalSpeech
import ParleyCore
import ParleySpeech
import Synchronization

/// The better voice, "joe". Calls that begin before it is loaded are spoken by flite to their end: a voice does not change in the
/// middle of a call.
public final class PiperSynthesizer: SpeechSynthesizer {
    public let name = "joe"

    private let meanwhile: FliteVoice
    /// Of joe's.
    private let memory: SpokenBefore
    /// Of `meanwhile`'s, which speaks for as long as the process lives where joe cannot be loaded.
    private let meanwhileMemory: SpokenBefore
    private let threads: EngineThreads
    private let loaded = Mutex<PiperVoice?>(nil)

    /// - Parameters:
    ///   - meanwhile: speaks until `use`.
    ///   - memory: octets of what each of the two has said more than once.
    init(meanwhile: FliteVoice, memory: Int, threads: EngineThreads) {
        self.meanwhile = meanwhile
        self.memory = SpokenBefore(capacity: memory)
        meanwhileMemory = SpokenBefore(capacity: memory)
        self.threads = threads
    }

    /// True when new calls are spoken by joe.
    public var isLoaded: Bool { loaded.withLock { $0 != nil } }

    func use(_ voice: PiperVoice) { loaded.withLock { $0 = voice } }

    public func start(
        answer: @escaping @Sendable (SpeechAnswer) -> Void
    ) throws(EngineError) -> any SynthesizerSession {
        guard let voice = loaded.withLock({ $0 }) else {
            return ClauseSession(
                voice: meanwhile, memory: meanwhileMemory, threads: threads, answer: answer)
        }
        return ClauseSession(
            voice: FallbackVoice(first: voice, second: meanwhile), memory: memory, threads: threads, answer: answer)
    }
}

/// Says with a second voice what the first one cannot.
struct FallbackVoice: ClauseVoice {
    let first: any ClauseVoice
    let second: any ClauseVoice
    var name: String { first.name }

    func speak(_ text: String, receive: (SpeechChunk) -> Bool) throws(EngineError) {
        var hasSpoken = false
        do {
            try first.speak(text) { chunk in
                hasSpoken = true
                return receive(chunk)
            }
        } catch {
            // Half a clause in another voice, from its start, would be said twice.
            if hasSpoken { throw error }
            try second.speak(text, receive: receive)
        }
    }
}
#endif
