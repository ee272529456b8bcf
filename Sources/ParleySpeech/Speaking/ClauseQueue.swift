import ParleyCore

/// A session's clauses from the order to speak them until all of their sound was told: pure.
///
/// Answers come out in the order of the orders: what comes of a clause before the one in front of it is over waits.
struct ClauseQueue {
    /// More than a call ever has: it waits with the third.
    static let most = 64
    /// So many are with the server at a time: one is heard, the other follows it without a gap.
    static let ahead = 2
    /// The first clause may be without a sign of the server for so long.
    static let patience = CallTime.seconds(10)

    struct Order: Equatable {
        /// Unique in a session, rising.
        var id: Int
        var text: String
    }

    private struct Clause {
        let id: Int
        let generation: Generation
        let number: Int
        let text: String
        var isSent = false
        var attempts = 0
        var sound: ClauseSound
        var finder: WordFinder
        /// Told with the sound that comes next.
        var words: [WordEnd] = []
        var answers: [SpeechAnswer] = []
        /// Its last answer is among them.
        var isOver = false
        var lastSign: CallTime
    }

    private let engine: String
    private let format: VoiceFormat
    private let secret: String?
    private var clauses: [Clause] = []
    private var lastID = 0

    /// - Parameter secret: that no error may hold.
    init(engine: String, format: VoiceFormat, secret: String?) {
        self.engine = engine
        self.format = format
        self.secret = secret
    }

    // MARK: Orders

    mutating func add(_ text: String, generation: Generation, clause: Int, at now: CallTime) {
        lastID += 1
        clauses.append(
            Clause(
                id: lastID, generation: generation, number: clause, text: text, sound: ClauseSound(format),
                finder: WordFinder(text), lastSign: now))
        if clauses.count > Self.most { end(clauses.count - 1, VoiceFault("too many clauses wait to be spoken")) }
    }

    /// The next clause to give to the server, which counts as given from now on.
    mutating func nextToSend(at now: CallTime) -> Order? {
        let underWay = clauses.count { $0.isSent && !$0.isOver }
        guard underWay < Self.ahead, let index = clauses.firstIndex(where: { !$0.isSent && !$0.isOver }) else {
            return nil
        }
        clauses[index].isSent = true
        clauses[index].attempts += 1
        clauses[index].lastSign = now
        return Order(id: clauses[index].id, text: clauses[index].text)
    }

    /// Nobody wants this generation and what came before it.
    ///
    /// - Returns: what the server still works on.
    mutating func cancel(_ generation: Generation) -> [Int] {
        let gone = clauses.filter { $0.generation <= generation }
        clauses.removeAll { $0.generation <= generation }
        return gone.filter { $0.isSent && !$0.isOver }.map(\.id)
    }

    mutating func removeAll() { clauses = [] }

    // MARK: What comes

    /// - Returns: false where the clause ended by this, and the server need not go on.
    mutating func take(audio: [UInt8], of id: Int, at now: CallTime) -> Bool {
        guard let index = underWay(id, at: now) else { return true }
        do throws(VoiceFault) {
            guard var chunk = try clauses[index].sound.chunk(audio) else { return true }
            chunk.words = clauses[index].words
            clauses[index].words = []
            clauses[index].answers.append(.chunk(clauses[index].generation, clause: clauses[index].number, chunk))
            return true
        } catch {
            end(index, error)
            return false
        }
    }

    /// - Returns: as above.
    mutating func take(format: VoiceFormat, of id: Int, at now: CallTime) -> Bool {
        guard let index = underWay(id, at: now) else { return true }
        do throws(VoiceFault) {
            try clauses[index].sound.change(to: format)
            return true
        } catch {
            end(index, error)
            return false
        }
    }

    mutating func take(words: [TimedWord], of id: Int, at now: CallTime) {
        guard let index = underWay(id, at: now) else { return }
        clauses[index].words += clauses[index].finder.ends(of: words)
    }

    mutating func finish(_ id: Int, at now: CallTime) {
        guard let index = underWay(id, at: now) else { return }
        guard clauses[index].sound.samples > 0 else {
            return end(index, VoiceFault("it made no sound of a clause"))
        }
        let (generation, number) = (clauses[index].generation, clauses[index].number)
        if !clauses[index].words.isEmpty {
            let words = clauses[index].sound.chunk(of: clauses[index].words)
            clauses[index].answers.append(.chunk(generation, clause: number, words))
        }
        clauses[index].answers.append(.done(generation, clause: number))
        clauses[index].isOver = true
    }

    mutating func fail(_ id: Int, _ fault: VoiceFault) {
        guard let index = clauses.firstIndex(where: { $0.id == id && !$0.isOver }) else { return }
        end(index, fault)
    }

    /// A connection that had stood before was lost, perhaps just as it was needed: what has no sound yet is given to another
    /// one, once. The rest fails.
    mutating func retryOrFail(_ id: Int, _ fault: VoiceFault) {
        guard let index = clauses.firstIndex(where: { $0.id == id && !$0.isOver }) else { return }
        if clauses[index].attempts == 1, clauses[index].sound.samples == 0 {
            clauses[index].isSent = false
        } else {
            end(index, fault)
        }
    }

    // MARK: What is told

    /// The next answer that is due; it is gone from here then.
    mutating func nextAnswer(at now: CallTime) -> SpeechAnswer? {
        while !clauses.isEmpty {
            if !clauses[0].answers.isEmpty { return clauses[0].answers.removeFirst() }
            guard clauses[0].isOver else { return nil }
            clauses.removeFirst()
            // The one behind it may have waited for it.
            if !clauses.isEmpty { clauses[0].lastSign = max(clauses[0].lastSign, now) }
        }
        return nil
    }

    /// When the first clause has waited long enough for a sign.
    var deadline: CallTime? {
        guard let first = clauses.first, first.isSent, !first.isOver else { return nil }
        return first.lastSign + Self.patience
    }

    /// - Returns: the clause that nothing came of for too long, which has failed by this.
    mutating func expire(at now: CallTime) -> Int? {
        guard let deadline, deadline <= now else { return nil }
        end(0, VoiceFault("no sign of it for \(Self.patience.milliseconds / 1_000) s"))
        return clauses[0].id
    }

    private mutating func underWay(_ id: Int, at now: CallTime) -> Int? {
        guard let index = clauses.firstIndex(where: { $0.id == id && $0.isSent && !$0.isOver }) else { return nil }
        clauses[index].lastSign = now
        return index
    }

    private mutating func end(_ index: Int, _ fault: VoiceFault) {
        let (generation, number) = (clauses[index].generation, clauses[index].number)
        clauses[index].answers.append(
            .failed(generation, clause: number, fault.error(of: engine, hiding: secret)))
        clauses[index].isOver = true
    }
}
