import Synchronization

/// What a recogniser hears, and how it fails.
public struct FakeScript: Sendable {
    /// What the n-th turn is the n-th of.
    public enum Numbering: Sendable {
        /// All connections together: a turn that is told again over a new connection gets the line that it would have got.
        case server
        /// Each connection begins with the first line.
        case connection
    }

    /// What each turn says. A turn beyond them says nothing.
    public var lines: [String]
    public var numbering = Numbering.server
    public var faults: [FakeFault] = []

    /// How long each word of a line takes to say: so much audio makes a partial longer by one word.
    public var wordMilliseconds = 300
    /// After so many words those before are settled, in the middle of a turn. Nil: only at its end.
    public var wordsPerSegment: Int? = 4
    /// Audio below `loudness` is silence. Where this is false all audio is speech, and there is no endpointing.
    public var hearsSilence = false
    /// Of a sample, on average over 20 ms.
    public var loudness = 200
    /// So much silence ends what was said, without being asked, where silence is heard.
    public var endpointMilliseconds: Int?
    /// A client that asks for the end of a turn after less silence than this has only paused: it gets the words so far, and the
    /// line goes on. Nil: whenever it asks, the turn is over.
    public var pauseMilliseconds: Int?
    /// A turn with less audio above `loudness` than this has no words, and its line is the next turn's: a real recogniser hears nothing
    /// in a cough.
    public var shortestMilliseconds = 0
    /// A turn's faults that strike in its middle do so after so much of its audio.
    public var middleMilliseconds = 300

    public init(lines: [String], faults: [FakeFault] = []) {
        self.lines = lines
        self.faults = faults
    }

    /// Of one connection, and of one of its turns where the fault is aimed at a turn.
    func faults(connection: Int, turn: Int) -> [FakeFault.Kind] {
        faults.filter { ($0.connection ?? connection) == connection && ($0.turn ?? turn) == turn }.map(\.kind)
    }

    func connecting(_ connection: Int) -> [FakeFault.Kind] {
        faults.filter { ($0.connection ?? connection) == connection && $0.turn == nil }.map(\.kind)
    }
}

/// One way to fail, and where.
public struct FakeFault: Equatable, Sendable {
    public enum Garbage: CaseIterable, Sendable { case notJSON, wrongTypes, unknownType, empty }

    public enum Kind: Equatable, Sendable {
        /// Instead of the upgrade (over TCP: the connection is closed at once).
        case refuse(status: Int, retryAfter: Int? = nil)
        /// The upgrade, or the first word over TCP, takes so long.
        case slowToConnect(Duration)
        /// The upgrade is never answered.
        case neverConnects
        /// From the turn on nothing is said any more; all is read.
        case neverAnswers
        /// After so many messages of the connection nothing is read any more.
        case stallsAfter(messages: Int)
        case closesMidTurn(code: UInt16)
        case dropsMidTurn
        /// The protocol's own error, in the middle of the turn.
        case reportsError
        /// So many, before the turn's final.
        case garbage(Garbage, times: Int)
        /// The last settled words come before those that were said before them; an old partial comes after.
        case outOfOrder
        /// The final comes so often.
        case repeatedFinals(times: Int)
        /// Partials for ever, as fast as they are taken, and no final.
        case endlessPartials
        /// A message that never ends.
        case endlessMessage
        /// One message of so many bytes.
        case hugeMessage(bytes: Int)
        /// What was asked for comes so much later: the final, and the words so far at a pause.
        case late(Duration)
        /// Times are counted as though there were twice as many samples a second: they run ahead of the audio.
        case wrongRate
    }

    public var kind: Kind
    /// From 0; nil: every connection.
    public var connection: Int?
    /// From 0, by the script's numbering; nil: every turn.
    public var turn: Int?

    public init(_ kind: Kind, connection: Int? = nil, turn: Int? = nil) {
        self.kind = kind
        self.connection = connection
        self.turn = turn
    }
}

/// How far a script has come.
final class FakeProgress: Sendable {
    private let script: FakeScript
    private let turns = Mutex<[Int: Int]>([:])

    init(_ script: FakeScript) { self.script = script }

    /// The turn that a connection is in, or will begin.
    func turn(_ connection: Int) -> Int { turns.withLock { $0[key(connection), default: 0] } }

    func line(_ turn: Int) -> String { script.lines.indices.contains(turn) ? script.lines[turn] : "" }

    func finish(_ connection: Int) { turns.withLock { $0[key(connection), default: 0] += 1 } }

    private func key(_ connection: Int) -> Int { script.numbering == .server ? -1 : connection }
}
