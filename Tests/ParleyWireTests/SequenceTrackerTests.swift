import ParleyCore
import ParleyWire
import Testing

@Suite("Sequence tracker")
struct SequenceTrackerTests {
    /// Judges 20 ms messages of (sequence, timestamp).
    private func verdicts(_ messages: [(Int, Int)], modulus: Int = 0) -> [SequenceTracker.Verdict] {
        var tracker = SequenceTracker(modulus: modulus)
        return messages.map { tracker.take(sequence: $0.0, timestamp: $0.1, length: 20) }
    }

    @Test("A steady stream is in order, wherever it begins and whichever counters it has")
    func steady() {
        #expect(verdicts((0..<200).map { ($0 + 7, $0 * 20 + 45) }).allSatisfy { $0 == .inOrder })
        #expect(verdicts((0..<200).map { ($0, -1) }).allSatisfy { $0 == .inOrder })
        #expect(verdicts((0..<200).map { (-1, $0 * 20) }).allSatisfy { $0 == .inOrder })
        #expect(verdicts((0..<200).map { _ in (-1, -1) }).allSatisfy { $0 == .inOrder })
    }

    @Test("A hole is as long as the timestamps say")
    func gaps() {
        #expect(verdicts([(1, 0), (3, 40)]) == [.inOrder, .gap(milliseconds: 20)])
        #expect(verdicts([(1, 0), (52, 1_020)]) == [.inOrder, .gap(milliseconds: 1_000)])
        #expect(verdicts([(1, 0), (53, 1_040)]) == [.inOrder, .resync(milliseconds: 1_020)])
        #expect(verdicts([(1, 0), (4, -1)]) == [.inOrder, .gap(milliseconds: 40)])
        #expect(verdicts([(1, -1), (53, -1)]) == [.inOrder, .resync(milliseconds: 1_020)])
        #expect(verdicts([(-1, 0), (-1, 120)]) == [.inOrder, .gap(milliseconds: 100)])
        // The provider dropped audio before it counted.
        #expect(verdicts([(1, 0), (2, 300), (3, 320)]) == [.inOrder, .gap(milliseconds: 280), .inOrder])
        // A jump of the count without one of time is no hole.
        #expect(verdicts([(1, 0), (90, 20), (91, 40)]) == [.inOrder, .inOrder, .inOrder])
        #expect(verdicts([(1, 0), (Int.max, -1)]) == [.inOrder, .resync(milliseconds: .max)])
    }

    @Test("Timestamps that jitter by a frame are no hole")
    func jitter() {
        #expect(verdicts([(1, 0), (2, 31), (3, 40), (4, 79), (5, 80), (6, 100)]).allSatisfy { $0 == .inOrder })
    }

    @Test("Doubled and late messages are dropped")
    func duplicates() {
        #expect(verdicts([(1, 0), (2, 20), (2, 20), (3, 40)]) == [.inOrder, .inOrder, .duplicate, .inOrder])
        #expect(
            verdicts([(1, 0), (3, 40), (2, 20), (4, 60)]) == [.inOrder, .gap(milliseconds: 20), .duplicate, .inOrder])
        #expect(verdicts([(5, -1), (5, -1), (6, -1)]) == [.inOrder, .duplicate, .inOrder])
        #expect(verdicts([(-1, 20), (-1, 20), (-1, 40)]) == [.inOrder, .duplicate, .inOrder])
    }

    @Test("Timestamps win over the count")
    func timestampsWin() {
        #expect(verdicts((0..<50).map { (1, $0 * 20) }).allSatisfy { $0 == .inOrder })
        #expect(verdicts((0..<50).map { ($0, 0) }).allSatisfy { $0 == .inOrder })
    }

    @Test("A peer that begins to count anew is followed, at once from afar, after five messages from near")
    func restart() {
        let far = verdicts((1...100).map { ($0, $0 * 20) } + (1...3).map { ($0, $0 * 20) })
        #expect(far[100...] == [.resync(milliseconds: 0), .inOrder, .inOrder])
        let near = verdicts((1...20).map { ($0, $0 * 20) } + (1...10).map { ($0, $0 * 20) })
        let expected: [SequenceTracker.Verdict] =
            Array(repeating: .duplicate, count: 5) + [.resync(milliseconds: 0)] + Array(repeating: .inOrder, count: 4)
        #expect(Array(near[20...]) == expected)
    }

    @Test("A peer whose counters stand still is heard after 100 ms")
    func standingStill() {
        let all = verdicts((0..<100).map { _ in (1, 0) })
        #expect(all.count { $0 == .duplicate } == 5)
        #expect(all[7...].allSatisfy { $0 == .inOrder })
    }

    @Test("A 16-bit count wraps")
    func wrap() {
        let messages = [(65_534, -1), (65_535, -1), (0, -1), (0, -1), (2, -1)]
        #expect(
            verdicts(messages, modulus: 65_536) == [.inOrder, .inOrder, .inOrder, .duplicate, .gap(milliseconds: 20)])
    }

    @Test("Ten malformed messages in a call, or fifty bad media in ten seconds, close it")
    func tolerance() {
        var tolerance = WireTolerance()
        let malformed = WireError.malformed(JSONError(.unexpectedEnd, offset: 0))
        for _ in 0..<9 { #expect(tolerance.take(malformed, at: .zero) == nil) }
        #expect(tolerance.take(malformed, at: .seconds(900)) == 1008)

        var media = WireTolerance()
        for index in 0..<49 { #expect(media.take(.badMedia(.size), at: .milliseconds(index)) == nil) }
        var late = media
        #expect(media.take(.badMedia(.size), at: .milliseconds(9_999)) == 1008)
        // Fifty, but the first is ten seconds old; and one more every 205 ms is never fifty in ten seconds.
        #expect(late.take(.badMedia(.size), at: .milliseconds(10_000)) == nil)
        for index in 1...500 { #expect(late.take(.badMedia(.size), at: .milliseconds(20_000 + index * 205)) == nil) }
        #expect(late.badMediaCount == 550)

        #expect(tolerance.take(.outOfOrder("x"), at: .zero) == 1008)
        #expect(tolerance.take(.unexpectedBinary, at: .zero) == 1003)
    }
}
