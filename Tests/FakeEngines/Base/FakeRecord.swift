import NIOCore
import Synchronization

/// What did not come in time.
public struct FakeTimeout: Error, CustomStringConvertible {
    public let description: String
}

/// What came, in order: read by tests, from any thread.
public final class FakeRecord<Element: Sendable>: Sendable {
    private struct Waiter {
        let id: Int
        let isEnough: ([Element]) -> Bool
        let resume: (Bool) -> Void
    }
    private struct State {
        var elements: [Element] = []
        var waiters: [Waiter] = []
        var nextWaiter = 0
    }
    private let state = Mutex(State())

    public init() {}

    public var all: [Element] { state.withLock { $0.elements } }
    public var count: Int { state.withLock { $0.elements.count } }

    public func append(_ element: Element) {
        let served = state.withLock { state in
            state.elements.append(element)
            let enough = state.waiters.map { $0.isEnough(state.elements) }
            let served = zip(state.waiters, enough).filter(\.1).map(\.0)
            state.waiters = zip(state.waiters, enough).filter { !$0.1 }.map(\.0)
            return UncheckedBox(served)
        }
        for waiter in served.value { waiter.resume(true) }
    }

    /// The first so many, once they have come.
    @discardableResult
    public func first(_ count: Int, within time: TimeAmount = .seconds(10)) async throws -> [Element] {
        try await Array(wait(within: time, for: "\(count) of \(Element.self)") { $0.count >= count }.prefix(count))
    }

    /// The n-th, from 0, once it has come.
    @discardableResult
    public func at(_ index: Int, within time: TimeAmount = .seconds(10)) async throws -> Element {
        try await first(index + 1, within: time)[index]
    }

    /// The first that is such, once it has come. Each element is looked at once.
    @discardableResult
    public func first(
        within time: TimeAmount = .seconds(10), where isSuch: @escaping @Sendable (Element) -> Bool
    ) async throws -> Element {
        let search = FakeSearch(isSuch)
        try await wait(within: time, for: "such a \(Element.self)") { search.isFound(in: $0) }
        return search.found!
    }

    /// All that had come when it was enough.
    ///
    /// - Parameter isEnough: told all that came, again with each element. It may not look at this record.
    /// - Throws: `FakeTimeout`, with what had come.
    @discardableResult
    public func wait(
        within time: TimeAmount = .seconds(10), for what: String = "enough",
        until isEnough: @escaping @Sendable ([Element]) -> Bool
    ) async throws -> [Element] {
        let came = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let id = state.withLock { state -> Int? in
                guard !isEnough(state.elements) else { return nil }
                state.nextWaiter += 1
                let waiter = Waiter(id: state.nextWaiter, isEnough: isEnough) { continuation.resume(returning: $0) }
                state.waiters.append(waiter)
                return waiter.id
            }
            guard let id else { return continuation.resume(returning: true) }
            FakeLoop.loop.scheduleTask(in: time) { [self] in giveUp(id) }
        }
        let elements = all
        guard came else {
            throw FakeTimeout(
                description: "waited \(time.nanoseconds / 1_000_000) ms for \(what); came: \(elements.suffix(20))")
        }
        return elements
    }

    private func giveUp(_ id: Int) {
        let waiter = state.withLock { state in
            let index = state.waiters.firstIndex { $0.id == id }
            return UncheckedBox(index.map { state.waiters.remove(at: $0) })
        }
        waiter.value?.resume(false)
    }
}

/// Looks for an element in a list that grows. Under its record's lock alone.
private final class FakeSearch<Element: Sendable>: @unchecked Sendable {
    private let isSuch: @Sendable (Element) -> Bool
    private var seen = 0
    private(set) var found: Element?

    init(_ isSuch: @escaping @Sendable (Element) -> Bool) { self.isSuch = isSuch }

    func isFound(in elements: [Element]) -> Bool {
        while found == nil, seen < elements.count {
            if isSuch(elements[seen]) { found = elements[seen] }
            seen += 1
        }
        return found != nil
    }
}

/// Carries what only one thread has at a time out of a lock.
struct UncheckedBox<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
