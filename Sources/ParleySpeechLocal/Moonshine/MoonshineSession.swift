#if LocalSpeech
import ParleyCore
import ParleySpeech
import Synchronization

/// One call's recogniser: keeps the turn's audio, and decodes it in the caller's first silence, so that the final is there
/// when the turn turns out to be over.
final class MoonshineSession: RecognizerSession {
    /// Audio between two partials.
    private static let partialMilliseconds = 500
    /// The model is not made for less.
    private static let shortestMilliseconds = 200
    /// RMS of the loudest 20 ms; what stays below is the line's own noise.
    private static let faintestDBFS: Float = -52

    /// What is known of the open turn ahead of its end.
    private enum Speculation {
        case none
        /// Asked for when `mark` samples had been fed.
        case wanted(mark: Int)
        /// The text of the first `mark` samples and perhaps of some silence after them.
        case ready(mark: Int, text: String?)
    }

    private struct State {
        var audio: TurnAudio
        /// Counts turns' audio, whatever the turns' numbers are: the tag of their work.
        var slot = 0
        var speculation = Speculation.none
        /// Samples fed at the last partial or pause.
        var lastDecode = 0
        /// Samples fed at the last pause, while nothing loud has followed it.
        var pausedAt: Int?
        /// The last turn that was finished or cancelled; the next one has the next number.
        var settled = TurnID(0)
        /// Turns whose final is owed, oldest first. Bounded by the lane.
        var owed: [TurnID] = []
        /// The owed turn that the speculative work of this slot, now running, will answer.
        var promoted: (slot: Int, turn: TurnID)?
        var isClosed = false
    }

    private let decoder: any TurnDecoder
    private let lane: EngineLane
    private let line: AnswerLine<RecognizerAnswer>
    private let sampleRate: Int
    private let state: Mutex<State>

    init(
        decoder: any TurnDecoder, threads: EngineThreads, sampleRate: Int,
        answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) {
        self.decoder = decoder
        self.sampleRate = sampleRate
        lane = EngineLane(threads: threads)
        line = AnswerLine(answer)
        state = Mutex(State(audio: TurnAudio(sampleRate: sampleRate)))
    }

    func feed(_ audio: Span<Int16>) {
        let turn = state.withLock { $0.isClosed ? nil : $0.audio }
        guard let turn else { return }
        turn.feed(audio)
        offerPartial()
    }

    func pause(_ turn: TurnID) {
        state.withLock { state in
            guard !state.isClosed, turn > state.settled else { return }
            let mark = state.audio.count
            state.pausedAt = mark
            state.lastDecode = mark
            guard isWorthDecoding(state.audio) else { return }
            state.speculation = .wanted(mark: mark)
            let slot = state.slot
            let audio = state.audio
            // A pause before this one is out of date.
            _ = lane.remove { $0 == Self.tag(slot, isFinal: false) }
            let isAccepted = lane.enqueue(.speculative, tag: Self.tag(slot, isFinal: false)) { [self] in
                let text = decode(audio)
                speculated(slot: slot, turn: turn, mark: mark, text: text)
            }
            if !isAccepted { state.speculation = .none }
        }
        line.deliver()
    }

    func finish(_ turn: TurnID) {
        state.withLock { state in
            guard !state.isClosed, turn > state.settled else { return }
            let audio = state.audio
            let slot = state.slot
            let speculation = state.speculation
            openNextTurn(&state, after: turn)
            state.owed.append(turn)

            guard isWorthDecoding(audio) else { return settle(turn, slot: slot, text: "", &state) }
            switch speculation {
            case .ready(let mark, let text?) where audio.isQuiet(since: mark):
                return settle(turn, slot: slot, text: text, &state)
            case .wanted(let mark) where audio.isQuiet(since: mark):
                if lane.remove(where: { $0 == Self.tag(slot, isFinal: false) }) == 0 {
                    // It is being decoded at this moment.
                    state.promoted = (slot, turn)
                    return
                }
            default: _ = lane.remove { $0 == Self.tag(slot, isFinal: false) }
            }
            let isAccepted = lane.enqueue(.final, tag: Self.tag(slot, isFinal: true)) { [self] in
                let text = decode(audio)
                self.state.withLock { answer(turn, text, &$0) }
                line.deliver()
            }
            if !isAccepted { answer(turn, nil, &state) }
        }
        line.deliver()
    }

    func cancel(_ turn: TurnID) {
        state.withLock { state in
            if turn > state.settled {
                let slot = state.slot
                openNextTurn(&state, after: turn)
                _ = lane.remove { $0 == Self.tag(slot, isFinal: false) }
            }
            state.owed.removeAll { $0 == turn }
        }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            state.owed = []
        }
        line.close()
        _ = lane.remove { _ in true }
    }

    // MARK: Under the lock

    private func openNextTurn(_ state: inout State, after turn: TurnID) {
        state.settled = turn
        state.audio = TurnAudio(sampleRate: sampleRate)
        state.slot += 1
        state.speculation = .none
        state.lastDecode = 0
        state.pausedAt = nil
    }

    /// Answers a turn whose text is known, behind whatever an earlier turn still waits for.
    private func settle(_ turn: TurnID, slot: Int, text: String, _ state: inout State) {
        if state.owed.first == turn { return answer(turn, text, &state) }
        let isAccepted = lane.enqueue(.final, tag: Self.tag(slot, isFinal: true)) { [self] in
            self.state.withLock { answer(turn, text, &$0) }
            line.deliver()
        }
        if !isAccepted { answer(turn, nil, &state) }
    }

    private func answer(_ turn: TurnID, _ text: String?, _ state: inout State) {
        guard let index = state.owed.firstIndex(of: turn) else { return }
        state.owed.remove(at: index)
        line.post(text.map { .final(turn, $0) } ?? .failed(turn))
    }

    private static func tag(_ slot: Int, isFinal: Bool) -> Int { slot << 1 | (isFinal ? 1 : 0) }

    private func isWorthDecoding(_ audio: TurnAudio) -> Bool {
        audio.count >= sampleRate * Self.shortestMilliseconds / 1_000 && audio.loudestDBFS >= Self.faintestDBFS
            && !audio.isSteady
    }

    // MARK: On the engine's threads

    private func decode(_ audio: TurnAudio) -> String? {
        let loudest = audio.loudestDBFS
        return audio.decode { samples in
            let seconds = Double(samples.count) / Double(TurnAudio.modelRate)
            return decoder.decode(samples).map {
                TranscriptGuard.clean($0, seconds: seconds, loudestDBFS: loudest)
            }
        }
    }

    private func speculated(slot: Int, turn: TurnID, mark: Int, text: String?) {
        state.withLock { state in
            if let promoted = state.promoted, promoted.slot == slot {
                state.promoted = nil
                answer(promoted.turn, text, &state)
            } else if state.slot == slot, case .wanted(mark) = state.speculation {
                state.speculation = .ready(mark: mark, text: text)
                // Words decide about barge-in and backchannels: tell them as soon as they are known.
                if let text, !text.isEmpty { line.post(.partial(turn, text)) }
            }
        }
        line.deliver()
    }

    /// Words so far, each half second of speech, while an engine thread has nothing better to do.
    private func offerPartial() {
        let due: (audio: TurnAudio, slot: Int, turn: TurnID)? = state.withLock { state in
            let count = state.audio.count
            guard count - state.lastDecode >= sampleRate * Self.partialMilliseconds / 1_000 else { return nil }
            // The pause was decoded, and what came since is silence.
            if let mark = state.pausedAt, state.audio.isQuiet(since: mark) { return nil }
            state.lastDecode = count
            state.pausedAt = nil
            guard isWorthDecoding(state.audio) else { return nil }
            return (state.audio, state.slot, TurnID(state.settled.number + 1))
        }
        guard let due else { return }
        _ = lane.offer(tag: Self.tag(due.slot, isFinal: false)) { [self] in
            let text = decode(due.audio)
            state.withLock { state in
                guard state.slot == due.slot, let text, !text.isEmpty else { return }
                line.post(.partial(due.turn, text))
            }
            line.deliver()
        }
    }
}
#endif
