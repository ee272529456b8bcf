import ParleyCore
import ParleySpeech

/// The connection: made at the call's beginning, and once more when it is lost.
extension RealtimeMachine {
    /// A connection that held for so long was a good one.
    private static let trusted = CallTime.seconds(5)

    mutating func connect() {
        attempts += 1
        link = .connecting
        effects.append(.connect)
    }

    mutating func opened(at now: CallTime) {
        link = .open(since: now)
        if wasOpen { tell(.agent, .reconnected, "") }
        wasOpen = true
        send([RealtimeMessages.session(settings)] + memory.messages(settings.dialect))
        let due = now + settings.times.transcript
        heardTurns.formUnion(listening.awaited.map(\.turn))
        send(listening.reopen(due: due))
        pump(at: now)
    }

    /// - Parameter reason: for the operator; without secrets.
    mutating func closed(_ reason: String, at now: CallTime) {
        let wasOpen = isOpen
        if case .open(let since) = link, now - since >= Self.trusted { attempts = 0 }
        link = .idle
        tell(.agent, .failed, reason)
        garbage = []
        heardTurns = []
        listening.wait()
        if wasOpen { loseReplies(at: now) }
        running = nil
        guard attempts >= 2 else { return connect() }
        attempts = max(attempts, 3)
        giveUp(at: now)
        // Longer each time, to four times as long.
        let wait = settings.times.retry.nanoseconds << Int64(min(attempts - 3, 2))
        link = .waiting(until: now + CallTime(nanoseconds: wait))
    }

    /// What the server was at is lost; what nobody was told of is begun again.
    private mutating func loseReplies(at now: CallTime) {
        let running = running
        self.running = nil
        for index in replies.indices {
            replies[index].items = []
            replies[index].callItems = []
            replies[index].ownItems = []
            replies[index].wordlessSince = nil
            guard replies[index].ending == nil else { continue }
            if replies[index].isDraft || (replies[index].characters == 0 && !replies[index].hasActed) {
                guard running?.reply == replies[index].number || replies[index].isDraft else { continue }
                replies[index].speech = RealtimeSpeech(engine: settings.name)
                replies[index].held = []
                replies[index].heldCalls = []
                replies[index].characters = 0
                replies[index].want = running?.reply == replies[index].number ? running?.want : RealtimeReply.Want()
            } else if running?.reply == replies[index].number {
                loseSpeech(index)
                fail(index, at: now)
            }
        }
    }

    private mutating func loseSpeech(_ index: Int) {
        guard let generation = replies[index].generation else { return }
        let error = EngineError(engine: settings.name, message: "the connection was lost", isRetryable: true)
        for clause in replies[index].speech.clausesOwed {
            effects.append(.speech(.failed(generation, clause: clause, error)))
        }
        replies[index].speech.isMuted = true
    }

    /// Nobody is kept waiting for what has failed twice.
    private mutating func giveUp(at now: CallTime) {
        for turn in listening.giveUp() { effects.append(.recognizer(.failed(turn))) }
        discardDraft(at: now)
        for index in replies.indices where replies[index].ending == nil && !replies[index].isDone {
            loseSpeech(index)
            fail(index, at: now)
        }
        pump(at: now)
    }
}
