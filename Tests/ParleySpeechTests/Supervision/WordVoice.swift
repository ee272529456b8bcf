import NIOCore
import NIOEmbedded
import ParleyCore
import ParleySpeech
import Synchronization

/// Speech of texts like `w1 w2, w3.` whose words can be read off its samples: silence is 0, and a word's samples say which word,
/// its first and its last one being marked.
enum MarkedSpeech {
    /// All of a text's samples, and where its words end.
    static func make(_ text: String, rate: Int, millisecondsPerCharacter pace: Int) -> (
        samples: [Int16], words: [WordEnd]
    ) {
        var samples: [Int16] = []
        var words: [WordEnd] = []
        var place = 0
        for piece in text.split(separator: " ", omittingEmptySubsequences: false) {
            let word = Int16(piece.filter(\.isNumber)) ?? 0
            var sound = [Int16](repeating: word * 4, count: piece.count * pace * rate / 1_000)
            place += piece.utf8.count
            if !sound.isEmpty {
                sound[0] += 1
                sound[sound.count - 1] += 2
                samples += sound
                words.append(WordEnd(textEnd: place, audioEnd: samples.count * 1_000 / rate))
            }
            samples += [Int16](repeating: 0, count: pace * rate / 1_000)
            place += 1
        }
        samples.removeLast(pace * rate / 1_000)
        return (samples, words)
    }

    /// - Returns: `w1 w2~ w2`: a word that was cut has a tilde; and where each whole one ended, in milliseconds.
    static func words(in chunks: [SpeechChunk]) -> (text: String, ends: [(word: Int, at: Int)]) {
        var said: [String] = []
        var ends: [(word: Int, at: Int)] = []
        var current: Int16?
        var time = CallTime.zero
        for chunk in chunks {
            for (index, sample) in chunk.samples.enumerated() {
                let word = sample / 4
                if let cut = current, sample == 0 || sample % 4 == 1 || word != cut {
                    said.append("w\(cut)~")
                    current = nil
                }
                if sample % 4 == 1 { current = word } else if sample != 0, current != word { said.append("?") }
                guard sample % 4 == 2, current == word else { continue }
                let length = Int64(index + 1) * 1_000_000_000 / Int64(chunk.sampleRate)
                said.append("w\(word)")
                ends.append((Int(word), (time + CallTime(nanoseconds: length)).milliseconds))
                current = nil
            }
            time += CallTime(nanoseconds: Int64(chunk.samples.count) * 1_000_000_000 / Int64(chunk.sampleRate))
        }
        if let current { said.append("w\(current)~") }
        return (said.joined(separator: " "), ends)
    }
}

/// A voice that says `MarkedSpeech` and breaks as its script says.
final class WordVoice: SpeechSynthesizer {
    /// How a clause is said.
    struct Plan: Sendable {
        var startError: EngineError?
        /// From its turn to its first sound; `nil`: never a sound.
        var first: CallTime? = .milliseconds(50)
        var pace = 60
        var rate = 8_000
        /// Sound in a chunk, and the time between two.
        var chunk = 100
        var every = 50
        /// After so many milliseconds of sound: no more comes...
        var stallsAfter: Int?
        /// ...it says that it cannot go on...
        var failsAfter: Int?
        /// ...or that it is done.
        var endsAfter: Int?
        /// All its sound, and no end.
        var neverEnds = false
        /// Its end is told twice.
        var endsTwice = false
        /// It does not wait for the clause before.
        var isEager = false
        /// Goes on when it is cancelled or closed.
        var talksOn = false
        var tellsWords = true
        /// All of them with the first sound.
        var tellsAhead = false
    }

    let name: String
    let capabilities: SynthesizerCapabilities
    private let loop: EmbeddedEventLoop
    private let plan: @Sendable (Int) -> Plan
    private let state = Mutex((sessions: 0, isOpen: 0, clauses: 0))

    /// - Parameter plan: of the n-th clause that it is given in all its sessions, from 0.
    init(
        _ name: String, on loop: EmbeddedEventLoop,
        _ plan: @escaping @Sendable (_ clause: Int) -> Plan = { _ in Plan() }
    ) {
        self.name = name
        self.loop = loop
        self.plan = plan
        capabilities = SynthesizerCapabilities(hasWordTimes: true)
    }

    var opened: Int { state.withLock { $0.sessions } }
    var isOpen: Int { state.withLock { $0.isOpen } }
    /// That it was given.
    var clauses: Int { state.withLock { $0.clauses } }

    func start(answer: @escaping @Sendable (SpeechAnswer) -> Void) throws(EngineError) -> any SynthesizerSession {
        state.withLock { $0.sessions += 1 }
        if let error = plan(clauses).startError { throw error }
        state.withLock { $0.isOpen += 1 }
        return WordVoiceSession(on: loop, answer: answer) { [self] in
            state.withLock { state in
                defer { state.clauses += 1 }
                return plan(state.clauses)
            }
        } closed: { [self] in
            state.withLock { $0.isOpen -= 1 }
        }
    }
}

private final class WordVoiceSession: SynthesizerSession {
    private struct Job {
        var generation: Generation
        var clause: Int
        var plan: WordVoice.Plan
        var samples: [Int16]
        var words: [WordEnd]
    }
    private struct State {
        var waiting: [Job] = []
        var isBusy = false
        var cancelled = Generation(0)
        var isClosed = false
    }
    private let loop: EmbeddedEventLoop
    private let answer: @Sendable (SpeechAnswer) -> Void
    private let nextPlan: @Sendable () -> WordVoice.Plan
    private let closed: @Sendable () -> Void
    private let state = Mutex(State())

    init(
        on loop: EmbeddedEventLoop, answer: @escaping @Sendable (SpeechAnswer) -> Void,
        nextPlan: @escaping @Sendable () -> WordVoice.Plan, closed: @escaping @Sendable () -> Void
    ) {
        self.loop = loop
        self.answer = answer
        self.nextPlan = nextPlan
        self.closed = closed
    }

    func speak(_ text: String, generation: Generation, clause: Int) {
        let plan = nextPlan()
        let speech = MarkedSpeech.make(text, rate: plan.rate, millisecondsPerCharacter: plan.pace)
        let job = Job(
            generation: generation, clause: clause, plan: plan, samples: speech.samples, words: speech.words)
        if job.plan.isEager { return say(job) }
        state.withLock { $0.waiting.append(job) }
        sayNext()
    }

    private func sayNext() {
        let job: Job? = state.withLock { state in
            guard !state.isBusy, !state.isClosed, !state.waiting.isEmpty else { return nil }
            state.isBusy = true
            return state.waiting.removeFirst()
        }
        if let job { say(job) }
    }

    private func say(_ job: Job) {
        guard let first = job.plan.first else { return }
        loop.scheduleTask(in: .nanoseconds(first.nanoseconds)) { [self] in say(job, from: 0) }
    }

    /// The chunk that begins at this millisecond, and the rest of the clause.
    private func say(_ job: Job, from start: Int) {
        let isWanted = state.withLock { !$0.isClosed && job.generation > $0.cancelled }
        let plan = job.plan
        guard isWanted || plan.talksOn else { return end(job) }
        let length = min(job.samples.count * 1_000 / plan.rate, plan.endsAfter ?? .max)
        if let limit = plan.failsAfter, start >= limit {
            answer(.failed(job.generation, clause: job.clause, EngineError(engine: "word", message: "as scripted")))
            return end(job)
        }
        if let limit = plan.stallsAfter, start >= limit { return }
        guard start < length else {
            if plan.neverEnds { return }
            for _ in 0..<(plan.endsTwice ? 2 : 1) { answer(.done(job.generation, clause: job.clause)) }
            return end(job)
        }
        let stop = min(start + plan.chunk, length)
        var words: [WordEnd] = []
        if plan.tellsWords {
            words =
                plan.tellsAhead
                ? (start == 0 ? job.words : []) : job.words.filter { $0.audioEnd > start && $0.audioEnd <= stop }
        }
        let samples = Array(job.samples[(start * plan.rate / 1_000)..<(stop * plan.rate / 1_000)])
        answer(
            .chunk(
                job.generation, clause: job.clause, SpeechChunk(samples: samples, sampleRate: plan.rate, words: words)))
        loop.scheduleTask(in: .milliseconds(Int64(plan.every))) { [self] in say(job, from: stop) }
    }

    private func end(_ job: Job) {
        guard !job.plan.isEager else { return }
        state.withLock { $0.isBusy = false }
        sayNext()
    }

    func cancel(_ generation: Generation) {
        state.withLock { state in
            state.cancelled = max(state.cancelled, generation)
            state.waiting.removeAll { $0.generation <= generation }
        }
    }

    func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        if isFirst { closed() }
    }
}
