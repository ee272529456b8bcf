import ParleyActions
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
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// - Parameter now: UTC milliseconds since 1970.
    /// - Returns: how long from now; `nil` where it is neither seconds nor a date in the form that servers write.
    static func milliseconds(_ text: String, now: Int64) -> Int64? {
        if (1...9).contains(text.utf8.count), let seconds = number(text[...]) { return seconds * 1_000 }
        return date(text).map { max(0, $0 * 1_000 - now) }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, in seconds since 1970.
    private static func date(_ text: String) -> Int64? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].count == 4, parts[5] == "GMT", let day = number(parts[1]),
            (1...31).contains(day),
            let month = months.firstIndex(of: String(parts[2])), parts[3].utf8.count == 4, let year = number(parts[3])
        else { return nil }
        let time = parts[4].split(separator: ":", omittingEmptySubsequences: false).map(number)
        guard time.count == 3, let hour = time[0], let minute = time[1], let second = time[2], hour < 24, minute < 60,
            second <= 60
        else { return nil }
        return days(year, Int64(month) + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    /// Days since 1970-01-01 in the Gregorian calendar: years begin in March, so that a leap day ends one.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let monthOfYear = (month + 9) % 12
        let dayOfYear = (153 * monthOfYear + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}
