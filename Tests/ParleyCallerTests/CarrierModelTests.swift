import ParleyCore
import Testing

@testable import ParleyCaller

@Suite("The carrier's playout")
struct CarrierModelTests {
    private func ms(_ count: Int) -> CallTime { .milliseconds(count) }
    private func tone(_ milliseconds: Int) -> [Int16] { [Int16](repeating: 7, count: milliseconds * 8) }

    @Test("Media plays in real time, and a mark comes back when all before it has played")
    func marks() {
        var carrier = CarrierModel(sampleRate: 8_000)
        #expect(carrier.enqueue(tone(100), at: ms(10)) == ms(10))
        carrier.mark("a", at: ms(12))
        #expect(carrier.enqueue(tone(100), at: ms(15)) == ms(110))
        carrier.mark("b", at: ms(15))
        #expect(carrier.nextMark == ms(110))
        #expect(carrier.takeMarks(at: CallTime(nanoseconds: 109_999_999)) == [])
        #expect(carrier.takeMarks(at: ms(110)) == ["a"])
        #expect(carrier.nextMark == ms(210))
        #expect(carrier.takeMarks(at: ms(500)) == ["b"])
        #expect(carrier.outstandingMarks == 0)
    }

    @Test("With nothing queued a mark comes back at once")
    func emptyMark() {
        var carrier = CarrierModel(sampleRate: 8_000)
        carrier.mark("now", at: ms(300))
        #expect(carrier.takeMarks(at: ms(300)) == ["now"])
    }

    @Test("Clear drops what has not played and returns every mark, in order, once")
    func clear() {
        var carrier = CarrierModel(sampleRate: 8_000)
        carrier.enqueue(tone(200), at: ms(0))
        carrier.mark("a", at: ms(0))
        carrier.enqueue(tone(200), at: ms(0))
        carrier.mark("b", at: ms(0))
        #expect(carrier.clear(at: ms(100)) == ["a", "b"])
        #expect(carrier.takeMarks(at: ms(1_000)) == [])
        let heard = carrier.takeHeard(0..<3_200)
        #expect(heard.filter { $0 == 7 }.count == 800)
        // What comes after a clear plays from then on, and its marks behave.
        #expect(carrier.enqueue(tone(20), at: ms(500)) == ms(500))
        carrier.mark("c", at: ms(500))
        #expect(carrier.nextMark == ms(520))
    }

    @Test("The caller hears silence between stretches, and each sample once")
    func heard() {
        var carrier = CarrierModel(sampleRate: 8_000)
        carrier.enqueue(tone(30), at: ms(10))
        carrier.enqueue(tone(10), at: ms(70))
        #expect(carrier.takeHeard(0..<160).map { $0 == 7 ? 1 : 0 }.reduce(0, +) == 80)
        #expect(carrier.takeHeard(160..<320).filter { $0 == 7 }.count == 160)
        #expect(carrier.takeHeard(320..<640).filter { $0 == 7 }.count == 80)
    }

    @Test("Neither the queue nor the marks grow without bound")
    func bounds() {
        var carrier = CarrierModel(sampleRate: 8_000)
        for _ in 0..<700 { carrier.enqueue(tone(1_000), at: ms(0)) }
        #expect(carrier.playsUntil == .milliseconds(600_000))
        #expect(carrier.droppedSamples == 100 * 8_000)
        for index in 0..<1_100 { carrier.mark("m\(index)", at: ms(0)) }
        #expect(carrier.outstandingMarks == 1_024)
    }
}
