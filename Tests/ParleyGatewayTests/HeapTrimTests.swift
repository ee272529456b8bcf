import Testing

@testable import ParleyGateway

@Suite("When memory that calls have left is given back")
struct HeapTrimTests {
    private func run(_ counts: some Sequence<Int>, _ trim: inout HeapTrim) -> [Int] {
        counts.filter { trim.ended(calls: $0) }
    }

    @Test("At each half of the calls that were up, so that two thousand that end are a few times only")
    func halves() {
        var trim = HeapTrim()
        for calls in 1...2_000 { trim.began(calls: calls) }
        #expect(run((0..<2_000).reversed(), &trim) == [1_000, 500, 250, 125, 62, 31, 15])
        #expect(run([0, 0], &trim) == [])
    }

    @Test("Never for a few calls, nor while as many come as go")
    func few() {
        var trim = HeapTrim()
        for calls in 1...15 { trim.began(calls: calls) }
        #expect(run((0..<15).reversed(), &trim) == [])
        for calls in 1...500 { trim.began(calls: calls) }
        for _ in 0..<1_000 {
            let isDue = trim.ended(calls: 499)
            #expect(!isDue)
            trim.began(calls: 500)
        }
    }

    @Test("Calls that come again and go again count anew")
    func again() {
        var trim = HeapTrim()
        for _ in 0..<3 {
            for calls in 1...100 { trim.began(calls: calls) }
            #expect(run((0..<100).reversed(), &trim) == [50, 25, 12])
        }
    }
}
