/// What a customer and the business have agreed on, or are about to.
public struct Booking: Equatable, Sendable, Codable {
    public enum Status: String, Sendable, CaseIterable, Codable {
        case none
        /// Read back to the customer, who has not said yes yet.
        case proposed
        case confirmed
        /// It was confirmed; the customer asked for other values and has not said yes to them yet.
        case changeRequested = "change_requested"
        /// The customer asked for it to be cancelled; whoever keeps the diary has still to do so.
        case cancelRequested = "cancel_requested"
        case cancelled
    }
    public var status: Status
    /// As the customer was told it; empty where there is none.
    public var reference: String
    /// Who it is with: the flow's `settings.name`.
    public var flow: String
    /// Slot to written value, as they were when `status` was reached. A request to cancel keeps those of before.
    public var values: [String: String]
    /// The values that were confirmed last, which hold while a change waits for a yes; empty before the first.
    public var standing: [String: String]

    public static let none = Booking(status: .none)

    public init(
        status: Status, reference: String = "", flow: String = "", values: [String: String] = [:],
        standing: [String: String] = [:]
    ) {
        self.status = status
        self.reference = reference
        self.flow = flow
        self.values = values
        self.standing = standing
    }

    /// There is something to confirm, to change or to cancel.
    public var isOpen: Bool {
        switch status {
        case .proposed, .confirmed, .changeRequested: true
        case .none, .cancelRequested, .cancelled: false
        }
    }

    /// What holds: the values that were confirmed last.
    public var agreed: [String: String] { status == .confirmed ? values : standing }

    /// It waits for the customer's yes.
    public var awaitsYes: Bool { status == .proposed || status == .changeRequested }

    /// Whether `next` may follow this. Late and repeated news moves nothing backwards; another reference is another
    /// booking, and may begin at any time.
    public func canMove(to next: Booking) -> Bool {
        if next == self { return false }
        if next.reference != reference, next.status == .proposed || next.status == .confirmed { return true }
        switch status {
        case .none: return next.status == .proposed || next.status == .confirmed
        case .proposed: return [.proposed, .confirmed, .cancelRequested, .cancelled].contains(next.status)
        case .confirmed, .changeRequested:
            return [.confirmed, .changeRequested, .cancelRequested, .cancelled].contains(next.status)
        // Taken back, or done.
        case .cancelRequested: return [.changeRequested, .confirmed, .cancelled].contains(next.status)
        case .cancelled: return false
        }
    }
}
