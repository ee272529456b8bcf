/// A word and when it was said, in milliseconds of the connection's audio.
struct FakeWord: Equatable, Sendable {
    var text: String
    var start: Int
    var end: Int
}

/// Some words in a row and the audio that they were heard in, in milliseconds.
struct FakeSegment: Equatable, Sendable {
    var words: [FakeWord]
    var start: Int
    var end: Int
    /// All words of the turn so far, these included.
    var ofTurn: [FakeWord]

    var text: String { words.map(\.text).joined(separator: " ") }
    var textOfTurn: String { ofTurn.map(\.text).joined(separator: " ") }
}

/// What a recogniser finds out.
enum FakeHeard: Equatable, Sendable {
    case speechStarted(at: Int)
    /// May still change.
    case partial(FakeSegment)
    /// Will not change; the turn goes on.
    case settled(FakeSegment)
    /// Silence has ended it. The turn may go on after all.
    case endpoint(FakeSegment)
    /// A second of silence after the last word, which ended then.
    case silence(lastWordEnd: Int)
    /// The client has asked for the words so far, and goes on.
    case paused(FakeSegment)
    /// The client has ended the turn.
    case ended(FakeSegment)
}

/// Turns audio into the words of a script: the more audio, the more words. One value for a connection.
struct FakeHearing {
    let script: FakeScript
    let progress: FakeProgress
    let connection: Int
    /// Samples a second.
    var rate: Int
    /// As `wrongRate` has it.
    private var clock: Int { hasFastClock ? 2 : 1 }

    private var samples = 0
    private var now: Int { samples * 1_000 / max(rate, 1) }
    private var turnStart: Int?
    private var line: [String] = []
    private var known: [FakeWord] = []
    private var settledCount = 0
    private var settledEnd = 0
    private var voiced = 0
    /// Above `loudness`, whether or not silence is heard.
    private var loud = 0
    private var silence = 0
    private var isSilenceTold = false
    private var partialCount = 0

    init(_ script: FakeScript, _ progress: FakeProgress, connection: Int, rate: Int) {
        self.script = script
        self.progress = progress
        self.connection = connection
        self.rate = rate
    }

    var turn: Int { progress.turn(connection) }
    /// Audio of this turn has come.
    var isInTurn: Bool { turnStart != nil }
    var turnMilliseconds: Int { turnStart.map { now - $0 } ?? 0 }
    /// All audio so far.
    var totalMilliseconds: Int { now }
    /// It may have words.
    private var isLong: Bool { loud >= script.shortestMilliseconds }
    private var hasFastClock: Bool {
        script.faults(connection: connection, turn: turn).contains(.wrongRate)
    }

    /// - Parameter audio: at `rate`.
    mutating func hear(_ audio: [Int16]) -> [FakeHeard] {
        guard !audio.isEmpty else { return [] }
        var heard: [FakeHeard] = []
        if turnStart == nil { begin() }
        let block = max(1, rate / 50)
        for start in stride(from: 0, to: audio.count, by: block) {
            hear(audio[start..<min(start + block, audio.count)], &heard)
        }
        if known.count > partialCount {
            partialCount = known.count
            heard.append(.partial(segment(from: settledCount)))
        }
        if let size = script.wordsPerSegment, known.count - settledCount >= size, known.count < line.count {
            heard.append(.settled(settle()))
        }
        return heard
    }

    private mutating func begin() {
        turnStart = now
        settledEnd = now
        line = progress.line(turn).split(separator: " ").map(String.init)
    }

    private mutating func hear(_ block: ArraySlice<Int16>, _ heard: inout [FakeHeard]) {
        let time = block.count * 1_000 / max(rate, 1)
        let loudness = block.reduce(0) { $0 + abs(Int($1)) } / block.count
        let before = now
        samples += block.count
        if loudness >= script.loudness { loud += time }
        guard !script.hearsSilence || loudness >= script.loudness else {
            silence += time
            if let limit = script.endpointMilliseconds, silence >= limit, known.count > settledCount {
                heard.append(.endpoint(settle()))
            }
            if silence >= 1_000, !isSilenceTold, let last = known.last {
                isSilenceTold = true
                heard.append(.silence(lastWordEnd: last.end))
            }
            return
        }
        if voiced == 0 || isSilenceTold || silence >= 500 { heard.append(.speechStarted(at: before * clock)) }
        silence = 0
        isSilenceTold = false
        voiced += time
        if isLong, known.count < line.count, voiced >= (known.count + 1) * script.wordMilliseconds {
            let end = now * clock
            let start = max(known.last?.end ?? 0, end - script.wordMilliseconds * clock + 20)
            known.append(FakeWord(text: line[known.count], start: start, end: end))
        }
    }

    /// The client asks for the end of the turn; nil where there is no audio that it could be of.
    mutating func settleTurn() -> FakeHeard? {
        guard turnStart != nil else { return nil }
        if let pause = script.pauseMilliseconds, script.hearsSilence, silence < pause {
            return .paused(settle())
        }
        guard isLong else {
            defer { reset() }
            return .ended(settle())
        }
        // The words that there was no time for share what is left of the audio.
        let missing = line.count - known.count
        if missing > 0 {
            let start = known.last?.end ?? (turnStart ?? now) * clock
            let each = max(0, now * clock - start) / missing
            for index in 0..<missing {
                known.append(
                    FakeWord(text: line[known.count], start: start + each * index, end: start + each * (index + 1)))
            }
        }
        let end = settle()
        progress.finish(connection)
        reset()
        return .ended(end)
    }

    /// What was said since the last end is dropped: its line is the next turn's.
    mutating func forget() { reset() }

    private mutating func reset() {
        turnStart = nil
        line = []
        known = []
        settledCount = 0
        partialCount = 0
        voiced = 0
        loud = 0
        silence = 0
        isSilenceTold = false
    }

    private mutating func settle() -> FakeSegment {
        let segment = segment(from: settledCount)
        settledCount = known.count
        partialCount = known.count
        settledEnd = now
        return segment
    }

    private func segment(from index: Int) -> FakeSegment {
        FakeSegment(words: Array(known[index...]), start: settledEnd * clock, end: now * clock, ofTurn: known)
    }
}
