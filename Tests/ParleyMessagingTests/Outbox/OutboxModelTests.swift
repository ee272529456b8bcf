import ParleyMessaging
import Testing

@Suite("The outbox as a whole")
struct OutboxModelTests {
    static let seeds: UInt64 = 20_000

    @Test("Whatever dies, is lost, repeats or lies: no text is sent twice, lost, or sent after a stop")
    func promises() {
        var broken = 0
        for seed in 1...Self.seeds {
            var model = OutboxModel(seed: seed)
            let violations = model.run()
            if violations.isEmpty { continue }
            broken += 1
            if broken <= 5 { Issue.record("seed \(seed): \(violations.joined(separator: "; "))") }
        }
        #expect(broken == 0)
    }

    @Test("The model finds every known way to get it wrong", arguments: Mistake.allCases)
    func mistakes(mistake: Mistake) {
        let found = (1...Self.seeds).first { seed in
            var model = OutboxModel(seed: seed, mistake: mistake)
            return !model.run().isEmpty
        }
        #expect(found != nil)
    }

    @Test("The same seed is the same story")
    func determinism() {
        for seed in 1...UInt64(50) {
            var one = OutboxModel(seed: seed)
            var other = OutboxModel(seed: seed)
            _ = one.run()
            _ = other.run()
            #expect(one.rows == other.rows)
            #expect(one.now == other.now)
        }
    }

    @Test("The seeds see every end that a text can come to")
    func ends() {
        var ends: [MessageState: Int] = [:]
        for seed in 1...UInt64(1_000) {
            var model = OutboxModel(seed: seed)
            _ = model.run()
            for case let row? in model.rows { ends[row.state, default: 0] += 1 }
        }
        for end in MessageState.allCases where ![.queued, .claimed, .sending, .recorded].contains(end) {
            #expect((ends[end] ?? 0) > 0, "\(end)")
        }
    }
}
