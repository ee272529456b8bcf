import Foundation
import ParleyActions
import ParleyCore
import ParleyMessaging

/// One call's way through a flow: told what the caller did, it answers with what to say and do.
///
/// A pure value: no clock, no task, no lock. It moves on only by the caller's answers and by the outcome of an action,
/// so that a reply that was cut off loses nothing. Its part for one request ends with `done`, unless an action was
/// asked for: then the reply stays open until `finished`.
public struct FlowMachine: Sendable {
    enum Position: Equatable, Sendable {
        case notStarted
        case asking(String)
        /// An answer was read back and waits for a yes.
        case verifying(String)
        case confirming(String)
        /// The caller said that something read back is wrong, and is asked what.
        case choosingChange(String)
        case consenting(String)
        case acting(Acting)
        /// An action ended while nobody listened; its way on is taken at the next request.
        case due(String)
        case over(Ending)
    }
    struct Acting: Equatable, Sendable {
        var name: String
        /// The reply that asked for it.
        var generation: Generation
        /// The reply that goes on when it ends.
        var replyTo: Generation
        var isCancelled = false
        /// Of its answer, what is settled then.
        var results: [String] = []
        var committed: String
        var refused: String
        var failed: String
    }
    /// The call's last words; said again if they are cut off.
    struct Ending: Equatable, Sendable {
        var text: String
        var transfer: String?
    }

    let flow: Flow
    let facts: CallFacts
    /// When the call began, in the flow's time zone.
    let now: LocalMoment

    var position = Position.notStarted
    var slots: [String: SlotValue] = [:]
    /// Filled before their question came: it is not asked.
    var ahead: Set<String> = []
    /// Of those, the ones that are known from an earlier call or a text and that this call has not settled anew.
    var carried: Set<String> = []
    /// How the thread's booking stands.
    var booking: Booking
    /// A day without its time, or the other way round.
    var partials: [String: DayAndTime] = [:]
    /// Why an answer given ahead could not be taken: said when its question comes.
    var notes: [String: String] = [:]
    /// A text that the caller was told of will not arrive: said at the next occasion.
    var owesApology = false

    /// Answers in a row that were not understood.
    var misses = 0
    /// Of those, the ones that talked over the question: they are forgiven, twice.
    var cuts = 0
    /// Days and times understood and not to be had.
    var refusals = 0
    /// What was said since the caller's last understood answer.
    var lastReply = ""
    /// The consent's wording was in a reply that was heard to its end.
    var isWordingHeard = false
    var isWordingInReply = false
    var hasReaskedConsent = false
    var wordingRepeats = 0

    var draft = ReplyDraft()

    public init(flow: Flow, call: CallFacts) {
        self.flow = flow
        facts = call
        booking = call.thread?.booking ?? .none
        let date = Date(
            timeIntervalSince1970: call.wallClock.isFinite ? min(max(call.wallClock, 0), 200_000_000_000) : 0)
        now = LocalMoment(
            localSeconds: date.timeIntervalSince1970 + Double(flow.settings.timeZone.secondsFromGMT(for: date)))
        if let thread = call.thread { takeOver(thread) }
    }

    /// Answers one request. The parts end with `done`, or with an `action` whose outcome continues the reply.
    public mutating func handle(_ request: AgentRequest) -> [ReplyPart] {
        draft = ReplyDraft(generation: request.generation)
        if owesApology, !isActing {
            owesApology = false
            draft.say("I am sorry, I could not send you the text.")
        }
        switch position {
        case .notStarted:
            if flow.settings.isGreetingProtected { draft.interruption = .never }
            if let first = flow.steps.first { begin(first) } else { finish(Ending(text: "Goodbye.", transfer: nil)) }
        case .acting(var acting):
            // The words are not lost to the record; the reply is the action's outcome, when it comes.
            acting.replyTo = request.generation
            acting.isCancelled = false
            position = .acting(acting)
            return []
        case .due(let step): enter(step)
        case .over(let ending): finish(ending)
        case .asking, .verifying, .confirming, .choosingChange, .consenting: answer(request)
        }
        return flush()
    }

    /// How a text goes on that an action took on.
    public mutating func heard(_ news: TextNews) {
        if news.isOnItsWay == false { owesApology = true }
    }

    /// The caller took the floor: nobody listens to this reply any more. What was asked for goes on.
    public mutating func cancel(_ generation: Generation) {
        if case .acting(var acting) = position, acting.replyTo == generation {
            acting.isCancelled = true
            position = .acting(acting)
        }
    }

    /// Goes on with what became of an action.
    ///
    /// - Returns: the reply that goes on, with its parts; `nil` where nothing waited for this, or nobody listens: then
    ///   the next request goes on.
    public mutating func finished(
        _ invocation: ActionInvocation, _ outcome: ActionResult.Outcome
    ) -> (Generation, [ReplyPart])? {
        guard case .acting(let acting) = position, acting.name == invocation.request.name,
            acting.generation == invocation.generation
        else { return nil }
        let target =
            switch outcome {
            case .committed, .answered: acting.committed
            case .refused: acting.refused
            case .failed: acting.failed
            }
        draft = ReplyDraft(isContinuation: true, generation: acting.replyTo)
        if case .answered(let values) = outcome { settle(acting.results, values) }
        if acting.isCancelled {
            position = .due(target)
            return nil
        }
        isWordingInReply = false
        enter(target)
        return (acting.replyTo, flush())
    }

    /// An action was asked for and has not ended.
    var isActing: Bool {
        if case .acting = position { true } else { false }
    }

    // MARK: the way through the steps

    /// Goes to a step and on from there, up to where the caller or an action is waited for.
    mutating func enter(_ id: String) {
        var id = id
        // The loader refuses rounds without a question; a question answered ahead is passed once. So this is enough.
        for _ in 0..<1_000 {
            guard let step = flow.step(id) else { break }
            switch step.kind {
            case .say(let say):
                draft.say(render(say.text))
                draft.interruption = draft.interruption.stricter(say.interruption)
            case .branch(let branch):
                let arm = branch.arms.first { arm in
                    arm.conditions.allSatisfy { $0.values.contains(conditionValue($0.slot)) }
                }
                id = arm?.next ?? branch.otherwise
                continue
            case .ask(let ask):
                if ahead.remove(ask.slot) != nil, slots[ask.slot] != nil { break }
                wait(at: .asking(id))
                if let note = notes.removeValue(forKey: ask.slot) { draft.say(note) }
                draft.say(question(ask))
                return
            case .confirm(let confirm):
                wait(at: .confirming(id))
                draft.say(render(confirm.text))
                return
            case .consent(let consent):
                wait(at: .consenting(id))
                isWordingHeard = false
                hasReaskedConsent = false
                wordingRepeats = 0
                sayWording(consent)
                return
            case .action(let action):
                if let text = action.sayBefore { draft.say(render(text)) }
                let arguments = action.arguments.json { self.render($0, default: .written) }
                ask(
                    action.name, arguments, results: action.results, committed: step.next ?? "",
                    refused: action.onRefused, failed: action.onFailed)
                return
            case .transfer(let target, let text):
                finish(Ending(text: text.map { render($0) } ?? "", transfer: target))
                return
            case .end(let text):
                finish(Ending(text: text.map { render($0) } ?? "", transfer: nil))
                return
            }
            guard let next = step.next else { break }
            id = next
        }
        if draft.ending == nil { finish(Ending(text: "I am sorry, I cannot go on. Goodbye.", transfer: nil)) }
    }

    private mutating func wait(at position: Position) {
        self.position = position
        misses = 0
        cuts = 0
        refusals = 0
    }

    mutating func ask(
        _ name: String, _ arguments: String, results: [String] = [], committed: String, refused: String, failed: String
    ) {
        draft.action = ActionRequest(name: name, arguments: arguments)
        position = .acting(
            Acting(
                name: name, generation: draft.generation, replyTo: draft.generation, results: results,
                committed: committed, refused: refused, failed: failed))
    }

    mutating func finish(_ ending: Ending) {
        position = .over(ending)
        draft.say(ending.text)
        draft.ending = ending.transfer.map { .transfer($0) } ?? .end
    }

    /// After too many answers that were not understood.
    mutating func giveUp(_ onFailure: String?) {
        if let onFailure {
            enter(onFailure)
        } else if let target = flow.settings.operatorTarget {
            finish(
                Ending(text: "I am sorry, I did not get that. I will put you through to a person.", transfer: target))
        } else {
            finish(Ending(text: "I am sorry, I did not get that. Please call again. Goodbye.", transfer: nil))
        }
    }

    // MARK: values

    /// Settles a value and reports it.
    mutating func fill(_ slot: String, _ value: SlotValue) {
        slots[slot] = value
        carried.remove(slot)
        partials[slot] = nil
        notes[slot] = nil
        draft.sets += value.settings(slot: slot)
    }

    /// What an action's answer has of these. What it has nothing of is not settled any more: it would be an older answer's.
    private mutating func settle(_ results: [String], _ values: String) {
        let values = try? JSON(parsing: values, maxBytes: Self.maxValueBytes, maxDepth: 2)
        for name in results {
            let text = values?[name]?.spoken ?? ""
            if text.isEmpty { slots[name] = nil } else { fill(name, .text(text)) }
        }
    }
    private static let maxValueBytes = 64 * 1_024

    private func conditionValue(_ name: String) -> String {
        if let value = ThreadValue(written: name) { return threadValue(value, .iso) }
        return value(of: name)?.iso ?? ""
    }

    private func value(of name: String) -> SlotValue? {
        if let value = slots[name] { return value }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return slots[String(name[..<dot])]?.part(name[name.index(after: dot)...])
    }

    func render(_ template: Template, default place: Template.Format = .spoken) -> String {
        template.rendered { name, format in
            let format = format ?? place
            switch name {
            case .business: return flow.settings.name
            case .reference:
                let reference = CallReference.make(callID: facts.callID)
                return format == .spoken ? reference.map(String.init).joined(separator: " ") : reference
            case .from: return format == .spoken ? Spoken.digits(facts.from) : facts.from
            case .parameter(let name): return FreeText.text(in: facts.parameters[name] ?? "") ?? ""
            case .thread(let value): return threadValue(value, format)
            case .slot(let name): return value(of: name)?.formatted(format, thisYear: now.day.year) ?? ""
            }
        }
    }

    // MARK: the reply

    /// What the parts are made of, in this order: values, how to listen, words, then an action, an end, or neither.
    private mutating func flush() -> [ReplyPart] {
        var parts: [ReplyPart] = draft.sets.map { .set($0.0, $0.1) }
        let text = draft.text
        parts.append(.expect(expectation))
        if !text.isEmpty {
            parts.append(.text(draft.isContinuation ? " " + text : text))
            if draft.movesOn { lastReply = text }
        }
        if let action = draft.action { return parts + [.action(action)] }
        if let ending = draft.ending { parts.append(ending) }
        return parts + [.done]
    }

    private var expectation: Expectation {
        let listening: Listening
        var digits = 0
        var answer = AnswerKind.open
        switch position {
        case .asking(let id):
            guard let ask = flow.step(id)?.ask else { return Expectation() }
            listening = ask.listening
            digits = ask.keys
            answer = expectedAnswer(to: ask)
        case .verifying(let id):
            listening = Listening(interruption: flow.step(id)?.ask?.listening.interruption ?? .always)
            (digits, answer) = (1, .confirmation)
        case .confirming(let id), .choosingChange(let id):
            guard case .confirm(let confirm)? = flow.step(id)?.kind else { return Expectation() }
            listening = confirm.listening
            if case .confirming = position { (digits, answer) = (1, .confirmation) }
        case .consenting:
            // A consent that was not heard to its end is none.
            listening = Listening(interruption: isWordingInReply ? .never : .always)
            (digits, answer) = (1, .yesNo)
        case .notStarted, .acting, .due, .over: listening = Listening()
        }
        return Expectation(
            digits: digits, interruption: draft.interruption.stricter(listening.interruption),
            hangover: listening.hangover.map { .milliseconds($0) }, answer: answer)
    }

    /// Of a day and a time, what is not known yet.
    private func expectedAnswer(to ask: AskStep) -> AnswerKind {
        guard case .dateTime = ask.kind, let known = partials[ask.slot] else { return ask.answer }
        return known.day == nil ? .date : .time
    }
}

/// A reply while it is put together.
struct ReplyDraft: Equatable, Sendable {
    var sets: [(String, String)] = []
    private(set) var texts: [String] = []
    var interruption = Interruption.always
    var action: ActionRequest?
    var ending: ReplyPart?
    /// False: the same question again; `repeat` still says what it followed.
    var movesOn = true
    /// The reply's earlier words are out already.
    var isContinuation = false
    var generation = Generation(0)

    init(isContinuation: Bool = false, generation: Generation = Generation(0)) {
        self.isContinuation = isContinuation
        self.generation = generation
    }

    mutating func say(_ text: String) { if !text.isEmpty { texts.append(text) } }
    /// Before all that is said already.
    mutating func sayFirst(_ text: String) { if !text.isEmpty { texts.insert(text, at: 0) } }

    /// "… six p.m.." where a sentence ends in a time loses a dot.
    var text: String { texts.joined(separator: " ").replacing(".m..", with: ".m.") }

    static func == (left: ReplyDraft, right: ReplyDraft) -> Bool {
        left.texts == right.texts && left.action == right.action && left.ending == right.ending
    }
}

extension AskStep {
    /// What a whole answer consists of.
    var answer: AnswerKind {
        switch kind {
        case .yesNo: .yesNo
        case .oneOf(let choices): .choice(choices.flatMap(\.phrases).map { $0.joined(separator: " ") })
        case .date: .date
        case .time: .time
        case .dateTime: .dateTime
        case .digits(let length): .digits(length)
        case .phone(_, let length): .phone(length)
        case .freeText: .freeText
        }
    }

    /// Keys that complete an answer; 0: keys are none.
    var keys: Int {
        switch kind {
        case .yesNo: 1
        case .oneOf(let choices): choices.contains { $0.key != nil } ? 1 : 0
        case .digits(let length): length.upperBound
        case .phone(_, let length): length
        case .date, .time, .dateTime, .freeText: 0
        }
    }
}

extension Interruption {
    /// One reply may be made of several steps: the one that protects most decides.
    func stricter(_ other: Interruption) -> Interruption {
        switch (self, other) {
        case (.never, _), (_, .never): .never
        case (.after(let mine), .after(let others)): .after(max(mine, others))
        case (.always, let rule), (let rule, .always): rule
        }
    }
}
