import ParleyCore

/// The turns of a connection whose engine tells, for its words, the time in all of the audio that it was sent.
///
/// Words belong to the turn in whose stretch they lie; those of turns that are over belong to none.
package struct StreamTurns: Sendable {
    private struct Turn: Sendable {
        let number: Int
        let start: CallTime
        var end: CallTime?
        /// Behind this place there are no words.
        var quietFrom: CallTime?
        var transcript = SpanTranscript()
        /// The engine has said something since it began.
        var isAnswered = false

        var isSettled: Bool {
            guard let quietFrom else { return false }
            return transcript.settledThrough(from: start) + .frame >= quietFrom
        }

        func overlap(_ piece: SpanTranscript.Piece) -> (start: CallTime, end: CallTime)? {
            let from = max(start, piece.start)
            let to = end.map { min($0, piece.end) } ?? piece.end
            return from < to ? (from, to) : nil
        }
    }

    /// Of all that was sent.
    package private(set) var position = CallTime.zero
    private var turns: [Turn] = []

    /// What an engine may be wrong by about how much it was sent.
    private static let slack = CallTime.milliseconds(100)

    package init() {}

    package mutating func add(_ length: CallTime, to turn: Int) {
        begin(turn)
        position += length
    }

    /// - Parameter quiet: of its end.
    package mutating func finish(_ turn: Int, quiet: CallTime) {
        begin(turn)
        let last = turns.count - 1
        turns[last].end = position
        turns[last].quietFrom = position - quiet
    }

    /// - Returns: whether the turn was still being sent.
    package mutating func forget(_ turn: Int) -> Bool {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return false }
        return turns.remove(at: index).end == nil
    }

    package mutating func settle(_ piece: SpanTranscript.Piece) {
        divide(piece) { turn, part in turn.transcript.settle(part) }
    }

    /// Nothing more comes of this stretch than what has come.
    package mutating func settle(from start: CallTime, to end: CallTime) {
        settle(SpanTranscript.Piece(start, end, ""))
    }

    package mutating func hear(_ piece: SpanTranscript.Piece) {
        divide(piece) { turn, part in turn.transcript.hear(part) }
    }

    /// Turns with words that may be new.
    package var words: [(turn: Int, text: String)] { turns.map { ($0.number, $0.transcript.text) } }

    /// The finished turns all of whose words are settled; they are over with that.
    package mutating func takeSettled() -> [(turn: Int, text: String)] {
        let done = turns.filter(\.isSettled).map { ($0.number, $0.transcript.settledText) }
        turns.removeAll(where: \.isSettled)
        return done
    }

    /// The engine has said something about the audio so far.
    package mutating func noteAnswer() {
        for index in turns.indices { turns[index].isAnswered = true }
    }

    /// Whether the engine has said anything since a turn began.
    package func isAnswered(_ turn: Int) -> Bool { turns.first { $0.number == turn }?.isAnswered ?? false }

    /// Whether that place can be in the audio that was sent. An engine with a wrong idea of the rate has others.
    package func isWithin(_ place: CallTime) -> Bool { place <= position + Self.slack }

    /// All the words of a turn as they stand, and where it ends; the turn is over with that.
    package mutating func take(_ turn: Int) -> (text: String, end: CallTime)? {
        guard let index = turns.firstIndex(where: { $0.number == turn }) else { return nil }
        let taken = turns.remove(at: index)
        return (taken.transcript.text, taken.end ?? position)
    }

    private mutating func begin(_ turn: Int) {
        if turns.last?.number != turn { turns.append(Turn(number: turn, start: position)) }
    }

    /// Gives each turn its part of a piece: all of it, where no word lies in another turn.
    private mutating func divide(
        _ piece: SpanTranscript.Piece, _ body: (inout Turn, SpanTranscript.Piece) -> Void
    ) {
        let owners = turns.filter { $0.overlap(piece) != nil }
        for index in turns.indices {
            guard let span = turns[index].overlap(piece) else { continue }
            var part = SpanTranscript.Piece(span.start, span.end, "")
            if piece.words.isEmpty {
                if owners.count == 1 || (span.start <= piece.middle && piece.middle < span.end) {
                    part.text = piece.text
                }
            } else {
                part.words = piece.words.filter { span.start <= $0.middle && $0.middle < span.end }
                part.text =
                    part.words.count == piece.words.count
                    ? piece.text : SpanTranscript.joined(part.words.map(\.text))
            }
            body(&turns[index], part)
        }
    }
}
