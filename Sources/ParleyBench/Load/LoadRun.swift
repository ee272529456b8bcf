import Foundation

/// What one run of a load test measured: every offset as it was, for whoever wants to look at it otherwise.
public struct LoadRun: Codable, Sendable {
    /// Of this file's form.
    public var version = 1
    public var name: String
    public var calls: Int
    /// How many were begun: more than `calls` where callers whose conversation was over were followed by others.
    public var conversations: Int?
    /// How long was counted, in seconds.
    public var window: Double
    public var framesSent = 0
    public var framesReceived = 0
    /// Of whole calls, what was not counted included.
    public var framesOfAll = 0
    /// By `LoadMeasure`, in milliseconds.
    public var offsets: [String: [Double]] = [:]
    public var turns = Turns()
    /// What the server sent that the protocol does not allow, and how often.
    public var violations: [String: Int] = [:]
    /// Why calls did not come up, or did not last.
    public var failures: [String: Int] = [:]
    public var server: Server?
    /// The generator's own CPU time in the window, in nanoseconds.
    public var ownCPU: Int64 = 0

    public struct Turns: Codable, Sendable {
        public var answered = 0
        public var missed = 0
        public var talkedOver = 0
        public var interruptions = 0
        public var notCleared = 0
        public var strayClears = 0
    }

    public struct Server: Codable, Sendable {
        /// In the window, nanoseconds of a core.
        public var cpu: Int64
        /// Resident at the window's end, in octets.
        public var memory: Int64
        /// A thread came or went meanwhile: of its CPU time some is missing.
        public var threadsChanged: Bool
        public var allocations: UInt64?
    }

    public init(name: String, calls: Int, window: Double) {
        self.name = name
        self.calls = calls
        self.window = window
    }

    public static func load(_ path: String) throws(LoadError) -> LoadRun {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LoadError("\(path): there is no such file; `parley bench load --out FILE` writes one")
        }
        let run: LoadRun
        do { run = try JSONDecoder().decode(LoadRun.self, from: data) } catch {
            throw LoadError("\(path): is not what `parley bench load` writes")
        }
        guard run.isPossible else { throw LoadError("\(path): holds numbers that no run of `parley bench load` has") }
        return run
    }

    /// A day, in milliseconds, and a million calls: what is beyond was written by somebody else.
    private var isPossible: Bool {
        let times = offsets.values.joined().allSatisfy { abs($0) < 86_400_000 }
        let counts = [
            calls, conversations ?? 0, framesSent, framesReceived, framesOfAll, turns.answered, turns.missed,
            turns.talkedOver,
            turns.interruptions, turns.notCleared, turns.strayClears,
        ]
        let mostFrames = 1_000_000 * 50 * 86_400
        return times && (0...86_400).contains(window) && (0...1_000_000).contains(calls)
            && (counts + violations.values + failures.values).allSatisfy { (0...mostFrames).contains($0) }
            && [ownCPU, server?.cpu ?? 0, server?.memory ?? 0].allSatisfy { (0...(Int64.max >> 10)).contains($0) }
    }

    public func write(to path: String) throws(LoadError) {
        do { try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path)) } catch {
            throw LoadError("--out \(path): \(error.localizedDescription)")
        }
    }

    // MARK: What a bound can be of

    /// By nearest rank: the smallest value that at least so much of all do not exceed; `nil` where there are none.
    public func percentile(_ percent: Double, of measure: LoadMeasure) -> Double? {
        guard let values = offsets[measure.rawValue]?.sorted(), !values.isEmpty else { return nil }
        return values[max(0, min(values.count - 1, Int((Double(values.count) * percent / 100).rounded(.up)) - 1))]
    }

    /// How many calls were up, in the middle of the time that was counted.
    public var meanCalls: Double { window > 0 ? Double(framesSent) / 50 / window : 0 }

    /// Microseconds of the server's CPU for a frame that was sent to it.
    public var cpuPerFrame: Double? {
        guard let server, framesSent > 0 else { return nil }
        return Double(server.cpu) / 1_000 / Double(framesSent)
    }

    /// The server's requests for memory for a frame that was sent to it.
    public var allocationsPerFrame: Double? {
        guard let count = server?.allocations, framesSent > 0 else { return nil }
        return Double(count) / Double(framesSent)
    }

    public var failed: Int { failures.values.reduce(0, +) }
    public var violated: Int { violations.values.reduce(0, +) }
}
