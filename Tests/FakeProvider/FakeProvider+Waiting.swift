import NIOCore
import NIOPosix
import Synchronization

/// What was waited for did not happen in time.
public struct NotInTime: Error, CustomStringConvertible {
    public let description: String
}

struct Waiter {
    let isMet: @Sendable (Books) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
}

extension FakeProvider {
    /// Waits until so many requests to send have come, refused ones among them.
    ///
    /// - Returns: all that have come.
    @discardableResult
    public func receipts(_ count: Int, within limit: Duration = .seconds(30)) async throws -> [ReceivedText] {
        try await wait(for: "\(count) receipts", within: limit) { $0.received.count >= count }.received
    }

    /// Waits until so many texts have reached their recipients.
    @discardableResult
    public func taken(_ count: Int, within limit: Duration = .seconds(30)) async throws -> [ReceivedText] {
        try await wait(for: "\(count) texts taken", within: limit) { $0.taken.count >= count }.taken
    }

    /// Waits until so many tries to report have ended, answered or not.
    @discardableResult
    public func reports(_ count: Int, within limit: Duration = .seconds(30)) async throws -> [SentReport] {
        try await wait(for: "\(count) reports", within: limit) { $0.reports.count >= count }.reports
    }

    /// Waits until every request has been dealt with as planned, and every report has been answered or has failed.
    public func settled(within limit: Duration = .seconds(30)) async throws {
        _ = try await wait(for: "all to be settled", within: limit) { $0.pending == 0 }
    }

    /// Waits until all is settled and then nothing has come or gone for this long: proof that nothing more is sent, where
    /// there is no event to wait for.
    public func quiet(for span: Duration, within limit: Duration = .seconds(30)) async throws {
        let deadline = NIODeadline.now() + TimeAmount(limit)
        while true {
            let seen = try await wait(for: "quiet", within: Duration(deadline - .now())) { $0.pending == 0 }
            let left = NIODeadline.uptimeNanoseconds(seen.changedNanoseconds) + TimeAmount(span) - .now()
            if left <= .zero { return }
            let isBroken = await isMet(within: min(left, deadline - .now())) {
                $0.changedNanoseconds != seen.changedNanoseconds
            }
            if !isBroken, deadline <= .now() { throw NotInTime(description: "not quiet for \(span) within \(limit)") }
        }
    }

    /// Waits for anything else that the books show.
    ///
    /// - Parameter what: said by the error.
    /// - Returns: the books of that moment, or a later one.
    @discardableResult
    public func wait(
        for what: String, within limit: Duration = .seconds(30), until isMet: @escaping @Sendable (Books) -> Bool
    ) async throws -> Books {
        guard await self.isMet(within: TimeAmount(limit), isMet) else {
            let books = books
            throw NotInTime(
                description: "no \(what) within \(limit): \(books.received.count) received, "
                    + "\(books.taken.count) taken, \(books.reports.count) reports, \(books.pending) pending")
        }
        return books
    }

    private func isMet(within limit: TimeAmount, _ isMet: @escaping @Sendable (Books) -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            let name: Int? = state.withLock { state in
                if isMet(state.books) { return nil }
                let name = state.name()
                state.waiters[name] = Waiter(isMet: isMet, continuation: continuation)
                return name
            }
            guard let name else { return continuation.resume(returning: true) }
            MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: limit) { [self] in
                state.withLock { $0.waiters.removeValue(forKey: name) }?.continuation.resume(returning: false)
            }
        }
    }

    /// The one way to change the books: wakes who waited for it.
    func change<Result: Sendable>(_ body: (inout State) -> sending Result) -> Result {
        let (result, met) = state.withLock { state in
            let result = body(&state)
            state.books.changedNanoseconds = NIODeadline.now().uptimeNanoseconds
            let met = state.waiters.filter { $0.value.isMet(state.books) }
            for name in met.keys { state.waiters[name] = nil }
            return (result, Array(met.values))
        }
        for waiter in met { waiter.continuation.resume(returning: true) }
        return result
    }
}
