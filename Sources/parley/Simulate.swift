import ArgumentParser
import Foundation
import ParleyAgents
import ParleyCore
import ParleyGateway
import ParleyReplay

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Generated calls with generated faults, on a virtual clock: is any promise broken? Exit 1 if one is.",
        discussion: """
            Each seed is one call of up to three minutes: the real turn-taking, playout, flow, consent gate and decisions \
            between a simulated caller, carrier, engines and disk. The same seed is always the same call.
            """)

    @Option(parsing: .unconditional, help: "How many calls, at least 1.")
    var seeds: Int
    @Option(parsing: .unconditional, help: "The first seed.")
    var from: UInt64 = 1

    @Option(
        help: ArgumentHelp("Where a capsule of each call with a broken promise is written.", valueName: "folder"))
    var capsules = "."

    /// Failures that are told in full, each with a capsule; of the others, the seeds.
    private static let told = 5

    func validate() throws {
        guard seeds > 0 else { throw ValidationError("--seeds \(seeds): must be at least 1") }
        guard UInt64(seeds) - 1 <= UInt64.max - from else {
            throw ValidationError("--from \(from): so many seeds from there do not fit in 64 bits")
        }
    }

    func run() async throws {
        // Not found out after an hour.
        guard access(capsules + "/.", W_OK | X_OK) == 0 else {
            throw Refused("--capsules \(capsules): is no folder that can be written to")
        }
        let flows: SimulatedFlows
        do throws(FlowErrors) {
            flows = try SimulatedFlows(sample: GatewayProcess.sampleFlow)
        } catch {
            throw Refused("the sample flow does not load: \(error)")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let seeds = seeds
        let isWatched = isatty(2) == 1
        let simulation = Simulation(flows: flows)
        let report = await simulation.run(
            from: from, count: seeds, workers: ProcessInfo.processInfo.activeProcessorCount
        ) { done in
            if isWatched { Standard.error.write("\r\(done) of \(seeds) calls\u{1B}[K") }
        }
        if isWatched { Standard.error.write("\r\u{1B}[K") }
        for failure in report.failures.prefix(Self.told) {
            let path = "\(capsules)/seed-\(failure.seed).capsule"
            do { try Data(simulation.capsule(seed: failure.seed)).write(to: URL(fileURLWithPath: path)) } catch {
                throw Refused("--capsules \(capsules): \(path) cannot be written; is the folder there?")
            }
            Standard.output.write("seed \(failure.seed): parley replay \(path) --decisions\n")
        }
        tell(report, took: (clock.now - start) / .seconds(1))
        if !report.failures.isEmpty { throw ExitCode(1) }
    }

    private func tell(_ report: SimulationReport, took seconds: Double) {
        var lines: [String] = []
        for failure in report.failures.prefix(Self.told) { lines += failure.failureLines }
        if report.failures.count > Self.told {
            let rest = report.failures.dropFirst(Self.told)
            lines.append(
                "also broken, seeds: "
                    + rest.map { "\($0.seed) (\($0.violation?.invariant ?? ""))" }.joined(separator: ", "))
        }
        lines += report.lines
        func rounded(_ value: Double) -> String { String(format: "%.1f", value) }
        let hours = Double(report.virtual.nanoseconds) / 3.6e12
        lines.append("digest \(String(report.digest, radix: 16))")
        lines.append(
            "\(report.calls) calls, \(rounded(hours)) virtual hours in \(rounded(seconds)) s "
                + "(\(rounded(Double(report.calls) / seconds)) a second): \(report.failures.count) with a broken promise"
        )
        Standard.output.write(lines.joined(separator: "\n") + "\n")
    }
}
