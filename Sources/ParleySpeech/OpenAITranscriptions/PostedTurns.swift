import ParleyCore

/// The turns of a call whose recogniser is asked once for each, when it is over: pure.
///
/// Answers come out in the order of the turns, whichever comes in first.
struct PostedTurns: Sendable {
    enum Effect: Equatable, Sendable {
        /// `answered` or `failed` follows, unless it is stopped.
        case ask(TurnID, [Int16])
        /// `due` follows.
        case wait(TurnID, CallTime)
        /// What was asked of this turn, or waited for, is not wanted.
        case stop(TurnID)
        case answer(RecognizerAnswer)
        case news(EngineNews.Kind, String)
    }

    private struct Turn {
        let id: TurnID
        let sound: [Int16]
        var attempts = 1
        /// It waits for its place.
        var answer: RecognizerAnswer?
    }

    /// Samples a second of what is asked with.
    static let rate = 16_000
    /// Of a longer turn the beginning is dropped.
    static let longest = CallTime.seconds(60)
    /// In less there is no word, and servers refuse it.
    static let shortest = CallTime.milliseconds(100)
    /// So many turns wait for answers; one more fails.
    static let most = 8
    /// Before a request that failed is tried again, where the server does not say how long.
    static let retry = CallTime.milliseconds(250)
    /// Where the server wants a longer wait, the turn is another engine's.
    static let longestRetry = CallTime.milliseconds(800)

    private var resampler: Resampler
    /// Of the turn that is being fed.
    private var sound: [Int16] = []
    private var dropped = 0
    private var turns: [Turn] = []
    private var lastEnded = TurnID(0)

    init(legRate: Int) { resampler = Resampler(from: legRate, to: Self.rate) }

    // MARK: The call

    mutating func feed(_ frame: Span<Int16>) {
        resampler.process(frame, appendingTo: &sound)
        let most = Self.samples(Self.longest)
        // In steps of a second, so that not every frame moves all of it.
        guard sound.count >= most + Self.rate else { return }
        dropped += sound.count - most
        sound.removeFirst(sound.count - most)
    }

    mutating func finish(_ turn: TurnID, into effects: inout [Effect]) {
        guard turn > lastEnded else { return }
        lastEnded = turn
        resampler.flush(appendingTo: &sound)
        let whole = sound
        if dropped > 0 { effects.append(.news(.gap, "\(dropped * 1_000 / Self.rate) ms of audio dropped")) }
        drop()
        var next = Turn(id: turn, sound: whole)
        if whole.count < Self.samples(Self.shortest) {
            next.answer = .final(turn, "")
        } else if turns.count >= Self.most {
            next.answer = .failed(turn)
            effects.append(.news(.failed, "\(Self.most) turns wait for its answers"))
        } else {
            effects.append(.ask(turn, whole))
        }
        turns.append(next)
        tell(into: &effects)
    }

    mutating func cancel(_ turn: TurnID, into effects: inout [Effect]) {
        if let index = turns.firstIndex(where: { $0.id == turn }) {
            if turns.remove(at: index).answer == nil { effects.append(.stop(turn)) }
            tell(into: &effects)
        } else if turn > lastEnded {
            lastEnded = turn
            drop()
        }
    }

    /// The call is over: nothing is told any more.
    mutating func close(into effects: inout [Effect]) {
        for turn in turns where turn.answer == nil { effects.append(.stop(turn.id)) }
        turns = []
        drop()
    }

    // MARK: The server

    mutating func answered(_ turn: TurnID, _ words: String, into effects: inout [Effect]) {
        settle(turn, .final(turn, Self.said(words)), into: &effects)
    }

    /// - Parameters:
    ///   - line: for the record, without the key.
    ///   - wait: that the server wants before it is asked again.
    mutating func failed(
        _ turn: TurnID, _ line: String, isRetryable: Bool, wait: CallTime?, into effects: inout [Effect]
    ) {
        guard let index = turns.firstIndex(where: { $0.id == turn && $0.answer == nil }) else { return }
        let wait = wait ?? Self.retry
        if isRetryable, turns[index].attempts == 1, wait <= Self.longestRetry {
            turns[index].attempts += 1
            effects.append(.wait(turn, wait))
        } else {
            effects.append(.news(.failed, line))
            settle(turn, .failed(turn), into: &effects)
        }
    }

    /// The wait before another attempt is over.
    mutating func due(_ turn: TurnID, into effects: inout [Effect]) {
        guard let waiting = turns.first(where: { $0.id == turn && $0.answer == nil }) else { return }
        effects.append(.ask(turn, waiting.sound))
    }

    private mutating func settle(_ turn: TurnID, _ answer: RecognizerAnswer, into effects: inout [Effect]) {
        guard let index = turns.firstIndex(where: { $0.id == turn && $0.answer == nil }) else { return }
        turns[index].answer = answer
        tell(into: &effects)
    }

    private mutating func tell(into effects: inout [Effect]) {
        while let answer = turns.first?.answer {
            turns.removeFirst()
            effects.append(.answer(answer))
        }
    }

    private mutating func drop() {
        resampler.reset()
        sound = []
        dropped = 0
    }

    private static func samples(_ time: CallTime) -> Int { time.milliseconds * rate / 1_000 }

    /// What a server writes for silence, as `[BLANK_AUDIO]`, is no words.
    private static func said(_ words: String) -> String {
        let words = RecognizerLine.trimmed(words)
        let isRemark = words.hasPrefix("[") && words.firstIndex(of: "]") == words.indices.last
        return isRemark ? "" : words
    }
}
