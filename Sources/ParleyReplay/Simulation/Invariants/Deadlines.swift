import ParleyCore

/// No deadline lies in the past when the call has handled something, and the clock is never held up by deadlines that come to
/// nothing.
struct Deadlines: Invariant {
    static let name = "deadlines"

    private static let mostAtOnce = 8
    private var count = 0
    private var last = CallTime.zero

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .input(.deadline):
            count = now == last ? count + 1 : 1
            last = now
            if count > Self.mostAtOnce { return "\(count) deadlines at one moment" }
        case .settled(let deadline, _):
            if let deadline, deadline < now { return "a deadline \((now - deadline).milliseconds) ms in the past" }
        default: break
        }
        return nil
    }
}
