import Foundation
import ParleyCore

/// Runs of a load test as one page that needs nothing else: a table, how the times are distributed, calls against latency, and
/// what changed since earlier runs.
public struct LoadPage {
    public var runs: [LoadRun]
    /// Earlier runs, compared by name.
    public var earlier: [LoadRun]
    public var verdicts: [LoadBounds.Verdict]

    public init(runs: [LoadRun], earlier: [LoadRun] = [], verdicts: [LoadBounds.Verdict] = []) {
        self.runs = runs.sorted { ($0.calls, $0.name) < ($1.calls, $1.name) }
        self.earlier = earlier
        self.verdicts = verdicts
    }

    public var html: String {
        var body = "<h1>parley bench</h1>"
        if !verdicts.isEmpty {
            body += "<h2>Bounds</h2><ul class=bounds>"
            for verdict in verdicts {
                body += "<li class=\(verdict.holds ? "holds" : "broken")>\(Markup.escaped(verdict.line))</li>"
            }
            body += "</ul>"
        }
        body += "<h2>Runs</h2>" + table
        for measure in [LoadMeasure.edge, .bargeIn, .pace] {
            let plot = distribution(measure)
            if !plot.isEmpty { body += "<h2>\(Self.title(measure))</h2>" + plot }
        }
        let plot = callsAgainstLatency
        if !plot.isEmpty { body += "<h2>Calls against the answer's 95th percentile</h2>" + plot }
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>parley bench</title><style>\(Self.style)</style>\(body)</html>

            """
    }

    // MARK: The table

    private var table: String {
        let columns: [(String, (LoadRun) -> Double?)] = [
            ("calls", { Double($0.calls) }), ("CPU us a frame", { $0.cpuPerFrame }),
            ("% of a core", { run in run.server.map { Double($0.cpu) / run.window / 1e7 } }),
            ("MiB", { run in run.server.map { Double($0.memory) / 1_048_576 } }),
            ("answer p50", { $0.percentile(50, of: .edge) }), ("p95", { $0.percentile(95, of: .edge) }),
            ("p99", { $0.percentile(99, of: .edge) }), ("n", { $0.offsets["edge"].map { Double($0.count) } }),
            ("barge-in p50", { $0.percentile(50, of: .bargeIn) }), ("p95", { $0.percentile(95, of: .bargeIn) }),
            ("off pace p99", { $0.percentile(99, of: .pace) }), ("own p99", { $0.percentile(99, of: .own) }),
            ("missed", { Double($0.turns.missed) }), ("talked over", { Double($0.turns.talkedOver) }),
            ("not cleared", { Double($0.turns.notCleared) }),
            ("failed", { Double($0.failed + $0.violated) }),
        ]
        var out = "<table><tr><th>run</th>" + columns.map { "<th>\($0.0)</th>" }.joined() + "</tr>"
        for run in runs {
            let before = earlier.first { $0.name == run.name }
            out += "<tr><td>\(Markup.escaped(run.name))</td>"
            for (_, value) in columns {
                let now = value(run)
                out += "<td>\(now.map(LoadReport.number) ?? "")"
                if let now, let was = before.flatMap(value), was > 0, now != was {
                    let change = 100 * (now / was - 1)
                    out += " <small>\(change > 0 ? "+" : "")\(Int(change.rounded())) %</small>"
                }
                out += "</td>"
            }
            out += "</tr>"
        }
        return out
            + "</table><p>Milliseconds where nothing else is said\(earlier.isEmpty ? "" : "; small: against the earlier run of that name").</p>"
    }

    // MARK: Plots

    private static let (width, height, margin) = (760.0, 260.0, 44.0)
    private static let colours = [
        "#0b6e99", "#b35900", "#2e7d32", "#8e24aa", "#c62828", "#455a64", "#7b6000", "#00695c",
    ]

    /// What share of all times is at most so long.
    private func distribution(_ measure: LoadMeasure) -> String {
        let lines = runs.compactMap { run -> (String, [Double])? in
            guard let values = run.offsets[measure.rawValue]?.sorted(), values.count >= 10 else { return nil }
            // The last per cent would press the rest together.
            return (run.name, (0...100).map { values[min(values.count - 1, values.count * $0 * 99 / 10_000)] })
        }
        guard let longest = lines.compactMap(\.1.last).max(), longest > 0 else { return "" }
        return plot(
            lines.map { name, values in
                (name, values.enumerated().map { ($1 / longest, Double($0) * 0.99 / 100) })
            }, x: (0, longest, "ms"), y: (0, 100, "% of all"))
    }

    private var callsAgainstLatency: String {
        let points = runs.compactMap { run in run.percentile(95, of: .edge).map { (Double(run.calls), $0) } }.sorted {
            $0.0 < $1.0
        }
        guard Set(points.map(\.0)).count > 1, let most = points.last?.0, let longest = points.map(\.1).max() else {
            return ""
        }
        return plot(
            [("p95", points.map { ($0 / most, $1 / longest) })], x: (0, most, "calls"), y: (0, longest, "ms"))
    }

    /// - Parameter lines: points from 0 to 1.
    private func plot(
        _ lines: [(String, [(Double, Double)])], x: (Double, Double, String), y: (Double, Double, String)
    ) -> String {
        func across(_ share: Double) -> Double { Self.margin + share * (Self.width - 2 * Self.margin) }
        func up(_ share: Double) -> Double { Self.height - Self.margin - share * (Self.height - 2 * Self.margin) }
        var svg = "<svg viewBox=\"0 0 \(Self.width) \(Self.height)\" role=img>"
        for step in 0...4 {
            let share = Double(step) / 4
            svg += "<path class=grid d=\"M\(across(0)) \(up(share))H\(across(1))M\(across(share)) \(up(0))V\(up(1))\"/>"
            let (left, below) = (
                LoadReport.number(y.0 + share * (y.1 - y.0)), LoadReport.number(x.0 + share * (x.1 - x.0))
            )
            svg += "<text x=\"\(across(0) - 6)\" y=\"\(up(share) + 4)\" text-anchor=end>\(left)</text>"
            svg += "<text x=\"\(across(share))\" y=\"\(up(0) + 16)\" text-anchor=middle>\(below)</text>"
        }
        svg +=
            "<text x=\"\(across(1))\" y=\"\(up(0) + 32)\" text-anchor=end>\(x.2)</text><text x=\"6\" y=\"\(up(1) - 12)\">\(y.2)</text>"
        for (index, line) in lines.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            let path = line.1.map { "\(Self.place(across($0.0))) \(Self.place(up($0.1)))" }.joined(separator: "L")
            svg += "<path fill=none stroke=\"\(colour)\" stroke-width=2 d=\"M\(path)\"/>"
        }
        svg += "</svg><p class=key>"
        for (index, line) in lines.enumerated() {
            svg +=
                "<span><i style=\"background:\(Self.colours[index % Self.colours.count])\"></i>\(Markup.escaped(line.0))</span>"
        }
        return svg + "</p>"
    }

    private static func place(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func title(_ measure: LoadMeasure) -> String {
        switch measure {
        case .edge: "From the caller's last frame to the answer's first"
        case .bargeIn: "From the first frame of a cut-in to the clear"
        case .pace: "How far the agent's frames are from 20 ms apart"
        case .ear, .gap, .connect, .own: measure.rawValue
        }
    }

    private static let style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:2em auto;padding:0 1em;color:#1b1b1b;background:#fff}\
        table{border-collapse:collapse;font-size:13px;display:block;overflow-x:auto}td,th{padding:.25em .6em;text-align:right;border-bottom:1px solid #ddd}\
        td:first-child,th:first-child{text-align:left}small{color:#666}svg{width:100%;font-size:11px}.grid{stroke:#ddd;fill:none}\
        .bounds{list-style:none;padding:0;font:13px/1.7 ui-monospace,monospace}.broken{color:#b00020;font-weight:600}\
        .key span{margin-right:1.2em}.key i{display:inline-block;width:.9em;height:.9em;margin-right:.4em;vertical-align:-.1em}
        """
}
