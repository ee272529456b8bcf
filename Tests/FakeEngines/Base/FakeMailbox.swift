import NIOCore
import Synchronization

/// What a reader gets.
enum FakeTaken<Element: Sendable>: Sendable {
    case element(Element)
    /// Nothing more comes.
    case ended
    /// Nothing came in time.
    case late
}

/// What a connection's handler reads, in order. Grows as its peer sends.
final class FakeMailbox<Element: Sendable>: Sendable {
    private struct Reader {
        let id: Int
        let continuation: CheckedContinuation<FakeTaken<Element>, Never>
    }
    private struct State {
        var waiting: [Element] = []
        var readers: [Reader] = []
        var nextReader = 0
        var isOver = false
    }
    private let state = Mutex(State())

    func put(_ element: Element) {
        let reader = state.withLock { state -> Reader? in
            guard !state.isOver else { return nil }
            guard state.readers.isEmpty else { return state.readers.removeFirst() }
            state.waiting.append(element)
            return nil
        }
        reader?.continuation.resume(returning: .element(element))
    }

    /// What was put before is still read.
    func end() {
        let readers = state.withLock { state in
            state.isOver = true
            defer { state.readers = [] }
            return state.readers
        }
        for reader in readers { reader.continuation.resume(returning: .ended) }
    }

    /// `nil` once it has ended.
    func next() async -> Element? {
        if case .element(let element) = await next(within: nil) { element } else { nil }
    }

    /// - Parameter time: nil: for ever.
    func next(within time: Duration?) async -> FakeTaken<Element> {
        await withCheckedContinuation { continuation in
            var reader: Int?
            let now = state.withLock { state -> FakeTaken<Element>? in
                if !state.waiting.isEmpty { return .element(state.waiting.removeFirst()) }
                if state.isOver { return .ended }
                state.nextReader += 1
                reader = state.nextReader
                state.readers.append(Reader(id: state.nextReader, continuation: continuation))
                return nil
            }
            if let now { return continuation.resume(returning: now) }
            guard let reader, let time else { return }
            FakeLoop.loop.scheduleTask(in: TimeAmount(time)) { [self] in giveUp(reader) }
        }
    }

    private func giveUp(_ id: Int) {
        let reader = state.withLock { state in
            state.readers.firstIndex { $0.id == id }.map { state.readers.remove(at: $0) }
        }
        reader?.continuation.resume(returning: .late)
    }
}
