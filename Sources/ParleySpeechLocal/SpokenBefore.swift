#if LocalSpeech
import ParleyCore
import ParleySpeech
import Synchronization

/// What one voice has said in more than one call: the fixed lines of a flow are spoken from memory, at once and without an engine (ADR 18).
///
/// Of what was said in one call only, with a caller's name in it perhaps, nothing but a hash is kept.
final class SpokenBefore: Sendable {
    private struct Entry {
        var chunks: [SpeechChunk]
        var size: Int
        var lastUse: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Hashes of what was said in one call alone, and in which.
        var once: [Int: UInt64] = [:]
        var lastID: UInt64 = 0
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

    /// For a call that begins.
    func makeID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    /// The clause was spoken to its end.
    ///
    /// - Parameter call: as `makeID` named it.
    func add(_ text: String, _ chunks: [SpeechChunk], by call: UInt64) {
        let size = chunks.reduce(text.utf8.count) {
            $0 + $1.samples.count * 2 + $1.words.count * MemoryLayout<WordEnd>.stride
        }
        guard size <= capacity else { return }
        state.withLock { state in
            guard state.entries[text] == nil else { return }
            let hash = text.hashValue
            guard let before = state.once[hash], before != call else {
                if state.once.count >= Self.mostOnce { state.once = [:] }
                state.once[hash] = call
                return
            }
            state.once[hash] = nil
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
