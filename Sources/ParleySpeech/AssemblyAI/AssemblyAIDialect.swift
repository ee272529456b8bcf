import ParleyCore
import ParleyWire

/// AssemblyAI's streaming recognition, version 3. Source: protocols.md 6.2.
///
/// The engine has turns of its own, here called spells; a turn ends with `ForceEndpoint` and may hold several of them. A spell's
/// text is always all of it, so that what comes late, twice, or first plain and then formatted takes its own place.
struct AssemblyAIDialect: RecognizerDialect {
    /// `ForceEndpoint` may have no answer, where nothing was said.
    static let forceTime = CallTime.milliseconds(500)
    /// For the formatted end that follows a plain one.
    static let moreTime = CallTime.milliseconds(150)
    /// The sound of a word goes on for this long behind its end.
    private static let wordTail = CallTime.milliseconds(160)
    /// What the engine may be wrong by about how much it was sent.
    private static let slack = CallTime.milliseconds(100)
    /// Spells whose owners are remembered.
    private static let memory = 64
    /// Owns the spells of turns that were over before they were heard of.
    private static let nobody = 0

    private struct Spell {
        let order: Int
        var text = ""
        var isOver = false
        var isFormatted = false
        var end: CallTime?
    }

    private struct Turn {
        let number: Int
        let start: CallTime
        var end: CallTime?
        /// Behind this place there are no words.
        var quietFrom: CallTime?
        var spells: [Spell] = []

        var text: String { SpanTranscript.joined(spells.map(\.text)) }
    }

    private let isFormatting: Bool
    private var position = CallTime.zero
    private var turns: [Turn] = []
    /// The turn that each spell belongs to; the turn may be over.
    private var owners: [Int: Int] = [:]

    let keepAliveAfter: CallTime? = .seconds(5)

    /// - Parameter isFormatting: a spell is over when its formatted text has come.
    init(isFormatting: Bool) { self.isFormatting = isFormatting }

    /// `Begin` says that it is ready.
    mutating func open(into line: inout DialectLine) {}

    mutating func audio(_ octets: [UInt8], length: CallTime, of turn: Int, into line: inout DialectLine) {
        begin(turn)
        position += length
        line.send(.binary(octets))
    }

    mutating func finish(_ turn: Int, quiet: CallTime, into line: inout DialectLine) {
        begin(turn)
        let last = turns.count - 1
        turns[last].end = position
        turns[last].quietFrom = position - quiet
        line.send(text: #"{"type":"ForceEndpoint"}"#)
        if isAllOver(turns[last]), isQuietBehindWords(turns[last]) { return conclude(turn, into: &line) }
        line.tell(.expect(turn, within: Self.forceTime))
    }

    mutating func cancel(_ turn: Int, into line: inout DialectLine) {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
        // What the caller says next is another spell.
        if turns.remove(at: index).end == nil { line.send(text: #"{"type":"ForceEndpoint"}"#) }
    }

    mutating func conclude(_ turn: Int, into line: inout DialectLine) {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return }
        line.tell(.final(turn, turns.remove(at: index).text))
    }

    mutating func keepAlive(into line: inout DialectLine) { line.send(text: #"{"type":"KeepAlive"}"#) }

    mutating func end(into line: inout DialectLine) { line.send(text: #"{"type":"Terminate"}"#) }

    mutating func receive(text message: UnsafeRawBufferPointer, into line: inout DialectLine) {
        guard let message = AssemblyAIMessage(message) else { return line.tell(.garbage) }
        switch message.type {
        case "Begin": line.tell(.ready)
        case "Turn": take(message, into: &line)
        case "Error", "": line.tell(.fault(PeerText.line(message.problem ?? "an error without a text")))
        default: line.tell(.alive)
        }
    }

    // MARK: Spells

    private mutating func take(_ message: AssemblyAIMessage, into line: inout DialectLine) {
        guard let order = message.order, let text = message.transcript else { return line.tell(.garbage) }
        guard message.end.map({ $0 <= position + Self.slack }) ?? true else {
            return line.tell(.fault("it has heard more audio than it was sent"))
        }
        guard let turn = owner(of: order, at: message.start) else { return line.tell(.alive) }
        var spell = takeSpell(order, of: turn)
        if !spell.isOver || (message.isEnd && message.isFormatted && !spell.isFormatted) {
            spell.text = text
            spell.isOver = spell.isOver || message.isEnd
            spell.isFormatted = spell.isFormatted || message.isFormatted
        }
        spell.end = message.end ?? spell.end
        let place = turns[turn].spells.firstIndex { $0.order > order } ?? turns[turn].spells.endIndex
        turns[turn].spells.insert(spell, at: place)
        if turns[turn].text.isEmpty {
            line.tell(.alive)
        } else {
            line.tell(.partial(turns[turn].number, turns[turn].text))
        }
        guard turns[turn].end != nil, message.isEnd else { return }
        if isAllOver(turns[turn]) { return conclude(turns[turn].number, into: &line) }
        line.tell(.expect(turns[turn].number, within: Self.moreTime))
    }

    private mutating func takeSpell(_ order: Int, of turn: Int) -> Spell {
        guard let index = turns[turn].spells.firstIndex(where: { $0.order == order }) else {
            return Spell(order: order)
        }
        return turns[turn].spells.remove(at: index)
    }

    private func isAllOver(_ turn: Turn) -> Bool {
        !turn.spells.isEmpty && turn.spells.allSatisfy { $0.isOver && ($0.isFormatted || !isFormatting) }
    }

    /// Whether a finished turn has no sound behind its last word, so that no other spell can follow.
    private func isQuietBehindWords(_ turn: Turn) -> Bool {
        guard let quietFrom = turn.quietFrom, let end = turn.spells.last?.end else { return false }
        return end + Self.wordTail >= quietFrom
    }

    /// Where a spell's turn stands; `nil`: that is over.
    ///
    /// - Parameter start: of its first word. A spell without times belongs to the oldest turn.
    private mutating func owner(of order: Int, at start: CallTime?) -> Int? {
        if let number = owners[order] { return turns.firstIndex { $0.number == number } }
        let found =
            start.map { start in turns.firstIndex { $0.start <= start && $0.end.map { start < $0 } ?? true } }
            ?? turns.indices.first
        owners[order] = found.map { turns[$0].number } ?? Self.nobody
        if owners.count > Self.memory, let oldest = owners.keys.min() { owners[oldest] = nil }
        return found
    }

    private mutating func begin(_ turn: Int) {
        if turns.last?.number != turn { turns.append(Turn(number: turn, start: position)) }
    }
}
