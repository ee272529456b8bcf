import ParleyCore

/// A turn's words, put together from pieces that say which stretch of the audio they are for.
///
/// Pieces may come out of order, twice, or overlap: each word counts once, by its place. Times count from the start of the audio
/// that the engine was sent.
package struct SpanTranscript: Sendable {
    package struct Word: Equatable, Sendable {
        package var start: CallTime
        package var end: CallTime
        package var text: String

        package init(_ text: String, _ start: CallTime, _ end: CallTime) {
            self.text = text
            self.start = start
            self.end = end
        }

        package var middle: CallTime { CallTime(nanoseconds: start.nanoseconds / 2 + end.nanoseconds / 2) }
    }

    package struct Piece: Equatable, Sendable {
        package var start: CallTime
        package var end: CallTime
        /// As the engine writes it; empty for silence.
        package var text: String
        /// May be empty although there is text.
        package var words: [Word]

        package init(_ start: CallTime, _ end: CallTime, _ text: String, words: [Word] = []) {
            self.start = start
            self.end = end
            self.text = text
            self.words = words
        }

        package var middle: CallTime { CallTime(nanoseconds: start.nanoseconds / 2 + end.nanoseconds / 2) }

        fileprivate func holds(_ time: CallTime) -> Bool { time >= start && time < end }
    }

    /// Two pieces with no more than this between them are next to each other.
    private static let seam = CallTime.milliseconds(150)
    /// More pieces than a turn can have; what comes after them is dropped.
    private static let mostPieces = 1_000
    /// More than a turn's words can be, in UTF-8.
    private static let longestText = 64 << 10

    private struct Span: Sendable {
        var start: CallTime
        var end: CallTime
    }

    /// Settled and with words, by their start.
    private var settled: [Piece] = []
    /// Everything settled, by its start: silence, too.
    private var spans: [Span] = []
    private var moving: Piece?
    private var size = 0

    package init() {}

    /// These words will not change.
    package mutating func settle(_ piece: Piece) {
        guard spans.count < Self.mostPieces else { return }
        settle(from: piece.start, to: piece.end)
        if let moving, moving.middle < piece.end { self.moving = nil }
        guard !piece.text.isEmpty, let new = fresh(piece), size + new.text.utf8.count <= Self.longestText else {
            return
        }
        size += new.text.utf8.count
        settled.insert(new, at: settled.firstIndex { $0.start > new.start } ?? settled.endIndex)
    }

    /// What has not been told of this stretch will not be.
    package mutating func settle(from start: CallTime, to end: CallTime) {
        guard spans.count < Self.mostPieces else { return }
        spans.insert(Span(start: start, end: end), at: spans.firstIndex { $0.start > start } ?? spans.endIndex)
    }

    /// These words may change; they take the place of the ones before that might.
    package mutating func hear(_ piece: Piece) { moving = fresh(piece) }

    /// What will not change.
    package var settledText: String { Self.joined(settled) }

    package var text: String { Self.joined(settled + (moving.map { [$0] } ?? [])) }

    /// To where everything from `start` on is settled, without a gap.
    package func settledThrough(from start: CallTime) -> CallTime {
        var reached = start
        for span in spans {
            guard span.start <= reached + Self.seam else { break }
            reached = max(reached, span.end)
        }
        return reached
    }

    /// The piece without what is settled already; `nil` where nothing is new.
    private func fresh(_ piece: Piece) -> Piece? {
        let isSettled = { (time: CallTime) in settled.contains { $0.holds(time) } }
        guard !piece.words.isEmpty else { return isSettled(piece.middle) ? nil : piece }
        let words = piece.words.filter { !isSettled($0.middle) }
        guard words.count < piece.words.count else { return piece }
        guard !words.isEmpty else { return nil }
        return Piece(words[0].start, piece.end, Self.joined(words.map(\.text)), words: words)
    }

    private static func joined(_ pieces: [Piece]) -> String { joined(pieces.map(\.text)) }

    package static func joined(_ texts: [String]) -> String {
        texts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
