#if LocalSpeech
import ParleyCore
import ParleySpeech
import Synchronization

/// What one voice has said more than once: the fixed lines of a flow are spoken from memory, at once and without an engine (ADR 18).
///
/// Of what was said only once, with a caller's name in it perhaps, nothing but a hash is kept.
final class SpokenBefore: Sendable {
    private struct Entry {
        var chunks: [SpeechChunk]
        var size: Int
        var lastUse: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Hashes of what was said once.
        var once: Set<Int> = []
        var size = 0
        var uses: UInt64 = 0

        mutating func use() -> UInt64 {
            uses += 1
            return uses
        }
    }

    /// So many lines are known to have been said once; then it begins anew.
    private static let mostOnce = 4_096

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: octets of sound and text; over it, what was not used for longest goes.
    init(capacity: Int) { self.capacity = capacity }

    /// All of the clause, or `nil` where it is not known.
    func chunks(of text: String) -> [SpeechChunk]? {
        state.withLock { state in
            let use = state.use()
            state.entries[text]?.lastUse = use
            return state.entries[text]?.chunks
        }
    }

    /// The clause was spoken to its end.
    func add(_ text: String, _ chunks: [SpeechChunk]) {
        let size = chunks.reduce(text.utf8.count) {
            $0 + $1.samples.count * 2 + $1.words.count * MemoryLayout<WordEnd>.stride
        }
        guard size <= capacity else { return }
        state.withLock { state in
            guard state.entries[text] == nil else { return }
            guard state.once.remove(text.hashValue) != nil else {
                if state.once.count == Self.mostOnce { state.once = [] }
                state.once.insert(text.hashValue)
                return
            }
            state.entries[text] = Entry(chunks: chunks, size: size, lastUse: state.use())
            state.size += size
            while state.size > capacity, let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.entries[oldest.key] = nil
                state.size -= oldest.value.size
            }
        }
    }
}
#endif
