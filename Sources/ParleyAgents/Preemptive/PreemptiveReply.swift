import ParleyCore
import ParleySpeech

/// Has the reply begun before the turn has ended: asks the agent when the caller pauses, has its first clause spoken, and
/// keeps both until the call asks for the same; then they are there. Where the caller goes on, they never were.
///
/// Stands between a call on one side, its agent and its voice on the other. What it asks for ahead has numbers of its own,
/// which the call never sees. No action is run by it: what the agent wants done waits with its words.
public struct PreemptiveReply: Sendable {
    /// What the agent, the voice and the call are to be told, in order.
    public enum Effect: Sendable {
        case ask(AgentRequest)
        case cancelReply(Generation)
        case retractReply(Generation)
        case finished(ActionInvocation, ActionResult.Outcome)
        case reply(Generation, ReplyPart)
        case speak(String, Generation, clause: Int)
        case cancelSpeech(Generation)
        case speech(SpeechAnswer)
    }

    /// Words that come later than this after the pause began are of something else than the pause.
    private static let longestPause = CallTime.milliseconds(600)
    /// Each costs what a reply costs.
    private static let mostGuessesATurn = 3
    /// Numbers from here on are guesses'.
    private static let firstNumber: UInt32 = 1 << 31

    private struct Guess {
        /// Its number with the agent and the voice.
        let number: Generation
        let request: AgentRequest
        /// With the call; `nil` until it asks.
        var generation: Generation?
        /// Told to nobody yet.
        var parts: [ReplyPart] = []
        var splitter = ClauseSplitter()
        var first: FirstClause?
    }

    private struct FirstClause {
        let text: String
        /// With the call; `nil` until it asks for it.
        var clause: Int?
        var answers: [SpeechAnswer] = []
    }

    private var guess: Guess?
    /// Guesses that the call asked for, the newest last: actions of theirs may outlive them.
    private var adopted: [(number: Generation, generation: Generation)] = []
    private static let mostAdopted = 32
    private var lastNumber = firstNumber
    private var pause: (turn: TurnID, since: CallTime)?
    private var guesses: (turn: TurnID, count: Int) = (TurnID(0), 0)
    /// What the caller heard last, as the call will tell the agent.
    private var heard = (text: "", wasCut: false)
    private var callerHasTheFloor = false

    public init() {}

    // MARK: What the call does

    /// The caller has paused.
    public mutating func paused(_ turn: TurnID, at now: CallTime) { pause = (turn, now) }

    public mutating func noted(_ note: CallNote) {
        switch note {
        case .floor(let floor): callerHasTheFloor = floor == .caller
        case .agentTurn(let turn): heard = (turn.heard, turn.wasCut)
        default: break
        }
    }

    /// The recogniser's words so far.
    public mutating func words(_ turn: TurnID, _ text: String, at now: CallTime) -> [Effect] {
        // One that the call has asked for is a reply like any other; so is what is said while it is open.
        guard let guess, guess.generation == nil else { return begin(turn, text, at: now) }
        if Self.isAlike(guess.request.cause, .said(text)) { return [] }
        return giveUp() + begin(turn, text, at: now)
    }

    public mutating func ask(_ request: AgentRequest) -> [Effect] {
        pause = nil
        guard var guess, guess.generation == nil else { return settle() + [.ask(request)] }
        let isSame =
            Self.isAlike(guess.request.cause, request.cause) && guess.request.heard == request.heard
            && guess.request.wasCut == request.wasCut
        guard isSame else { return giveUp() + [.ask(request)] }
        guess.generation = request.generation
        adopted.append((guess.number, request.generation))
        if adopted.count > Self.mostAdopted { adopted.removeFirst() }
        let parts = guess.parts
        guess.parts = []
        self.guess = guess
        return parts.map { .reply(request.generation, $0) }
    }

    public mutating func cancelReply(_ generation: Generation) -> [Effect] { [.cancelReply(inner(generation))] }

    public mutating func retractReply(_ generation: Generation) -> [Effect] { [.retractReply(inner(generation))] }

    public mutating func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) -> [Effect] {
        var invocation = invocation
        invocation.generation = inner(invocation.generation)
        return [.finished(invocation, outcome)]
    }

    public mutating func speak(_ text: String, _ generation: Generation, clause: Int) -> [Effect] {
        guard var guess, guess.generation == generation, var first = guess.first, first.clause == nil else {
            return [.speak(text, generation, clause: clause)]
        }
        guard first.text == text else {
            self.guess?.first = nil
            return [.cancelSpeech(guess.number), .speak(text, generation, clause: clause)]
        }
        first.clause = clause
        let answers = first.answers
        first.answers = []
        guess.first = first
        self.guess = guess
        return answers.map { .speech($0.renumbered(generation, clause: clause)) }
    }

    public mutating func cancelSpeech(_ generation: Generation) -> [Effect] {
        guard let guess, guess.generation == generation, guess.first != nil else { return [.cancelSpeech(generation)] }
        self.guess?.first = nil
        return [.cancelSpeech(guess.number), .cancelSpeech(generation)]
    }

    // MARK: What the agent and the voice answer

    public mutating func replied(_ generation: Generation, _ part: ReplyPart) -> [Effect] {
        guard generation.number > Self.firstNumber else { return [.reply(generation, part)] }
        if let known = adopted.last(where: { $0.number == generation }) { return [.reply(known.generation, part)] }
        guard guess?.number == generation else { return [] }
        guess?.parts.append(part)
        return speakAhead(part)
    }

    public mutating func spoke(_ answer: SpeechAnswer) -> [Effect] {
        guard answer.generation.number > Self.firstNumber else { return [.speech(answer)] }
        guard let guess, guess.number == answer.generation, let first = guess.first else { return [] }
        if let generation = guess.generation, let clause = first.clause {
            return [.speech(answer.renumbered(generation, clause: clause))]
        }
        self.guess?.first?.answers.append(answer)
        return []
    }

    // MARK: Guessing

    private mutating func begin(_ turn: TurnID, _ text: String, at now: CallTime) -> [Effect] {
        guard let pause, pause.turn == turn, now - pause.since <= Self.longestPause, callerHasTheFloor,
            !Self.plain(text).isEmpty
        else { return [] }
        if guesses.turn != turn { guesses = (turn, 0) }
        guard guesses.count < Self.mostGuessesATurn else { return [] }
        guesses.count += 1
        let before = settle()
        lastNumber += 1
        let number = Generation(lastNumber)
        let request = AgentRequest(
            generation: number, turn: turn, cause: .said(text), heard: heard.text, wasCut: heard.wasCut)
        guess = Guess(number: number, request: request)
        return before + [.ask(request)]
    }

    /// The caller went on, or the call asks for something else.
    private mutating func giveUp() -> [Effect] {
        guard let guess else { return [] }
        self.guess = nil
        return (guess.first == nil ? [] : [.cancelSpeech(guess.number)]) + [.retractReply(guess.number)]
    }

    /// The reply that was guessed and asked for gives way to another one.
    private mutating func settle() -> [Effect] {
        guard let guess else { return [] }
        if guess.generation == nil { return giveUp() }
        self.guess = nil
        return []
    }

    private mutating func speakAhead(_ part: ReplyPart) -> [Effect] {
        guard var guess, guess.first == nil else { return [] }
        switch part {
        case .text(let text): guess.splitter.append(text)
        case .sound(let sound): guess.splitter.append(sound)
        // As the call does: what was said before an action is a clause of its own.
        case .action: guess.splitter.append("\n")
        case .done: guess.splitter.finish()
        default: break
        }
        defer { self.guess = guess }
        guard case .clause(let text)? = guess.splitter.next() else { return [] }
        guess.first = FirstClause(text: text)
        return [.speak(text, guess.number, clause: 1)]
    }

    private func inner(_ generation: Generation) -> Generation {
        adopted.last { $0.generation == generation }?.number ?? generation
    }

    /// Punctuation and capitals come and go between two decodings of the same words.
    private static func isAlike(_ one: AgentRequest.Cause, _ other: AgentRequest.Cause) -> Bool {
        guard case .said(let one) = one, case .said(let other) = other else { return false }
        return plain(one) == plain(other)
    }

    private static func plain(_ text: String) -> String {
        text.lowercased().split { !($0.isLetter || $0.isNumber) }.joined(separator: " ")
    }
}

extension SpeechAnswer {
    var generation: Generation {
        switch self {
        case .chunk(let generation, _, _), .done(let generation, _), .failed(let generation, _, _): generation
        }
    }

    func renumbered(_ generation: Generation, clause: Int) -> SpeechAnswer {
        switch self {
        case .chunk(_, _, let chunk): .chunk(generation, clause: clause, chunk)
        case .done: .done(generation, clause: clause)
        case .failed(_, _, let error): .failed(generation, clause: clause, error)
        }
    }
}
