import Testing

@testable import ParleyCore

@Suite("A network with faults")
struct FaultyLineTests {
    private func ms(_ count: Int) -> CallTime { .milliseconds(count) }

    /// A letter each 20 ms from `a` on, in column 0, 1, ...; what comes out in each column, `-` for none.
    private func draw(
        _ faults: [Fault], letters: Int = 10, columns: Int = 16, seed: UInt64 = 1, isAudio: Bool = true
    ) -> String {
        var line = FaultyLine<Character>(CarrierFaults(seed: seed, faults), way: .toServer)
        var picture: [String] = []
        for column in 0..<columns {
            let now = ms(column * 20)
            if column < letters, let scalar = UnicodeScalar(97 + column) {
                line.put(Character(scalar), isAudio: isAudio, at: now)
            }
            var out = ""
            while let letter = line.take(at: now) { out.append(letter) }
            picture.append(out.isEmpty ? "-" : out)
        }
        return picture.joined(separator: " ")
    }

    @Test("Without faults everything passes at once")
    func plain() {
        #expect(draw([]) == "a b c d e f g h i j - - - - - -")
    }

    @Test("A column is 20 ms: late by 60 ms, from the third message to the fifth; what follows does not overtake")
    func delay() {
        #expect(draw([Fault(.delay(ms(60)))]) == "- - - a b c d e f g h i j - - -")
        let window = Fault(.delay(ms(60)), .during(from: ms(40), to: ms(80)))
        #expect(draw([window]) == "a b - - - c d efgh i j - - - - - -")
    }

    @Test("Jitter keeps the order, loses nothing, and is never more than it says", arguments: 1...20)
    func jitter(seed: UInt64) {
        let picture = draw([Fault(.jitter(ms(60)))], seed: seed)
        #expect(picture.filter(\.isLetter) == "abcdefghij")
        let columns = picture.split(separator: " ")
        for (sent, letter) in "abcdefghij".enumerated() {
            let came = columns.firstIndex { $0.contains(letter) }
            #expect(came.map { (sent...sent + 3).contains($0) } == true)
        }
        #expect(picture != draw([]))
    }

    @Test("A stall lets nothing pass, then everything at once")
    func stall() {
        #expect(draw([Fault(.stall(ms(120)), .at(ms(50)))]) == "a b c - - - - - - defghij - - - - - -")
    }

    @Test("300 frames come at once after a stall of 6 s")
    func burst() {
        var line = FaultyLine<Int>(CarrierFaults([Fault(.stall(.seconds(6)), .at(.zero))]), way: .toServer)
        for frame in 0..<300 {
            line.put(frame, isAudio: true, at: ms(frame * 20))
            #expect(line.take(at: ms(frame * 20)) == nil)
        }
        #expect(line.nextDeadline == .seconds(6))
        var out: [Int] = []
        while let frame = line.take(at: .seconds(6)) { out.append(frame) }
        #expect(out == Array(0..<300))
        #expect(line.isEmpty)
    }

    @Test("Loss, duplicates and reordering hit audio, one at a time where the times say so")
    func audio() {
        let third = Fault.Timing.at(ms(40))
        #expect(draw([Fault(.loss, third)]) == "a b - d e f g h i j - - - - - -")
        #expect(draw([Fault(.duplicate(2), third)]) == "a b ccc d e f g h i j - - - - - -")
        #expect(draw([Fault(.reorder(2), third)]) == "a b - d ec f g h i j - - - - - -")
        for kind in [Fault.Kind.loss, .duplicate(2), .reorder(2)] {
            #expect(draw([Fault(kind)], isAudio: false) == draw([]))
        }
    }

    @Test("What is held back for others to overtake comes after a second when none does")
    func lastOne() {
        var line = FaultyLine<Int>(CarrierFaults([Fault(.reorder(3))]), way: .toServer)
        line.put(1, isAudio: true, at: .zero)
        #expect(line.nextDeadline == .seconds(1))
        #expect(line.take(at: ms(999)) == nil)
        #expect(line.take(at: .seconds(1)) == 1)
        #expect(line.isEmpty)
    }

    @Test("Silence is for ever, and what was on the way is gone")
    func silence() {
        #expect(draw([Fault(.delay(ms(40))), Fault(.silence, .at(ms(100)))]) == "- - a b c - - - - - - - - - - -")
    }

    @Test("A fault of one way leaves the other alone; one of both hits each way's own messages, and stalls both")
    func ways() {
        func out(_ fault: Fault, _ way: Fault.Way) -> [Int] {
            var line = FaultyLine<Int>(CarrierFaults([fault]), way: way)
            return (0..<40).filter { index in
                line.put(index, isAudio: true, at: ms(index * 20))
                return line.take(at: ms(index * 20)) != nil
            }
        }
        let oneWay = Fault(.loss, chance: 0.5, way: .toCaller)
        #expect(out(oneWay, .toServer).count == 40)
        #expect(out(oneWay, .toCaller).count < 40)
        let both = Fault(.loss, chance: 0.5)
        #expect(out(both, .toServer) != out(both, .toCaller))
        let stall = Fault(.stall(ms(100)), .during(from: .zero, to: ms(600)))
        #expect(out(stall, .toServer) == out(stall, .toCaller))
    }

    @Test("A line that is full loses the newest, and counts them")
    func full() {
        var line = FaultyLine<Int>(CarrierFaults([Fault(.stall(.seconds(600)), .at(.zero))]), way: .toServer)
        for index in 0..<FaultyLine<Int>.capacity + 7 { line.put(index, isAudio: true, at: .zero) }
        #expect(line.overflow == 7)
        #expect(line.takeAll().count == FaultyLine<Int>.capacity)
    }
}
