import ParleyActions
import ParleyCore
import ParleySpeech

/// One call's conversation with a speech-to-speech model, which the call drives in three roles: recogniser, agent, voice.
///
/// Pure: told what the call wants, what the server says, and when; it answers with messages, answers and one deadline.
/// Parley decides who speaks and when a turn is over. A turn's sound goes to the model as it comes, and at its end the
/// model begins to answer at once: a *draft*, of which nothing leaves. When the call has read the words and asks, the
/// draft becomes that reply; if it never asks, the draft is taken out of the conversation. What the caller did not hear
/// of a reply is cut out of it before the model answers again.
struct RealtimeMachine {
    enum Effect {
        /// `opened` or `closed` follows.
        case connect
        /// Nothing is told of it any more.
        case disconnect
        case send([UInt8])
        case recognizer(RecognizerAnswer)
        case reply(Generation, ReplyPart)
        case speech(SpeechAnswer)
        case news(EngineRole, EngineNews.Kind, String)
    }

    enum Link: Equatable {
        case idle, connecting
        case open(since: CallTime)
        /// Until the next attempt.
        case waiting(until: CallTime)
    }

    /// A response that the server is at.
    struct Running: Equatable {
        let reply: Int
        /// Of the response, counted from 1.
        let number: Int
        let want: RealtimeReply.Want
        /// The server's name for it.
        var id: String?
        /// Of the reply, before it.
        let characters: Int
        let calls: Int
        var lastSign: CallTime
        var cancelledAt: CallTime?
    }

    /// Words that the record has where the model wrote none for what was said.
    static let unwritten = "(unwritten speech)"
    /// Sound without a word for so long is spoken under no words of its own.
    static let wordless = CallTime.milliseconds(600)
    /// A playout ends later than it would at once: its lead, its way, and the line's.
    static let playoutDelay = CallTime.milliseconds(400)

    let settings: RealtimeSettings
    var effects: [Effect] = []

    var link = Link.idle
    /// Attempts to connect since a connection last held.
    var attempts = 0
    var wasOpen = false
    /// Times of messages that said nothing.
    var garbage: [CallTime] = []

    var listening = RealtimeListening()
    /// Turns that this connection has heard.
    var heardTurns: Set<TurnID> = []
    /// When the draft is no longer waited with; `nil` while its turn's words are owed.
    var draftDue: CallTime?

    var replies: [RealtimeReply] = []
    var lastReply = 0
    var running: Running?
    var lastResponse = 0
    /// The server was not ready for a response.
    var notBefore = CallTime.zero
    var lastItem = 0
    /// Octets of sound to a character: 60 ms, until the model has been heard.
    var rate = 480

    var calls = RealtimeCalls()
    var callCount = 0
    var memory = RealtimeMemory()
    /// The newest reply of which the memory does not hold what was heard.
    var unrecorded: Generation?

    init(_ settings: RealtimeSettings) { self.settings = settings }

    mutating func takeEffects() -> [Effect] {
        defer { effects.removeAll(keepingCapacity: true) }
        return effects
    }

    var isOpen: Bool { if case .open = link { true } else { false } }
    /// What is asked now may yet be answered.
    var isHopeful: Bool { attempts <= 2 }

    // MARK: The recogniser's role

    /// - Parameter samples: 8 kHz.
    mutating func feed(_ samples: Span<Int16>) { send(listening.feed(samples, isOpen: isOpen)) }

    mutating func pause(_ turn: TurnID) { if isOpen { send(listening.flush()) } }

    mutating func finish(_ turn: TurnID, at now: CallTime) {
        if listening.lost > 0 { tell(.recognizer, .gap, "\(listening.lost / 8) ms") }
        guard isHopeful || isOpen else {
            _ = listening.cancel(turn, isOpen: false)
            return effects.append(.recognizer(.failed(turn)))
        }
        let due = isOpen ? now + settings.times.transcript : CallTime(nanoseconds: .max)
        discardDraft(at: now)
        guard let messages = listening.finish(turn, isOpen: isOpen, due: due) else {
            return effects.append(.recognizer(.final(turn, "")))
        }
        if isOpen { heardTurns.insert(turn) }
        send(messages)
        addReply(nil, turn, want: RealtimeReply.Want())
        pump(at: now)
    }

    mutating func cancel(_ turn: TurnID, at now: CallTime) {
        if let draft = draft, replies[draft].turn == turn { discard(draft, at: now) }
        send(listening.cancel(turn, isOpen: isOpen))
        pump(at: now)
    }

    // MARK: The voice's role

    mutating func speak(_ text: String, _ generation: Generation, clause: Int, at now: CallTime) {
        guard let index = index(of: generation) else {
            let error = EngineError(engine: settings.name, message: "it speaks only its own answers")
            return effects.append(.speech(.failed(generation, clause: clause, error)))
        }
        replies[index].speech.speak(text, clause: clause)
        pump(at: now)
    }

    mutating func cancelSpeech(_ generation: Generation) {
        if let index = index(of: generation) { replies[index].speech.isMuted = true }
    }

    // MARK: What is due

    /// When `pass` is to be called, at the latest.
    var nextDeadline: CallTime? {
        var next: CallTime?
        func consider(_ time: CallTime?) {
            guard let time, time.nanoseconds < .max else { return }
            next = next.map { min($0, time) } ?? time
        }
        consider(listening.nextDue)
        consider(draftDue)
        if let running {
            consider(running.cancelledAt.map { $0 + settings.times.cancellation } ?? stallDue(running))
        } else if isOpen, replies.contains(where: { $0.want != nil }), notBefore > .zero {
            consider(notBefore)
        }
        for reply in replies { consider(reply.wordlessSince.map { $0 + Self.wordless }) }
        if case .waiting(let until) = link { consider(until) }
        return next
    }

    func stallDue(_ running: Running) -> CallTime { running.lastSign + settings.times.stall }

    mutating func pass(at now: CallTime) {
        if case .waiting(let until) = link, now >= until { connect() }
        while let overdue = listening.settle(dueBy: now) { settle(overdue, words: nil, at: now) }
        if let due = draftDue, now >= due { discardDraft(at: now) }
        if let running {
            if let since = running.cancelledAt {
                if now >= since + settings.times.cancellation { conclude(status: "cancelled", at: now) }
            } else if now >= stallDue(running) {
                tell(.agent, .stalled, "no sign for \(settings.times.stall.milliseconds) ms")
                conclude(status: "failed", mayAskAgain: false, at: now)
                // Most likely nobody is at the other end any more.
                effects.append(.disconnect)
                closed("no sign of an answer", at: now)
            }
        }
        for index in replies.indices {
            if let since = replies[index].wordlessSince, now >= since + Self.wordless { name(wordless: index) }
        }
        if now >= notBefore { notBefore = .zero }
        pump(at: now)
    }

    // MARK: Replies

    var draft: Int? { replies.firstIndex { $0.isDraft && $0.ending == nil } }

    func index(of generation: Generation) -> Int? { replies.firstIndex { $0.generation == generation } }

    func index(ofReply number: Int) -> Int? { replies.firstIndex { $0.number == number } }

    mutating func addReply(_ generation: Generation?, _ turn: TurnID, want: RealtimeReply.Want) {
        lastReply += 1
        replies.append(
            RealtimeReply(
                number: lastReply, generation: generation, turn: turn, want: want, engine: settings.name))
    }

    mutating func discardDraft(at now: CallTime) { if let draft { discard(draft, at: now) } }

    /// As if it had never been.
    mutating func discard(_ index: Int, at now: CallTime) {
        if replies[index].isDraft { draftDue = nil }
        end(index, .discarded, at: now)
    }

    mutating func end(_ index: Int, _ ending: RealtimeReply.Ending, at now: CallTime) {
        replies[index].ending = ending
        replies[index].want = nil
        replies[index].held = []
        replies[index].wordlessSince = nil
        replies[index].speech.isMuted = true
        stop(index, at: now)
    }

    /// The server is to say no more of it.
    mutating func stop(_ index: Int, at now: CallTime) {
        guard let running, running.reply == replies[index].number, running.cancelledAt == nil else { return }
        effects.append(.send(RealtimeMessages.cancel()))
        self.running?.cancelledAt = now
    }

    /// To the call, or kept for it.
    mutating func tell(_ part: ReplyPart, _ index: Int) {
        guard replies[index].ending == nil, !replies[index].isDone else { return }
        if let generation = replies[index].generation {
            effects.append(.reply(generation, part))
        } else {
            replies[index].held.append(part)
        }
    }

    mutating func tell(_ role: EngineRole, _ kind: EngineNews.Kind, _ detail: String) {
        effects.append(.news(role, kind, detail))
    }

    mutating func send(_ messages: [[UInt8]]) {
        guard isOpen else { return }
        for message in messages { effects.append(.send(message)) }
    }
}
