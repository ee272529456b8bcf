import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Words by their place in the audio")
struct SpanTranscriptTests {
    private typealias Piece = SpanTranscript.Piece

    /// A piece whose words share its time.
    private static func piece(_ start: Int, _ end: Int, _ text: String) -> Piece {
        let texts = text.split(separator: " ").map(String.init)
        let each = texts.isEmpty ? 0 : (end - start) / texts.count
        let words = texts.enumerated().map { index, text in
            SpanTranscript.Word(
                text, .milliseconds(start + each * index), .milliseconds(start + each * (index + 1)))
        }
        return Piece(.milliseconds(start), .milliseconds(end), text, words: words)
    }

    @Test(
        "Pieces in any order, twice and overlapping give each word once",
        arguments: [
            [(0, 1_000, "book a"), (1_000, 2_000, "table please")],
            [(1_000, 2_000, "table please"), (0, 1_000, "book a")],
            [
                (0, 1_000, "book a"), (0, 1_000, "book a"), (1_000, 2_000, "table please"),
                (1_000, 2_000, "table please"),
            ],
            [(0, 1_000, "book a"), (500, 2_000, "a table please")],
            [(0, 2_000, "book a table please"), (1_000, 2_000, "table please")],
            [(1_000, 2_000, "table please"), (0, 2_000, "book a table please")],
        ])
    func once(pieces: [(Int, Int, String)]) {
        var transcript = SpanTranscript()
        for (start, end, text) in pieces { transcript.settle(Self.piece(start, end, text)) }
        #expect(transcript.text == "book a table please")
    }

    @Test("The same word said twice is two words")
    func saidTwice() {
        var transcript = SpanTranscript()
        transcript.settle(Self.piece(0, 500, "no"))
        transcript.settle(Self.piece(500, 1_000, "no"))
        #expect(transcript.text == "no no")
    }

    @Test("What may change is replaced by what comes after it, and by what is settled")
    func moving() {
        var transcript = SpanTranscript()
        transcript.hear(Self.piece(0, 400, "look"))
        #expect(transcript.text == "look")
        transcript.hear(Self.piece(0, 800, "book a"))
        #expect(transcript.text == "book a")
        transcript.settle(Self.piece(0, 1_000, "Book a"))
        #expect(transcript.text == "Book a" && transcript.settledText == "Book a")
        transcript.hear(Self.piece(1_000, 1_500, "table"))
        #expect(transcript.text == "Book a table" && transcript.settledText == "Book a")
        // An old one that comes late is settled already.
        transcript.hear(Self.piece(0, 400, "look"))
        #expect(transcript.text == "Book a")
    }

    @Test("Pieces without times of words go by their middle")
    func withoutWords() {
        var transcript = SpanTranscript()
        transcript.settle(Piece(.milliseconds(0), .milliseconds(1_000), "book a"))
        transcript.settle(Piece(.milliseconds(100), .milliseconds(1_000), "book a"))
        transcript.settle(Piece(.milliseconds(900), .milliseconds(2_000), "table"))
        #expect(transcript.text == "book a table")
    }

    @Test("How far all is settled stops at the first gap")
    func reach() {
        var transcript = SpanTranscript()
        transcript.settle(Self.piece(1_000, 2_000, "table"))
        #expect(transcript.settledThrough(from: .zero) == .zero)
        transcript.settle(Self.piece(0, 900, "book a"))
        #expect(transcript.settledThrough(from: .zero) == .milliseconds(2_000))
        transcript.settle(from: .milliseconds(2_000), to: .milliseconds(3_000))
        #expect(transcript.settledThrough(from: .zero) == .milliseconds(3_000))
    }

    @Test("A peer that never stops settling is not listened to for ever")
    func bounded() {
        var transcript = SpanTranscript()
        let long = String(repeating: "x", count: 1_000)
        for index in 0..<5_000 { transcript.settle(Self.piece(index * 10, index * 10 + 10, long)) }
        #expect(transcript.text.utf8.count <= (64 << 10) + 100)
    }

    @Test("Words go to the turn in whose audio they lie; those of turns that are over go nowhere")
    func turns() {
        var stream = StreamTurns()
        stream.add(.milliseconds(1_000), to: 1)
        stream.finish(1, quiet: .milliseconds(300))
        stream.add(.milliseconds(1_000), to: 2)
        stream.settle(Self.piece(600, 1_400, "yes no"))
        #expect(stream.words.map(\.text) == ["yes", "no"])
        stream.settle(Self.piece(0, 600, "well oh"))
        let done = stream.takeSettled()
        #expect(done.map(\.turn) == [1] && done.map(\.text) == ["well oh yes"])
        stream.settle(Self.piece(0, 600, "well oh"))
        #expect(stream.words.map(\.text) == ["no"])
        #expect(stream.forget(2) == true)
        #expect(stream.forget(2) == false)
    }

    @Test("A turn is settled as soon as all but its quiet end is")
    func quietEnd() {
        var stream = StreamTurns()
        stream.add(.milliseconds(1_500), to: 1)
        stream.settle(Self.piece(0, 1_000, "yes"))
        #expect(stream.takeSettled().isEmpty)
        stream.finish(1, quiet: .milliseconds(400))
        #expect(stream.takeSettled().isEmpty)
        stream.settle(Self.piece(1_000, 1_100, ""))
        #expect(stream.takeSettled().map(\.text) == ["yes"])
    }
}
