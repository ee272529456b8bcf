import ParleyNetwork
import Testing

@Suite("What a machine is told, one thing after another")
struct EffectQueueTests {
    @Test("What doing one brings about is done behind what waits, and by whoever began")
    func order() {
        let queue = EffectQueue<Int>()
        var done: [Int] = []
        func perform(_ number: Int) {
            done.append(number)
            guard number < 10 else { return }
            queue.waiting.append(number * 10)
            // A call straight back finds the queue at work.
            #expect(!queue.drain(perform))
            #expect(done.last == number)
        }
        queue.waiting = [1, 2]
        #expect(queue.drain(perform))
        #expect(done == [1, 2, 10, 20])
        queue.waiting.append(30)
        #expect(queue.drain(perform))
        #expect(done == [1, 2, 10, 20, 30])
        #expect(queue.waiting.isEmpty && queue.drain(perform))
    }
}
