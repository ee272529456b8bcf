import NIOCore
import NIOEmbedded
import ParleyCore
import ParleySpeech
import Synchronization

/// Speech whose words can be read off its samples: each is ten frames, whose samples say which word and which frame of it they are.
enum WordAudio {
    static let framesPerWord = 10

    static func frame(_ frame: Int, of word: Int) -> [Int16] {
        [Int16](repeating: Int16(word * 16 + frame + 1), count: 160)
    }

    /// - Parameter marks: the first sample of each frame.
    /// - Returns: `w3 w4`: words that are whole, each frame once and in order; `?` for anything else.
    static func text(_ marks: [Int16]) -> String {
        var words: [String] = []
        var next = 1
        for mark in marks {
            let (word, frame) = (Int(mark) / 16, Int(mark) % 16)
            let isNext = frame == next && (frame == 1 || words.last == "w\(word)-")
            if !isNext { words.append("?") } else if frame == 1 { words.append("w\(word)-") }
            next = isNext && frame < framesPerWord ? frame + 1 : 1
            if isNext, frame == framesPerWord { words[words.count - 1] = "w\(word)" }
        }
        return words.filter { !$0.hasSuffix("-") }.joined(separator: " ")
    }
}

/// A recogniser that hears `WordAudio` and breaks as its script says.
final class WordRecognizer: SpeechRecognizer {
    /// How one session behaves.
    struct Plan: Sendable {
        var startError: EngineError?
        /// Says nothing at all.
        var isMute = false
        /// From `finish` to the final; `nil`: it never comes.
        var final: CallTime? = .milliseconds(100)
        /// When so many frames were fed, the connection is lost.
        var failsAfter: Int?
        /// Finals are failures.
        var failsFinals = false
        var doublesFinals = false
        /// A final waits until the next turn's was given.
        var swapsFinals = false
        /// Finals of a turn that was never spoken, with each final.
        var strays = 0
        /// A cancelled turn is answered all the same, and what is owed when it is closed.
        var talksOn = false
    }

    let name: String
    let capabilities: RecognizerCapabilities
    private let loop: EmbeddedEventLoop
    private let plan: @Sendable (Int) -> Plan
    private let state = Mutex((opened: 0, isOpen: 0))

    /// - Parameter plan: of the n-th session, from 0.
    init(
        _ name: String, on loop: EmbeddedEventLoop, hasPartials: Bool = true,
        _ plan: @escaping @Sendable (_ session: Int) -> Plan = { _ in Plan() }
    ) {
        self.name = name
        self.loop = loop
        self.plan = plan
        capabilities = RecognizerCapabilities(hasPartials: hasPartials)
    }

    var opened: Int { state.withLock { $0.opened } }
    var isOpen: Int { state.withLock { $0.isOpen } }

    func start(
        sampleRate: Int, answer: @escaping @Sendable (RecognizerAnswer) -> Void
    ) throws(EngineError) -> any RecognizerSession {
        let number = state.withLock { state in
            defer { state.opened += 1 }
            return state.opened
        }
        let plan = plan(number)
        if let error = plan.startError { throw error }
        state.withLock { $0.isOpen += 1 }
        return WordSession(plan, hasPartials: capabilities.hasPartials, on: loop, answer: answer) { [self] in
            state.withLock { $0.isOpen -= 1 }
        }
    }
}

private final class WordSession: RecognizerSession {
    private struct State {
        var marks: [Int16] = []
        var fed = 0
        var settled: UInt32 = 0
        var owed: [UInt32] = []
        var cancelled: Set<UInt32> = []
        /// Finals held back.
        var late: [RecognizerAnswer] = []
        var isDead = false
        var isClosed = false
    }
    private let plan: WordRecognizer.Plan
    private let hasPartials: Bool
    private let loop: EmbeddedEventLoop
    private let answer: @Sendable (RecognizerAnswer) -> Void
    private let closed: @Sendable () -> Void
    private let state = Mutex(State())

    init(
        _ plan: WordRecognizer.Plan, hasPartials: Bool, on loop: EmbeddedEventLoop,
        answer: @escaping @Sendable (RecognizerAnswer) -> Void, closed: @escaping @Sendable () -> Void
    ) {
        self.plan = plan
        self.hasPartials = hasPartials
        self.loop = loop
        self.answer = answer
        self.closed = closed
    }

    func feed(_ audio: Span<Int16>) {
        let mark = audio[0]
        let answers: [RecognizerAnswer] = state.withLock { state in
            guard !state.isDead, !plan.isMute else { return [] }
            state.marks.append(mark)
            state.fed += 1
            if state.fed == plan.failsAfter {
                state.isDead = true
                return (state.owed + [state.settled + 1]).map { .failed(TurnID($0)) }
            }
            guard hasPartials, state.marks.count % 25 == 5 else { return [] }
            return [.partial(TurnID(state.settled + 1), WordAudio.text(state.marks))]
        }
        answers.forEach(answer)
    }

    func pause(_ turn: TurnID) {}

    func finish(_ turn: TurnID) {
        let text = state.withLock { state in
            defer { state.marks = [] }
            state.settled = turn.number
            state.owed.append(turn.number)
            return WordAudio.text(state.marks)
        }
        guard let delay = plan.final, !plan.isMute else { return }
        loop.scheduleTask(in: .nanoseconds(delay.nanoseconds)) { [self] in deliver(turn, text) }
    }

    private func deliver(_ turn: TurnID, _ text: String) {
        let answers: [RecognizerAnswer] = state.withLock { state in
            state.owed.removeAll { $0 == turn.number }
            guard !state.isDead, plan.talksOn || (!state.isClosed && !state.cancelled.contains(turn.number)) else {
                return []
            }
            let final = plan.failsFinals ? RecognizerAnswer.failed(turn) : .final(turn, text)
            let strays = (0..<plan.strays).map { _ in RecognizerAnswer.final(TurnID(1_000_000), "stray") }
            if plan.swapsFinals, state.late.isEmpty {
                state.late = [final]
                return strays
            }
            defer { state.late = [] }
            return strays + [final] + state.late + (plan.doublesFinals ? [final] : [])
        }
        answers.forEach(answer)
    }

    func cancel(_ turn: TurnID) {
        state.withLock { state in
            if turn.number > state.settled {
                state.settled = turn.number
                state.marks = []
            }
            state.cancelled.insert(turn.number)
        }
    }

    func close() {
        let owed: [UInt32]? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            return state.owed
        }
        guard let owed else { return }
        closed()
        if plan.talksOn { for turn in owed { answer(.final(TurnID(turn), "said after close")) } }
    }
}
