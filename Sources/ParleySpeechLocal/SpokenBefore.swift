#if LocalSpeech
import ParleyCore
import ParleySpeech
import Synchronization

/// What one voice has said more than once: the fixed lines of a flow are spoken from memory, at once and without an engine.
///
/// What was said only once, with a caller's name in it perhaps, is not kept.
final class SpokenBefore: Sendable {
    private struct Entry {
        /// Empty: said once.
        var chunks: [SpeechChunk] = []
        var size: Int
        var lastUse: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var size = 0
        var uses: UInt64 = 0

        mutating func use() -> UInt64 {
            uses += 1
            return uses
        }
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: octets of sound and text; over it, what was not used for longest goes.
    init(capacity: Int) { self.capacity = capacity }

    /// All of the clause, or `nil` where it is not known.
    func chunks(of text: String) -> [SpeechChunk]? {
        state.withLock { state in
            guard let chunks = state.entries[text]?.chunks, !chunks.isEmpty else { return nil }
            let use = state.use()
            state.entries[text]?.lastUse = use
            return chunks
        }
    }

    /// The clause was spoken to its end.
    func add(_ text: String, _ chunks: [SpeechChunk]) {
        state.withLock { state in
            let before = state.entries[text]
            guard before?.chunks.isEmpty ?? true else { return }
            var entry = Entry(size: text.utf8.count + 64, lastUse: state.use())
            if before != nil {
                entry.chunks = chunks
                entry.size += chunks.reduce(0) {
                    $0 + $1.samples.count * 2 + $1.words.count * MemoryLayout<WordEnd>.stride
                }
            }
            guard entry.size <= capacity else { return }
            state.size += entry.size - (before?.size ?? 0)
            state.entries[text] = entry
            while state.size > capacity, let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.entries[oldest.key] = nil
                state.size -= oldest.value.size
            }
        }
    }
}
#endif
