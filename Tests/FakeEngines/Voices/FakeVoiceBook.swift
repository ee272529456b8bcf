import Synchronization

/// One clause that a fake voice was asked for.
public struct FakeClause: Equatable, Sendable {
    /// Of the server, from 0.
    public let number: Int
    /// Of the server, from 0.
    public let connection: Int
    /// As it was sent, in one or several messages.
    public let text: String
}

/// What became of a clause.
public enum FakeClauseEnding: Equatable, Sendable {
    case ended
    /// By the client.
    case cancelled
    /// By the script, in the middle.
    case broken
    /// The client had gone.
    case gone
}

/// What a fake voice was asked for, what it did, and what its clients did wrong.
public final class FakeVoiceBook: Sendable {
    public let violations = FakeRecord<FakeViolation>()
    public let clauses = FakeRecord<FakeClause>()
    /// By the clause's number, in the order in which they ended.
    public let endings = FakeRecord<(clause: Int, ending: FakeClauseEnding)>()
    private let current: Mutex<FakeVoiceScript>

    init(_ script: FakeVoiceScript) { current = Mutex(script) }

    /// May be changed while the server runs: for clauses that are not yet asked for.
    public var script: FakeVoiceScript {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    func violation(_ connection: Int, _ words: String) {
        violations.append(FakeViolation(connection: connection, what: words))
    }

    /// What is to happen to a connection that opens.
    func opening(_ connection: Int) -> FakeVoiceFault? {
        script.faults(connection: connection, clause: nil).first { fault in
            switch fault {
            case .refuse, .neverAnswers: true
            default: false
            }
        }
    }

    /// Enters a clause.
    func ask(_ text: String, connection: Int) -> FakeClause {
        // All handlers are on the fakes' one thread.
        let clause = FakeClause(number: clauses.count, connection: connection, text: text)
        clauses.append(clause)
        return clause
    }

    func plan(_ clause: FakeClause, shape: SoundShape) -> ClausePlan {
        ClausePlan(
            clause.text, clause: clause.number, shape: shape, script: script,
            faults: script.faults(connection: clause.connection, clause: clause.number))
    }

    /// Speaks a clause, and enters what became of it.
    func perform(_ clause: FakeClause, _ shape: SoundShape, _ ticket: ClauseTicket, on writer: some ClauseWriter) async
    {
        let ending = await plan(clause, shape: shape).perform(ticket, on: writer)
        endings.append((clause.number, ending))
    }
}
