import Testing

@testable import ParleySpeechLocal

@Suite("How many conversations the engines hold")
struct EngineCostTests {
    @Test("Twice as slow holds half as many; threads beyond the cores hold no more; one is always held")
    func conversations() {
        let cost = EngineCost(recognizing: 0.026, speaking: 0.092)
        let two = cost.conversations(threads: 2, cores: 2)
        // Measured with 20 callers on two cores: 95 of 100 answers came within 993 ms.
        #expect(two == 17)
        #expect(EngineCost(recognizing: 0.052, speaking: 0.184).conversations(threads: 2, cores: 2) == two / 2)
        #expect(cost.conversations(threads: 16, cores: 2) == two)
        #expect(cost.conversations(threads: 1, cores: 64) == two / 2)
        #expect(EngineCost(recognizing: 9, speaking: 9).conversations(threads: 1, cores: 1) == 1)
    }
}
