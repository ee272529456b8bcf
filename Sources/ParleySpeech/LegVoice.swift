import ParleyCore
import Synchronization

/// Brings what a synthesiser says into a leg's codec, off the event loop, on the thread it comes on.
package final class LegVoice: Sendable {
    private struct State {
        var encoder: SpeechEncoder
        /// The clause that the encoder is in the middle of.
        var clause = 0
    }
    // Boxed: the encoder holds a codec that is used by one thread at a time, under this lock.
    private let state: Mutex<State>
    private let answer: @Sendable (SynthesizerAnswer) -> Void

    /// - Parameter makeEncoder: makes the leg's codec.
    package init(
        _ format: LegFormat, makeEncoder: @Sendable () throws(CodecError) -> any FrameEncoder,
        answer: @escaping @Sendable (SynthesizerAnswer) -> Void
    ) throws(CodecError) {
        state = Mutex(State(encoder: try SpeechEncoder(format: format, makeEncoder: makeEncoder)))
        self.answer = answer
    }

    package func take(_ speech: SpeechAnswer) {
        switch speech {
        case .chunk(let generation, let clause, let chunk):
            do throws(CodecError) {
                guard let audio = try encode(chunk, of: clause) else { return }
                answer(.audio(generation, clause: clause, audio))
            } catch {
                answer(.failed(generation, clause: clause))
            }
        case .done(let generation, let clause):
            do throws(CodecError) {
                if let audio = try finish(clause) { answer(.audio(generation, clause: clause, audio)) }
                answer(.done(generation, clause: clause))
            } catch {
                answer(.failed(generation, clause: clause))
            }
        case .failed(let generation, let clause, _): answer(.failed(generation, clause: clause))
        }
    }

    private func encode(_ chunk: SpeechChunk, of clause: Int) throws(CodecError) -> SpeechAudio? {
        try state.withLock { state throws(CodecError) in
            // What is left of a clause that was cancelled is not the start of this one.
            if state.clause != clause { state.encoder.reset() }
            state.clause = clause
            return try state.encoder.encode(chunk)
        }
    }

    private func finish(_ clause: Int) throws(CodecError) -> SpeechAudio? {
        try state.withLock { state throws(CodecError) in
            guard state.clause == clause else { return nil }
            return try state.encoder.finish()
        }
    }
}
