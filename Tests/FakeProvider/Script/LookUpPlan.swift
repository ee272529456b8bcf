/// How a provider answers those who ask for texts.
public struct LookUpPlan: Equatable, Sendable {
    public enum Answer: Equatable, Sendable {
        /// What it has on file, but for texts that a plan made it forget.
        case honest
        /// An empty list, whatever it has.
        case empty
        case refused(status: Int, code: String?, retryAfter: Int?)
        case closed, never
    }

    public var answer: Answer
    /// A text is on file this long after it was taken.
    public var lag: Duration

    public init(_ answer: Answer = .honest, lag: Duration = .zero) {
        self.answer = answer
        self.lag = lag
    }
}
