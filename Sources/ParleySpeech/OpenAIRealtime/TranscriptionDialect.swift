import ParleyCore
import ParleyWire

/// OpenAI Realtime as a recogniser. Source: protocols.md 6.5.
///
/// Each turn is committed as one item; its words come under the item's id, which the engine tells when it takes the commit.
struct TranscriptionDialect: RecognizerDialect {
    /// A commit of less is refused.
    static let shortestTurn = CallTime.milliseconds(100)
    private static let sessionEvent = "session"
    /// More than a turn's words can be.
    private static let longestText = 64 << 10
    /// Items whose turns are remembered.
    private static let memory = 64

    private struct Turn {
        let number: Int
        var item: String?
        var length = CallTime.zero
        var isCommitted = false
        var text = ""
    }

    private static let tooShort = "input_audio_buffer_commit_empty"

    private let session: TranscriptionSession
    private var isSet = false
    private var turns: [Turn] = []
    /// Turns whose commit the engine has not confirmed, oldest first; they may be over.
    private var commits: [Int] = []
    /// The items that are known, oldest first, and the turns of theirs, which may be over.
    private var items: [(id: String, turn: Int)] = []

    init(_ session: TranscriptionSession) { self.session = session }

    mutating func open(into line: inout DialectLine) {
        line.send(.text(session.update(eventID: Self.sessionEvent)))
    }

    mutating func audio(_ octets: [UInt8], length: CallTime, of turn: Int, into line: inout DialectLine) {
        if turns.last?.number != turn { turns.append(Turn(number: turn)) }
        turns[turns.count - 1].length += length
        var message = Array(#"{"type":"input_audio_buffer.append","audio":""#.utf8)
        message.reserveCapacity(message.count + Base64.encodedCount(octets.count) + 2)
        Base64.append(octets.span, to: &message)
        message += Array("\"}".utf8)
        line.send(.text(message))
    }

    mutating func finish(_ turn: Int, quiet: CallTime, into line: inout DialectLine) {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return line.tell(.final(turn, "")) }
        guard turns[index].length >= Self.shortestTurn else {
            clear(into: &line)
            turns.remove(at: index)
            return line.tell(.final(turn, ""))
        }
        turns[index].isCommitted = true
        commits.append(turn)
        line.send(text: #"{"type":"input_audio_buffer.commit","event_id":"\#(Self.commitEvent(turn))"}"#)
    }

    mutating func cancel(_ turn: Int, into line: inout DialectLine) {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
        if !turns.remove(at: index).isCommitted { clear(into: &line) }
    }

    mutating func conclude(_ turn: Int, into line: inout DialectLine) {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
        line.tell(.final(turn, turns.remove(at: index).text))
    }

    mutating func receive(text message: UnsafeRawBufferPointer, into line: inout DialectLine) {
        guard let message = TranscriptionMessage(message) else { return line.tell(.garbage) }
        switch message.type {
        case "session.updated", "transcription_session.updated":
            isSet = true
            line.tell(.ready)
        case "input_audio_buffer.committed": committed(message, into: &line)
        case "conversation.item.input_audio_transcription.delta": delta(message, into: &line)
        case "conversation.item.input_audio_transcription.completed": completed(message, into: &line)
        case "conversation.item.input_audio_transcription.failed": failed(message, into: &line)
        case "error": problem(message, into: &line)
        default: line.tell(.alive)
        }
    }

    // MARK: Items

    private mutating func committed(_ message: TranscriptionMessage, into line: inout DialectLine) {
        guard let item = message.item else { return line.tell(.garbage) }
        line.tell(.alive)
        if let known = items.first(where: { $0.id == item }) {
            // Words came ahead of this, or it comes a second time.
            return commits.removeAll { $0 == known.turn }
        }
        guard !commits.isEmpty else { return }
        let turn = commits.removeFirst()
        remember(item, turn)
        if let index = turns.firstIndex(where: { $0.number == turn }) { turns[index].item = item }
    }

    private mutating func delta(_ message: TranscriptionMessage, into line: inout DialectLine) {
        guard let item = message.item, let delta = message.delta else { return line.tell(.garbage) }
        guard let index = turn(of: item), turns[index].text.utf8.count + delta.utf8.count <= Self.longestText else {
            return line.tell(.alive)
        }
        turns[index].text += delta
        line.tell(.partial(turns[index].number, turns[index].text))
    }

    private mutating func completed(_ message: TranscriptionMessage, into line: inout DialectLine) {
        guard let item = message.item, let transcript = message.transcript else { return line.tell(.garbage) }
        guard let index = turn(of: item), turns[index].isCommitted else { return line.tell(.alive) }
        line.tell(.final(turns.remove(at: index).number, transcript))
    }

    private mutating func failed(_ message: TranscriptionMessage, into line: inout DialectLine) {
        guard let item = message.item else { return line.tell(.garbage) }
        guard let index = turn(of: item) else { return line.tell(.alive) }
        let reason = PeerText.line(message.problem?.message ?? "it could not transcribe this turn")
        line.tell(.failed(turns.remove(at: index).number, reason))
    }

    /// Most errors leave the session as it is.
    private mutating func problem(_ message: TranscriptionMessage, into line: inout DialectLine) {
        guard let problem = message.problem else { return line.tell(.garbage) }
        let reason = PeerText.line(problem.message.isEmpty ? problem.code : problem.message)
        guard isSet, problem.eventID != Self.sessionEvent else { return line.tell(.fault(reason)) }
        // Not every server says what an error is about.
        let isAbout = { (turn: Int) in
            problem.eventID.isEmpty ? problem.code == Self.tooShort : Self.commitEvent(turn) == problem.eventID
        }
        guard let commit = commits.firstIndex(where: isAbout) else { return line.tell(.alive) }
        let turn = commits.remove(at: commit)
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
        turns.remove(at: index)
        line.tell(problem.code == Self.tooShort ? .final(turn, "") : .failed(turn, reason))
    }

    /// Where the turn of an item stands; `nil`: that is over. An item that nothing is known of is the oldest turn's without one.
    private mutating func turn(of item: String) -> Int? {
        if let known = items.first(where: { $0.id == item }) { return turns.firstIndex { $0.number == known.turn } }
        guard let index = turns.firstIndex(where: { $0.item == nil }) else { return nil }
        turns[index].item = item
        remember(item, turns[index].number)
        return index
    }

    private mutating func remember(_ item: String, _ turn: Int) {
        items.append((item, turn))
        if items.count > Self.memory { items.removeFirst() }
    }

    /// Drops the audio that is not committed.
    private func clear(into line: inout DialectLine) { line.send(text: #"{"type":"input_audio_buffer.clear"}"#) }

    private static func commitEvent(_ turn: Int) -> String { "commit-\(turn)" }
}
