import Foundation

/// What the kernel, and the counter of `Bench/allocations.c`, tell about the server's process. Linux's `/proc`.
struct ServerProbe {
    let pid: Int
    /// Where the server's requests for memory are counted; `nil` where nobody counts.
    let allocations: String?

    struct Sample: Codable {
        /// Of all threads, in nanoseconds of a core.
        var cpu: Int64
        var threads: Int
        /// Resident memory, in octets.
        var memory: Int64
        var allocations: UInt64?
    }

    /// - Returns: `nil` where there is no such process.
    func sample() -> Sample? {
        let root = "/proc/\(pid)"
        guard let tasks = try? FileManager.default.contentsOfDirectory(atPath: root + "/task") else { return nil }
        var cpu: Int64 = 0
        for task in tasks {
            // A thread may end while it is looked at.
            guard let line = Self.text(root + "/task/\(task)/schedstat") else { continue }
            cpu += line.split(separator: " ").first.flatMap { Int64($0) } ?? 0
        }
        let pages = Self.text(root + "/statm")?.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
        return Sample(
            cpu: cpu, threads: tasks.count, memory: pages * Int64(sysconf(Int32(_SC_PAGESIZE))), allocations: counted)
    }

    private var counted: UInt64? {
        guard let allocations, let octets = FileManager.default.contents(atPath: allocations), octets.count >= 8 else {
            return nil
        }
        return octets.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
