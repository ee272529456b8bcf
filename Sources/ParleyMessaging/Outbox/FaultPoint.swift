/// Where a process may die on a text's way, so that a test can kill it there (reliability: SMS outbox, kill points).
public enum FaultPoint: String, Sendable, CaseIterable {
    /// The row of a text is about to be written.
    case beforeQueuedCommit = "before_queued_commit"
    case afterQueuedCommit = "after_queued_commit"
    case afterClaimed = "after_claimed"
    /// `sending` is durable, and no byte has left.
    case afterSending = "after_sending"
    /// All of the request is on its way.
    case requestWritten = "request_written"
    /// The provider's answer is known and not committed.
    case answerRead = "answer_read"
    case afterAccepted = "after_accepted"
    /// A status callback is known and not committed.
    case callbackRead = "callback_read"
    /// A status callback is committed and not answered.
    case callbackCommitted = "callback_committed"
}
