import FoundationEssentials

/// What was measured of all components: a table for people, JSON for programs, and whether the bounds hold.
public struct ComponentReport: Codable, Equatable, Sendable {
    public var measurements: [Measurement]

    public init(_ measurements: [Measurement]) { self.measurements = measurements }

    /// Done for every frame, and it asks for memory.
    public var broken: [Measurement] { measurements.filter { !$0.isWithinBounds } }

    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// One line a component: nanoseconds of the quickest round and of the middle one, allocations, what is done.
    public var table: String {
        var rows = [["component", "ns", "median", "allocations", "one operation"]]
        for measured in measurements {
            rows.append([
                measured.name, Self.tenths(measured.best), Self.tenths(measured.median),
                Self.allocations(measured), measured.operation,
            ])
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = row[0] + Self.spaces(widths[0] - row[0].count)
            for column in 1..<4 { line += "  " + Self.spaces(widths[column] - row[column].count) + row[column] }
            return line + "  " + row[4] + "\n"
        }.joined()
    }

    private static func allocations(_ measured: Measurement) -> String {
        guard let count = measured.allocations else { return "-" }
        if count == 0 { return "0" }
        return tenths(Double(count) / Double(measured.operations)) + (measured.isWithinBounds ? "" : " FAIL")
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
