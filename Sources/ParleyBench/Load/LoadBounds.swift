import ParleyCaller
import ParleyCore
import Yams

/// What is promised of a run, and judged: `Bench/slo.yaml`.
///
/// A bound names the runs by their name (of several the median counts), what of them, and the most it may be: as it is, beyond
/// a number (`beyond`: the pause that ends a turn), or as a ratio to the same of another server in the same minutes (`over`).
public struct LoadBounds: Sendable {
    public struct Bound: Sendable {
        public var title: String
        var run: String
        var measure: Measure
        var percentile: Double?
        var over: String?
        var beyond = 0.0
        var most: Double
    }

    enum Measure: String, CaseIterable {
        case edge, ear, bargeIn = "barge_in", pace, gap, connect, own
        case cpuPerFrame = "cpu_per_frame"
        case allocationsPerFrame = "allocations_per_frame"
        case failed, violations, missed, gaps

        var times: LoadMeasure? { LoadMeasure(rawValue: rawValue) }
    }

    public var bounds: [Bound]

    public static func parse(_ yaml: String, file: String) throws(CallScriptError) -> LoadBounds {
        let fields = YAMLFields(file: file)
        let root = try fields.mapping(try fields.root(of: yaml, need: "bounds:"), "", ["bounds"])
        // Without a bound everything would hold.
        guard let list = root["bounds"], let nodes = list.sequence, !nodes.isEmpty else {
            throw CallScriptError(file: file, line: 1, key: "bounds", problem: "must be a list of bounds, at least one")
        }
        var bounds: [Bound] = []
        for node in nodes { bounds.append(try bound(node, fields)) }
        return LoadBounds(bounds: bounds)
    }

    private static func bound(_ node: Node, _ fields: YAMLFields) throws(CallScriptError) -> Bound {
        let known = ["title", "run", "measure", "percentile", "over", "beyond", "most"]
        let values = try fields.mapping(node, "bounds", known)
        func needed(_ key: String) throws(CallScriptError) -> Node {
            guard let value = values[key] else { throw fields.fail(node, key, "is missing; a bound needs it") }
            return value
        }
        func number(_ value: Node, _ key: String) throws(CallScriptError) -> Double {
            let text = try fields.string(value, key)
            guard let number = Double(text), number.isFinite, number >= 0 else {
                throw fields.fail(value, key, "`\(text)` must be a number, 0 or more")
            }
            return number
        }
        let written = try needed("measure")
        let name = try fields.string(written, "measure")
        guard let measure = Measure(rawValue: name) else {
            let all = Measure.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.fail(written, "measure", "`\(name)` is none; there are \(all)")
        }
        var bound = Bound(
            title: try fields.string(try needed("title"), "title"), run: try fields.string(try needed("run"), "run"),
            measure: measure, most: try number(try needed("most"), "most"))
        if let value = values["percentile"] {
            bound.percentile = try number(value, "percentile")
            guard measure.times != nil, (0...100).contains(bound.percentile ?? 0) else {
                throw fields.fail(value, "percentile", "is 0 to 100, and of times; \(name) has none")
            }
        } else if measure.times != nil {
            throw fields.fail(node, "percentile", "is missing; \(name) is many times")
        }
        if let value = values["over"] { bound.over = try fields.string(value, "over") }
        if let value = values["beyond"] { bound.beyond = try number(value, "beyond") }
        return bound
    }

    /// What became of one bound.
    public struct Verdict: Codable, Sendable {
        public var title: String
        public var value: Double?
        public var most: Double
        /// Of each run that counted, in their order.
        public var spread: [Double]
        public var holds: Bool

        public var line: String {
            let found = value.map(LoadReport.number) ?? "nothing was measured"
            let all = spread.count > 1 ? " (\(spread.map(LoadReport.number).joined(separator: ", ")))" : ""
            return "\(holds ? "ok  " : "FAIL")  \(title): \(found), at most \(LoadReport.number(most))\(all)"
        }
    }

    /// A bound of runs that were not made does not hold.
    public func judge(_ runs: [LoadRun]) -> [Verdict] {
        bounds.map { bound in
            let values = runs.filter { $0.name == bound.run }.compactMap { bound.value(of: $0) }
            var spread = values
            if let over = bound.over {
                let others = runs.filter { $0.name == over }.compactMap { bound.value(of: $0) }
                // One round each, made one after the other, are compared with each other.
                spread = zip(values, others).compactMap { $1 > 0 ? $0 / $1 : nil }
                if others.count != values.count { spread = [] }
            }
            let value = Self.median(spread)
            return Verdict(
                title: bound.title, value: value, most: bound.most, spread: spread,
                holds: value.map { $0 <= bound.most } ?? false)
        }
    }

    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension LoadBounds.Bound {
    fileprivate func value(of run: LoadRun) -> Double? {
        if let times = measure.times { return run.percentile(percentile ?? 0, of: times).map { $0 - beyond } }
        switch measure {
        case .cpuPerFrame: return run.cpuPerFrame
        case .allocationsPerFrame: return run.allocationsPerFrame
        case .failed: return Double(run.failed)
        case .violations: return Double(run.violated)
        case .missed: return Double(run.turns.missed + run.turns.talkedOver + run.turns.notCleared)
        case .gaps: return Double(run.offsets[LoadMeasure.gap.rawValue]?.count ?? 0)
        case .edge, .ear, .bargeIn, .pace, .gap, .connect, .own: return nil
        }
    }
}

extension [LoadBounds.Verdict] {
    /// For programs that show tests: one case a bound.
    public var junit: String {
        let broken = count { !$0.holds }
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
        lines.append("<testsuites><testsuite name=\"parley bench\" tests=\"\(count)\" failures=\"\(broken)\">")
        for verdict in self {
            let title = Markup.escaped(verdict.title, inAttribute: true)
            let line = Markup.escaped(verdict.line, inAttribute: true)
            lines.append("<testcase name=\"\(title)\">")
            if !verdict.holds { lines.append("<failure message=\"\(line)\"/>") }
            lines.append("</testcase>")
        }
        return (lines + ["</testsuite></testsuites>"]).joined(separator: "\n") + "\n"
    }
}
