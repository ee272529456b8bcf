import Synchronization

/// Wakes the one who waits; rings that nobody has heard yet are one.
final class Bell: Sendable {
    /// For one listener.
    let rings: AsyncStream<Void>
    private let rope: AsyncStream<Void>.Continuation
    private let over = Atomic<Bool>(false)

    init() {
        (rings, rope) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var isOver: Bool { over.load(ordering: .acquiring) }

    /// From any thread.
    func ring() { rope.yield() }

    /// No work from here on.
    func end() {
        over.store(true, ordering: .releasing)
        rope.yield()
    }
}
