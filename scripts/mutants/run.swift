// Compiled by scripts/mutants.sh together with the simulator's sources: the first seed that breaks a promise.
import Foundation
import ParleyCore

@main
struct Run {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let flow = try String(contentsOfFile: arguments[1], encoding: .utf8)
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 1_000 : 1_000
        let simulation = Simulation(flows: try SimulatedFlows(sample: flow))
        let workers = ProcessInfo.processInfo.activeProcessorCount
        for first in stride(from: 1, through: count, by: 50) {
            // Some mutants trap.
            FileHandle.standardError.write(Data("seeds \(min(count, first + 49))\n".utf8))
            let report = await simulation.run(from: UInt64(first), count: min(50, count - first + 1), workers: workers)
            guard let failure = report.failures.first, let violation = failure.violation else { continue }
            print("found within \(failure.seed) seeds: \(violation.invariant): \(violation.detail)")
            return
        }
        print("NOT FOUND in \(count) seeds")
        exit(1)
    }
}
