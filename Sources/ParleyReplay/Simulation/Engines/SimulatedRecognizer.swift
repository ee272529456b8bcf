import ParleyCore

/// A recogniser that hears the words which ended in the frames it was fed.
struct SimulatedRecognizer {
    private var words: [String] = []
    /// The turn that is being heard, as far as it was named.
    private var turn: TurnID?
    private var framesSincePartial = 0
    /// The final before: a recogniser that is out of order says it again.
    private var before: RecognizerAnswer?
    private var random: SplitMix64
    private let latency: ClosedRange<Int>
    /// Answers come in order, faults apart.
    private var lastDue = CallTime.zero

    init(seed: UInt64) {
        random = SplitMix64(seed: seed, stream: 0xEA5)
        latency = random.pick([30...120, 60...250, 100...400])
    }

    mutating func feed(_ word: String?, at now: CallTime, into queue: inout EventQueue<Happening>) {
        if let word { words.append(word) }
        framesSincePartial += 1
        guard let turn, framesSincePartial >= 25, !words.isEmpty else { return }
        framesSincePartial = 0
        answer(.partial(turn, text), at: now, into: &queue)
    }

    mutating func pause(_ turn: TurnID, at now: CallTime, into queue: inout EventQueue<Happening>) {
        self.turn = turn
        guard !words.isEmpty else { return }
        answer(.partial(turn, text), at: now, into: &queue)
    }

    mutating func finish(
        _ turn: TurnID, at now: CallTime, faults: inout EngineFaults, into queue: inout EventQueue<Happening>
    ) {
        let said = text
        forget()
        if faults.happens(.wordsNever, at: now) { return }
        let final = RecognizerAnswer.final(turn, faults.happens(.wordsLost, at: now) ? "" : said)
        var delay = CallTime.zero
        if faults.happens(.wordsLate, at: now) { delay = random.milliseconds(1_000...6_000) }
        if faults.happens(.wordsFail, at: now) { return answer(.failed(turn), at: now + delay, into: &queue) }
        if faults.happens(.finalOutOfOrder, at: now), let before { answer(before, at: now + delay, into: &queue) }
        answer(final, at: now + delay, into: &queue)
        if faults.happens(.finalTwice, at: now) { answer(final, at: now + delay, into: &queue) }
        if faults.happens(.partialAfterFinal, at: now) {
            answer(.partial(turn, said + " late"), at: now + delay, into: &queue)
        }
        before = final
    }

    mutating func cancel(_ turn: TurnID) { forget() }

    private var text: String { words.joined(separator: " ") }

    private mutating func forget() {
        words.removeAll(keepingCapacity: true)
        turn = nil
        framesSincePartial = 0
    }

    private mutating func answer(
        _ answer: RecognizerAnswer, at now: CallTime, into queue: inout EventQueue<Happening>
    ) {
        lastDue = max(lastDue, now + random.milliseconds(latency))
        queue.put(.input(.recognizer(answer)), at: lastDue)
    }
}
