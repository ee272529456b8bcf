import Foundation

/// Runs of a load test, told: one row a run.
public struct LoadReport {
    public var runs: [LoadRun]

    public init(_ runs: [LoadRun]) { self.runs = runs }

    /// For people.
    public var table: String {
        runs.map { run in
            var lines = ["\(run.name): \(run.calls) calls, \(Self.number(run.window)) s"]
            if let conversations = run.conversations, conversations > run.calls {
                lines[0] += ", \(conversations) conversations, \(Self.number(run.meanCalls)) at once"
            }
            lines[0] += ", \(run.framesSent) frames to the server, \(run.framesReceived) from it"
            if let cost = run.cpuPerFrame, let server = run.server {
                lines.append(
                    "  server: \(Self.number(cost)) us of CPU a frame, \(Self.number(Double(server.cpu) / run.window / 1e7)) % of a core, "
                        + "\(Self.number(Double(server.memory) / 1_048_576)) MiB resident"
                        + (run.allocationsPerFrame.map { ", \(Self.number($0)) requests for memory a frame" } ?? "")
                        + (server.threadsChanged ? "; a thread came or went: its CPU time may be missing" : ""))
            }
            lines.append("  generator: \(Self.number(Double(run.ownCPU) / run.window / 1e7)) % of a core")
            for measure in LoadMeasure.allCases {
                guard let values = run.offsets[measure.rawValue], !values.isEmpty else { continue }
                let told = [50, 90, 95, 99].map { percent in
                    "p\(percent) \(run.percentile(Double(percent), of: measure).map(Self.number) ?? "-")"
                }
                lines.append(
                    "  \(measure.rawValue): n \(values.count), \(told.joined(separator: ", ")), "
                        + "max \(Self.number(values.max() ?? 0)) ms")
            }
            if let late = run.percentile(99, of: .own), late > Self.lateGenerator {
                lines.append(
                    "  CAREFUL: the generator itself was late by \(Self.number(late)) ms (own, p99): these times are not the server's alone"
                )
            }
            let turns = run.turns
            lines.append(
                "  turns: \(turns.answered) answered, \(turns.missed) missed, \(turns.talkedOver) talked over (left out); "
                    + "cut-ins: \(turns.interruptions), \(turns.notCleared) not cleared; \(turns.strayClears) clears for nothing"
            )
            for (what, count) in (run.failures.merging(run.violations) { $0 + $1 }).sorted(by: { $0.key < $1.key }) {
                lines.append("  FAILED \(count) times: \(what)")
            }
            return lines.joined(separator: "\n") + "\n"
        }.joined()
    }

    /// A frame's half, in milliseconds: a generator that is later than this measures itself.
    private static let lateGenerator = 10.0

    static func number(_ value: Double) -> String {
        let digits = abs(value) < 10 ? 100.0 : 10.0
        let rounded = (value * digits).rounded() / digits
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}
