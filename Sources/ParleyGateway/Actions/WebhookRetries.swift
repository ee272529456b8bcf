import ParleyActions
import ParleyMessaging
import ParleyNetwork

/// When a request that came to nothing is sent again. Pure; times are milliseconds since the action began.
struct WebhookRetries {
    enum Attempt: Equatable, Sendable {
        case answer(CheckedAnswer)
        case fault(CheckedFault)
    }

    /// Tries after the first.
    let most: Int
    /// For everything.
    let budgetMS: Int64
    private var done = 0

    init(most: Int, budgetMS: Int64 = WebhookAction.budgetMS) {
        self.most = most
        self.budgetMS = budgetMS
    }

    /// A try with less time than this is none.
    private static let shortestTryMS: Int64 = 250
    private static let firstWaitMS: Int64 = 200

    /// - Parameter now: UTC milliseconds since 1970, for a `Retry-After` that is a date.
    /// - Returns: how long to wait before the next try; `nil`: it stays with this one.
    mutating func wait(after attempt: Attempt, at elapsed: Int64, now: Int64) -> Int64? {
        guard done < most else { return nil }
        let asked: Int64?
        switch attempt {
        case .fault(.noConnection): asked = nil
        case .answer(let answer) where [429, 502, 503, 504].contains(answer.status):
            asked = answer.header("Retry-After").flatMap { RetryAfter.milliseconds($0, now: now) }
        case .answer, .fault: return nil
        }
        let wait = asked ?? Self.firstWaitMS << Int64(done)
        guard elapsed + wait + Self.shortestTryMS <= budgetMS else { return nil }
        done += 1
        return wait
    }
}

/// The header `Retry-After` (RFC 9110 10.2.3).
enum RetryAfter {
    /// - Parameter now: UTC milliseconds since 1970.
    /// - Returns: how long from now; `nil` where it is neither seconds nor a date in the form that servers write.
    static func milliseconds(_ text: String, now: Int64) -> Int64? {
        let isCount = (1...9).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isCount, let seconds = Int64(text) { return seconds * 1_000 }
        return CivilTime.seconds(of: text).map { max(0, $0 * 1_000 - now) }
    }
}
