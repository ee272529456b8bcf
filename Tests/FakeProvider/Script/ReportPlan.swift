/// The status reports of a text that was taken. The default is what a provider does on a good day.
public struct ReportPlan: Equatable, Sendable {
    public enum Moment: Equatable, Sendable {
        /// All of them have been answered, or have failed, before the request is.
        case beforeAnswer
        /// Once the answer has been written, or the connection has been dropped in its place.
        case afterAnswer
    }

    /// In the order of sending, each once the one before was answered: `[.delivered, .sent]` is out of order, none is
    /// a provider that never reports.
    public var statuses: [TextStatus]
    public var moment: Moment
    /// Before the first.
    public var delay: Duration
    /// Each report is posted this often, all at once.
    public var copies: Int
    /// How often a report is posted that is not answered by a 2xx.
    public var tries: Int
    /// Between two tries.
    public var pause: Duration

    public init(
        _ statuses: [TextStatus] = [.queued, .sent, .delivered], moment: Moment = .afterAnswer,
        delay: Duration = .zero, copies: Int = 1, tries: Int = 1, pause: Duration = .milliseconds(100)
    ) {
        self.statuses = statuses
        self.moment = moment
        self.delay = delay
        self.copies = copies
        self.tries = tries
        self.pause = pause
    }

    public static let never = ReportPlan([])
}
