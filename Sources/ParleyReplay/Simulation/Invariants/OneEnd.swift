import ParleyCore

/// A call ends once, for one reason, and does nothing afterwards.
struct OneEnd: Invariant {
    static let name = "one_end"

    private(set) var reason: EndReason?
    private var isTransferred = false

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .effect(.end(let reason)):
            if let before = self.reason { return "ended as \(before.rawValue), then as \(reason.rawValue)" }
            if isTransferred, reason != .transferred { return "transferred, then ended as \(reason.rawValue)" }
            self.reason = reason
        case .effect(let effect):
            if let reason { return "\(effect) after the end as \(reason.rawValue)" }
            if case .transfer = effect { isTransferred = true }
        case .sent: if let reason { return "a frame after the end as \(reason.rawValue)" }
        case .settled(let deadline, _):
            if reason != nil, deadline != nil { return "a deadline after the end" }
        default: break
        }
        return nil
    }
}
