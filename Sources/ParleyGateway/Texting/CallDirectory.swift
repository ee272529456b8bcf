import ParleyAgents
import Synchronization

/// Calls that are up, by our own id: where news of a text finds the call that asked for it.
final class CallDirectory: Sendable {
    private let inboxes = Mutex<[String: CallInbox]>([:])

    func enter(_ call: String, _ inbox: CallInbox) { inboxes.withLock { $0[call] = inbox } }

    func leave(_ call: String) { inboxes.withLock { $0[call] = nil } }

    /// Of a call that is over nobody wants to hear.
    func tell(_ call: String, _ news: TextNews) { inboxes.withLock { $0[call] }?.deliver(news) }
}
