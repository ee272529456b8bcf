import Foundation
import ParleyMessaging
import Synchronization

/// Where a test has this process killed on a text's way: `PARLEY_KILL_AT=point` or `point:N`, for the N-th time that it is
/// passed. Heard in insecure mode alone, which listens on loopback.
struct FaultPoints: Sendable {
    static let variable = "PARLEY_KILL_AT"
    private let point: FaultPoint?
    private let left: Countdown

    init(
        _ configuration: Configuration, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(StartError) {
        guard let text = environment[Self.variable], configuration[Keys.insecure] else {
            (point, left) = (nil, Countdown(0))
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1)
        guard let point = parts.first.flatMap({ FaultPoint(rawValue: String($0)) }),
            let count = parts.count > 1 ? Int(parts[1]) : 1, count > 0
        else {
            throw StartError(
                "\(Self.variable)=\(text.prefix(64)): write one of "
                    + FaultPoint.allCases.map(\.rawValue).joined(separator: ", ") + ", perhaps with :N")
        }
        (self.point, left) = (point, Countdown(count))
    }

    func reached(_ point: FaultPoint) {
        guard point == self.point, left.isLast() else { return }
        kill(getpid(), SIGKILL)
    }

    private final class Countdown: Sendable {
        private let left: Mutex<Int>
        init(_ count: Int) { left = Mutex(count) }

        func isLast() -> Bool {
            left.withLock { left in
                left -= 1
                return left == 0
            }
        }
    }
}
