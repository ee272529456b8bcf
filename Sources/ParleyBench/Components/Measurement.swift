import Glibc

/// What one component cost on this machine.
public struct Measurement: Codable, Equatable, Sendable {
    public var name: String
    public var operation: String
    public var isOnFramePath: Bool
    /// Nanoseconds of this thread for one operation, a round each, the quickest first.
    public var nanoseconds: [Double]
    /// Requests for memory in all operations of the last round; `nil` where nobody counted.
    public var allocations: UInt64?
    /// Operations in a round.
    public var operations: Int

    /// The least disturbed round.
    public var best: Double { nanoseconds.first ?? 0 }
    public var median: Double { nanoseconds.isEmpty ? 0 : nanoseconds[nanoseconds.count / 2] }
    public var isWithinBounds: Bool { !isOnFramePath || (allocations ?? 0) == 0 }
}

extension Component {
    /// Rounds of about `milliseconds` each, after one that warms everything up.
    public static func measure(rounds: Int = 7, milliseconds: Int = 40) -> Measurement {
        var probe = Self()
        // The first operations fill buffers and tables.
        let warm = min(most / 2, 2_000)
        probe.run(warm)
        let trial = min(most - warm, 2_000)
        let spent = max(timed { probe.run(trial) }, 1)
        let wanted = Int(Double(milliseconds) * 1e6 / (Double(spent) / Double(trial)))
        let operations = max(1, min(wanted, most - warm))
        var nanoseconds: [Double] = []
        var allocations: UInt64?
        for _ in 0..<rounds {
            var component = Self()
            component.run(warm)
            let before = Allocations.ofThisThread
            let spent = timed { component.run(operations) }
            let after = Allocations.ofThisThread
            nanoseconds.append(Double(spent) / Double(operations))
            allocations = after.flatMap { after in before.map { after - $0 } }
        }
        return Measurement(
            name: name, operation: operation, isOnFramePath: isOnFramePath, nanoseconds: nanoseconds.sorted(),
            allocations: allocations, operations: operations)
    }

    /// The CPU time of this thread, in nanoseconds: what else the machine does is not in it.
    private static func timed(_ body: () -> Void) -> Int {
        let began = threadTime
        body()
        return threadTime - began
    }

    private static var threadTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// How often memory was asked for, where `Bench/allocations.c` is preloaded.
enum Allocations {
    private typealias Count = @convention(c) () -> UInt64
    private static let count = dlsym(nil, "parley_allocations").map { unsafeBitCast($0, to: Count.self) }

    static var ofThisThread: UInt64? { count?() }
}

/// Keeps a result that nobody reads from being optimised away.
@inline(never)
func keep<Value>(_ value: borrowing Value) {}
