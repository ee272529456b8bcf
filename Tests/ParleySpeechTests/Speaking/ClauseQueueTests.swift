import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("A session's clauses in order")
struct ClauseQueueTests {
    private static let fault = VoiceFault("it could not")

    private func queue(_ format: VoiceFormat = .telephone) -> ClauseQueue {
        ClauseQueue(engine: "voice", format: format, secret: "sk-key")
    }

    private func told(_ queue: inout ClauseQueue, at now: CallTime = .zero) -> [String] {
        var lines: [String] = []
        while let answer = queue.nextAnswer(at: now) { lines.append(answer.line) }
        return lines
    }

    /// Two clauses of generation 1, both with the server.
    private func twoUnderWay() -> ClauseQueue {
        var queue = queue()
        queue.add("One.", generation: Generation(1), clause: 4, at: .zero)
        queue.add("Two.", generation: Generation(1), clause: 5, at: .zero)
        #expect(queue.nextToSend(at: .zero) == .init(id: 1, text: "One."))
        #expect(queue.nextToSend(at: .zero) == .init(id: 2, text: "Two."))
        return queue
    }

    @Test("What comes of the second clause waits until the first is over")
    func order() {
        var queue = twoUnderWay()
        #expect(queue.take(audio: [1, 2], of: 2, at: .zero) == true)
        queue.finish(2, at: .zero)
        #expect(told(&queue) == [])
        #expect(queue.take(audio: [3], of: 1, at: .zero) == true)
        #expect(told(&queue) == ["1/4 mulaw 1 at 8000"])
        queue.finish(1, at: .zero)
        #expect(told(&queue) == ["1/4 done", "1/5 mulaw 2 at 8000", "1/5 done"])
    }

    @Test("The third clause is given to the server when the first is over")
    func twoAhead() {
        var queue = twoUnderWay()
        queue.add("Three.", generation: Generation(1), clause: 6, at: .zero)
        #expect(queue.nextToSend(at: .zero) == nil)
        queue.fail(1, Self.fault)
        #expect(queue.nextToSend(at: .zero) == .init(id: 3, text: "Three."))
    }

    @Test("Of a cancelled generation nothing is told any more, not even what had come; a newer one is")
    func cancel() {
        var queue = twoUnderWay()
        queue.add("New.", generation: Generation(2), clause: 6, at: .zero)
        _ = queue.take(audio: [1], of: 1, at: .zero)
        queue.finish(2, at: .zero)
        queue.fail(2, Self.fault)
        #expect(queue.cancel(Generation(1)) == [1])
        #expect(queue.nextToSend(at: .zero) == .init(id: 3, text: "New."))
        _ = queue.take(audio: [1], of: 1, at: .zero)
        _ = queue.take(audio: [1], of: 3, at: .zero)
        queue.finish(1, at: .zero)
        #expect(told(&queue) == ["2/6 mulaw 1 at 8000"])
    }

    @Test("A reply that was cancelled in its middle goes on under its own generation")
    func sameGeneration() {
        var queue = twoUnderWay()
        #expect(queue.cancel(Generation(1)) == [1, 2])
        queue.add("Rather:", generation: Generation(1), clause: 7, at: .zero)
        let order = queue.nextToSend(at: .zero)
        #expect(order?.text == "Rather:")
        _ = queue.take(audio: [1], of: order?.id ?? 0, at: .zero)
        #expect(told(&queue) == ["1/7 mulaw 1 at 8000"])
    }

    @Test("Words go with the sound that comes next, and what is left with the end")
    func words() {
        var queue = queue()
        queue.add("Café, right.", generation: Generation(1), clause: 0, at: .zero)
        _ = queue.nextToSend(at: .zero)
        queue.take(words: [TimedWord("Café,", end: 300)], of: 1, at: .zero)
        #expect(told(&queue) == [])
        _ = queue.take(audio: [1, 2], of: 1, at: .zero)
        queue.take(words: [TimedWord("right.", end: 700)], of: 1, at: .zero)
        queue.finish(1, at: .zero)
        #expect(told(&queue) == ["1/0 mulaw 2 at 8000 6@300", "1/0 mulaw 0 at 8000 13@700", "1/0 done"])
    }

    @Test("A clause is over once: its second end, and sound after it, are dropped")
    func overOnce() {
        var queue = twoUnderWay()
        _ = queue.take(audio: [1], of: 1, at: .zero)
        queue.finish(1, at: .zero)
        queue.finish(1, at: .zero)
        queue.fail(1, Self.fault)
        #expect(queue.take(audio: [1], of: 1, at: .zero) == true)
        #expect(told(&queue) == ["1/4 mulaw 1 at 8000", "1/4 done"])
    }

    @Test("No sound at all is no clause")
    func silent() {
        var queue = twoUnderWay()
        queue.finish(1, at: .zero)
        #expect(told(&queue) == ["1/4 failed: voice: it made no sound of a clause"])
    }

    @Test("A clause of more than 120 s fails, and the server need not go on")
    func longest() {
        var queue = twoUnderWay()
        #expect(queue.take(audio: [UInt8](repeating: 0, count: 960_000), of: 1, at: .zero) == true)
        #expect(queue.take(audio: [0], of: 1, at: .zero) == false)
        #expect(
            told(&queue) == ["1/4 mulaw 960000 at 8000", "1/4 failed: voice: more than 120 s of sound for one clause"])
    }

    @Test("No error holds the key, or runs on")
    func errors() {
        var queue = twoUnderWay()
        let said = "bad key sk-key\n" + String(repeating: "x", count: 500)
        queue.fail(1, VoiceFault(said, isRetryable: false))
        #expect(told(&queue) == ["1/4 failed: voice: bad key ***" + String(repeating: "x", count: 117) + " (for good)"])
    }

    @Test("What was lost with its connection before any sound came is given to another one, once")
    func retried() {
        var queue = twoUnderWay()
        _ = queue.take(audio: [1], of: 2, at: .zero)
        queue.retryOrFail(1, Self.fault)
        queue.retryOrFail(2, Self.fault)
        #expect(told(&queue) == [])
        #expect(queue.nextToSend(at: .zero) == .init(id: 1, text: "One."))
        queue.retryOrFail(1, Self.fault)
        #expect(
            told(&queue) == [
                "1/4 failed: voice: it could not", "1/5 mulaw 1 at 8000", "1/5 failed: voice: it could not",
            ])
    }

    @Test("The first clause fails when nothing comes of it for 10 s; the one behind it has its own 10 s")
    func patience() {
        var queue = twoUnderWay()
        #expect(queue.deadline == .seconds(10))
        _ = queue.take(audio: [1], of: 1, at: .seconds(9))
        #expect(queue.expire(at: .milliseconds(18_999)) == nil)
        #expect(queue.expire(at: .seconds(19)) == 1)
        #expect(
            told(&queue, at: .seconds(19)) == [
                "1/4 mulaw 1 at 8000", "1/4 failed: voice: no sign of it for 10 s",
            ])
        #expect(queue.deadline == .seconds(29))
    }

    @Test("More clauses than a call has fail, in their place")
    func most() {
        var queue = queue()
        for clause in 0...ClauseQueue.most {
            queue.add("Again.", generation: Generation(1), clause: clause, at: .zero)
        }
        while let order = queue.nextToSend(at: .zero) {
            _ = queue.take(audio: [1], of: order.id, at: .zero)
            queue.finish(order.id, at: .zero)
        }
        let told = told(&queue)
        #expect(told.count == 2 * ClauseQueue.most + 1)
        #expect(told.last == "1/64 failed: voice: too many clauses wait to be spoken")
    }
}
