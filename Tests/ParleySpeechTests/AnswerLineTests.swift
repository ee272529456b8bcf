import Synchronization
import Testing

@testable import ParleySpeech

/// Collects answers from any thread.
final class Heard<Answer: Sendable>: Sendable {
    private let state = Mutex<[Answer]>([])
    var all: [Answer] { state.withLock { $0 } }
    func add(_ answer: Answer) { state.withLock { $0.append(answer) } }
}

@Suite("Answers in order")
struct AnswerLineTests {
    @Test("An answer posted while another is being handed over waits its turn")
    func reentrant() {
        let heard = Heard<Int>()
        let line = Mutex<AnswerLine<Int>?>(nil)
        let real = AnswerLine<Int> { number in
            if number == 1 {
                line.withLock { $0 }?.send(2)
                heard.add(10)
            }
            heard.add(number)
        }
        line.withLock { $0 = real }
        real.send(1)
        #expect(heard.all == [10, 1, 2])
    }

    @Test("Many threads deliver everything once, each thread's own in its order")
    func concurrent() async {
        let heard = Heard<Int>()
        let line = AnswerLine<Int> { heard.add($0) }
        await withTaskGroup { group in
            for writer in 0..<4 {
                group.addTask { for number in 0..<500 { line.send(writer * 1_000 + number) } }
            }
        }
        line.deliver()
        let all = heard.all
        #expect(all.count == 2_000)
        for writer in 0..<4 {
            let own = all.filter { $0 / 1_000 == writer }
            #expect(own == Array(writer * 1_000..<writer * 1_000 + 500))
        }
    }

    @Test("Nothing is delivered after the call is over")
    func closed() {
        let heard = Heard<Int>()
        let line = AnswerLine<Int> { heard.add($0) }
        line.post(1)
        line.close()
        line.send(2)
        #expect(heard.all == [])
    }
}
