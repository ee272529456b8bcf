import Synchronization

/// The calls that are up, by their providers' ids: a second stream for one of them is refused, the first is kept.
final class LiveCalls: Sendable {
    private struct Name: Hashable {
        var provider: String
        var call: String
    }
    private let names = Mutex<Set<Name>>([])

    /// - Returns: false where this call is up already.
    func begin(provider: String, call: String) -> Bool {
        names.withLock { $0.insert(Name(provider: provider, call: call)).inserted }
    }

    func end(provider: String, call: String) {
        names.withLock { _ = $0.remove(Name(provider: provider, call: call)) }
    }
}
