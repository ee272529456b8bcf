/// What is done with one request to send: whether the text goes out, and, apart from that, what the sender is told.
public struct RequestPlan: Equatable, Sendable {
    public enum Answer: Equatable, Sendable {
        /// The provider's own 2xx, with the text's id.
        case accepted
        /// An error in the provider's own shape.
        case refused(status: Int, code: String?, retryAfter: Int?)
        /// A 2xx in the provider's own shape that names no text.
        case withoutID
        case bytes(status: Int, [UInt8])
        /// The head of an acceptance and half of its body, then the end of the connection.
        case cutShort
        /// The end of the connection in place of an answer.
        case closed
        /// The same, by a TCP reset.
        case reset
        /// The connection stays open and silent.
        case never
    }

    /// Whether it reaches its recipient. Only then are there reports.
    public var isTaken: Bool
    public var answer: Answer
    /// From the request's last byte to the answer; the text is taken at once.
    public var delay: Duration
    /// Look-ups deny a text that was taken.
    public var isForgotten: Bool
    public var reports: ReportPlan

    public init(
        isTaken: Bool, answer: Answer, delay: Duration = .zero, isForgotten: Bool = false,
        reports: ReportPlan = ReportPlan()
    ) {
        self.isTaken = isTaken
        self.answer = answer
        self.delay = delay
        self.isForgotten = isForgotten
        self.reports = reports
    }

    public func reporting(_ reports: ReportPlan) -> RequestPlan {
        var copy = self
        copy.reports = reports
        return copy
    }

    public func after(_ delay: Duration) -> RequestPlan {
        var copy = self
        copy.delay = delay
        return copy
    }

    public func forgetting() -> RequestPlan {
        var copy = self
        copy.isForgotten = true
        return copy
    }

    // MARK: taken

    public static let accept = RequestPlan(isTaken: true, answer: .accepted)
    /// Taken, and the answer is lost.
    public static let acceptAndClose = RequestPlan(isTaken: true, answer: .closed)
    public static let acceptAndReset = RequestPlan(isTaken: true, answer: .reset)
    public static let acceptAndStaySilent = RequestPlan(isTaken: true, answer: .never)
    public static let acceptAndCutShort = RequestPlan(isTaken: true, answer: .cutShort)
    /// Lies: taken, and the answer names no text, or is no answer of this provider's, or is a fault.
    public static let acceptWithoutID = RequestPlan(isTaken: true, answer: .withoutID)
    public static let acceptWithGarbage = RequestPlan(
        isTaken: true, answer: .bytes(status: 200, Array("<html><body>It works!</body></html>".utf8)))
    public static func acceptButSay(_ status: Int, code: String? = nil) -> RequestPlan {
        RequestPlan(isTaken: true, answer: .refused(status: status, code: code, retryAfter: nil))
    }

    // MARK: not taken

    public static let close = RequestPlan(isTaken: false, answer: .closed)
    public static let reset = RequestPlan(isTaken: false, answer: .reset)
    public static let staySilent = RequestPlan(isTaken: false, answer: .never)
    /// - Parameters:
    ///   - code: the vendor's.
    ///   - retryAfter: seconds.
    public static func refuse(_ status: Int, code: String? = nil, retryAfter: Int? = nil) -> RequestPlan {
        RequestPlan(isTaken: false, answer: .refused(status: status, code: code, retryAfter: retryAfter))
    }
}
