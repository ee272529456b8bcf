#if LocalSpeech
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import ParleySpeechLocal

/// Notes in order, from any thread.
final class Notes: Sendable {
    private let state = Mutex<[String]>([])
    var all: [String] { state.withLock { $0 } }
    /// All, which are then forgotten.
    func take() -> [String] {
        state.withLock { notes in
            defer { notes = [] }
            return notes
        }
    }
    @discardableResult
    func add(_ note: String) -> Bool {
        state.withLock { $0.append(note) }
        return true
    }
}

@Suite("The engines' threads")
struct EngineThreadsTests {
    @Test("How long the oldest work of some kinds waits is told while it does")
    func longestWaiting() {
        let threads = EngineThreads(unstarted: 1, capacity: 16)
        for _ in 0..<2 { threads.enqueue(.clause) {} }
        #expect(threads.longestWaiting(.final ... .firstClause) == .zero)
        let waits = threads.longestWaiting(.clause ... .clause)
        #expect(waits > .zero && threads.longestWaiting(.final ... .background) > waits)
        while threads.runNext() {}
        #expect(threads.longestWaiting(.final ... .background) == .zero)
    }

    @Test("What a caller waits for most runs first; within one priority, first come")
    func priorities() {
        let threads = EngineThreads(unstarted: 2, capacity: 16)
        let notes = Notes()
        let queued: [(EngineThreads.Priority, String)] = [
            (.background, "model"), (.clause, "clause 1"), (.speculative, "pause"), (.firstClause, "reply"),
            (.clause, "clause 2"),
            (.final, "final 1"), (.final, "final 2"),
        ]
        for (priority, note) in queued { #expect(threads.enqueue(priority) { notes.add(note) } == .accepted) }
        #expect(threads.currentLoad.waiting == 7)
        while threads.runNext() {}
        #expect(notes.all == ["final 1", "final 2", "reply", "pause", "clause 1", "clause 2", "model"])
        let load = threads.currentLoad
        #expect(load.waiting == 0 && load.running == 0)
        #expect(load.work[.final]?.count == 2)
    }

    @Test("A partial is dropped, and counted, while every thread has work")
    func partialsDoNotWait() {
        let threads = EngineThreads(unstarted: 2, capacity: 16)
        let notes = Notes()
        #expect(threads.offer { notes.add("first") })
        #expect(threads.offer { notes.add("second") })
        #expect(!threads.offer { notes.add("third") })
        #expect(threads.currentLoad.partialsDropped == 1)
        while threads.runNext() {}
        #expect(threads.offer { notes.add("fourth") })
        while threads.runNext() {}
        #expect(notes.all == ["first", "second", "fourth"])
    }

    @Test("The queue has an end, and says so")
    func bounded() {
        let threads = EngineThreads(unstarted: 1, capacity: 2)
        #expect(threads.enqueue(.clause) {} == .accepted)
        #expect(threads.enqueue(.clause) {} == .accepted)
        #expect(threads.enqueue(.final) {} == .full)
        #expect(threads.currentLoad.refused == 1)
    }

    @Test("Shutting down drops what waits and returns when what runs is done")
    func shutDown() {
        let threads = EngineThreads(count: 1)
        let notes = Notes()
        let begun = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        threads.enqueue(.clause) {
            begun.signal()
            goOn.wait()
            notes.add("ran to its end")
        }
        begun.wait()
        threads.enqueue(.final) { notes.add("must not run") }
        Thread.detachNewThread {
            // Only once the shutdown has begun does the running work go on.
            while threads.enqueue(.background, {}) != .shutDown {}
            goOn.signal()
        }
        threads.shutDown()
        #expect(notes.all == ["ran to its end"])
        #expect(threads.enqueue(.final) {} == .shutDown)
        #expect(!threads.offer { true })
    }

    @Test("Two threads work at once, a third piece waits")
    func parallel() {
        let threads = EngineThreads(count: 2)
        let begun = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<3 {
            threads.enqueue(.clause) {
                begun.signal()
                goOn.wait()
                done.signal()
            }
        }
        begun.wait()
        begun.wait()
        #expect(threads.currentLoad.running == 2 && threads.currentLoad.waiting == 1)
        for _ in 0..<3 { goOn.signal() }
        for _ in 0..<3 { done.wait() }
        threads.shutDown()
        #expect(threads.currentLoad.work[.clause]?.count == 3)
    }
}

@Suite("One session's work")
struct EngineLaneTests {
    @Test("A session's work keeps its order, and urgent work pulls what comes before it along")
    func order() {
        let threads = EngineThreads(unstarted: 2, capacity: 16)
        let lane = EngineLane(threads: threads)
        let other = EngineLane(threads: threads)
        let notes = Notes()
        #expect(lane.enqueue(.clause, tag: 1) { notes.add("clause") })
        #expect(other.enqueue(.clause, tag: 1) { notes.add("other's clause") })
        #expect(lane.enqueue(.final, tag: 2) { notes.add("final") })
        while threads.runNext() {}
        #expect(
            notes.all == ["clause", "final", "other's clause"] || notes.all == ["clause", "other's clause", "final"])
        #expect(notes.all.first == "clause")
    }

    @Test("Work that is forgotten does not run, and leaves the rest its priority")
    func remove() {
        let threads = EngineThreads(unstarted: 2, capacity: 16)
        let lane = EngineLane(threads: threads)
        let other = EngineLane(threads: threads)
        let notes = Notes()
        _ = lane.enqueue(.clause, tag: 1) { notes.add("cancelled") }
        _ = other.enqueue(.speculative, tag: 1) { notes.add("other") }
        #expect(lane.remove { $0 == 1 } == 1)
        _ = lane.enqueue(.firstClause, tag: 2) { notes.add("new reply") }
        while threads.runNext() {}
        #expect(notes.all == ["new reply", "other"])
    }

    @Test("A partial is offered only to a lane with nothing to do")
    func offer() {
        let threads = EngineThreads(unstarted: 2, capacity: 16)
        let lane = EngineLane(threads: threads)
        let notes = Notes()
        #expect(lane.offer(tag: 1) { notes.add("partial") })
        #expect(!lane.offer(tag: 1) { notes.add("another") })
        while threads.runNext() {}
        #expect(notes.all == ["partial"])
    }

    @Test("Refused work is told of and never runs; accepted work always runs, once", arguments: [1, 2, 3, 8])
    func refusal(capacity: Int) {
        let threads = EngineThreads(unstarted: 2, capacity: capacity)
        let lanes = (0..<4).map { _ in EngineLane(threads: threads) }
        let notes = Notes()
        var accepted: [String] = []
        for round in 0..<40 {
            let name = "\(round)"
            if lanes[round % 4].enqueue(.clause, tag: 0, { notes.add(name) }) { accepted.append(name) }
            if round % 3 == 0 { _ = threads.runNext() }
        }
        while threads.runNext() {}
        #expect(notes.all.sorted() == accepted.sorted())
    }

    @Test("Many threads: every lane's work in order, each piece once, never two at once")
    func stress() {
        let threads = EngineThreads(count: 4, capacity: 100_000)
        let done = DispatchSemaphore(value: 0)
        let lanes = (0..<8).map { _ in EngineLane(threads: threads) }
        let notes = (0..<8).map { _ in Notes() }
        let inside = Mutex([Int](repeating: 0, count: 8))
        let overlaps = Mutex(0)
        let priorities = EngineThreads.Priority.allCases
        for round in 0..<50 {
            for lane in 0..<8 {
                let isAccepted = lanes[lane].enqueue(priorities[(round + lane) % priorities.count], tag: round) {
                    if inside.withLock({ inside in
                        inside[lane] += 1
                        return inside[lane]
                    }) > 1 {
                        overlaps.withLock { $0 += 1 }
                    }
                    notes[lane].add("\(round)")
                    inside.withLock { $0[lane] -= 1 }
                    done.signal()
                }
                #expect(isAccepted)
            }
        }
        for _ in 0..<400 { done.wait() }
        threads.shutDown()
        #expect(overlaps.withLock { $0 } == 0)
        for lane in notes { #expect(lane.all == (0..<50).map { "\($0)" }) }
    }
}
#endif
