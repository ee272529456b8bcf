import FoundationEssentials
import ParleyCaller
import ParleyCore

/// What became of one thing that was replayed: a line for people, an object for programs, a test case for CI.
public struct ReplayResult: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Sendable { case capsule, fixture }

    /// As it was given.
    public var path: String
    public var kind: Kind
    /// Of the call, in seconds.
    public var duration: Double
    /// What is not as recorded or expected; empty when all is.
    public var problems: [String]
    /// Of all outputs, in hexadecimal; capsules alone.
    public var hash: String?
    /// Inputs that were given; capsules alone.
    public var inputs: Int?
    /// The recording breaks off: the process was killed, or the disk was full.
    public var breaksOff: Bool?
    /// Its voices and words were left out; capsules alone.
    public var isRedacted: Bool?
    /// With something changed: which decisions are not the same; `nil` where nothing was changed.
    public var changes: [Rehearsal.Change]?
    /// It is no capsule or fixture: `problems` says why.
    public var isUnplayable: Bool?
    /// What it took, in seconds of this machine.
    public var took: Double

    public var isAsExpected: Bool { problems.isEmpty }

    /// - Parameter reason: why it cannot be replayed, and the mend.
    public init(path: String, kind: Kind, unplayable reason: String) {
        self.path = path
        self.kind = kind
        duration = 0
        problems = [reason]
        isUnplayable = true
        took = 0
    }

    public init(path: String, capsule report: CapsuleReplay.Report, problems: [String], took: Duration) {
        self.path = path
        kind = .capsule
        duration = Double(report.duration.nanoseconds) / 1e9
        self.problems = (report.difference.map { [$0.description] } ?? []) + problems
        hash = Self.hexadecimal(report.hash)
        inputs = report.inputs
        breaksOff = !report.isWhole
        isRedacted = report.header.isRedacted
        self.took = took / .seconds(1)
    }

    public init(path: String, _ call: RecordedCall, changes: [Rehearsal.Change], took: Duration) {
        self.path = path
        kind = .capsule
        duration = Double(call.duration.nanoseconds) / 1e9
        problems = call.damage.map { ["damaged \($0)"] } ?? []
        self.changes = changes
        self.took = took / .seconds(1)
    }

    public init(path: String, fixture outcome: FixtureReplay.Outcome, took: Duration) {
        self.path = path
        kind = .fixture
        duration = outcome.report.durationMS / 1_000
        problems = outcome.findings.map(\.description)
        self.took = took / .seconds(1)
    }

    /// One line: what it is, and whether it is the same.
    public var line: String {
        var words = "\(isAsExpected ? "ok  " : "DIFF") \(path)  \(Self.seconds(duration)) s"
        if let inputs, let hash { words += ", \(inputs) inputs, outputs \(hash)" }
        if isRedacted == true { words += ", redacted" }
        if breaksOff == true { words += ", breaks off there" }
        if let changes { words += ", \(changes.count) decisions change" }
        return words + " (took \(Self.seconds(took)) s)"
    }

    private static func seconds(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension CapsuleReplay.Difference: CustomStringConvertible {
    /// A paragraph: when, what came in, where the call stood, what it did then and does now.
    public var description: String {
        func list(_ lines: [String]) -> String {
            lines.isEmpty ? "nothing" : lines.joined(separator: "\n              ")
        }
        return """
            first difference at \(at.milliseconds) ms, input \(number)
              came in     \(input)
              call stood  \(state)
              recorded    \(list(recorded))
              replayed    \(list(replayed))
            """
    }
}

/// All results of one command.
public struct ReplayReport: Codable, Equatable, Sendable {
    public var results: [ReplayResult]
    public var isAsExpected: Bool

    public init(_ results: [ReplayResult]) {
        self.results = results
        isAsExpected = results.allSatisfy(\.isAsExpected)
    }

    /// How many were replayed and came out otherwise.
    public var different: Int { results.count { !$0.isAsExpected } - unplayable }
    /// How many are no capsule or fixture.
    public var unplayable: Int { results.count { $0.isUnplayable == true } }

    /// The last line for people.
    public var summary: String {
        "\(results.count - unplayable) replayed, \(different) different"
            + (unplayable > 0 ? ", \(unplayable) cannot be" : "")
    }

    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// The JUnit XML that CI systems read: a suite, a case for each path.
    public func junit() -> String {
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<testsuite name=\"parley replay\" tests=\"\(results.count)\""
        xml += " failures=\"\(different)\" errors=\"\(unplayable)\" time=\"\(total)\">\n"
        for result in results {
            let path = Markup.escaped(result.path, inAttribute: true)
            let name = "classname=\"\(result.kind.rawValue)\" name=\"\(path)\""
            xml += "  <testcase \(name) time=\"\(result.took)\""
            var inner = ""
            if let first = result.problems.first {
                let kind = result.isUnplayable == true ? "error" : "failure"
                let summary = first.split(separator: "\n").first.map(String.init) ?? first
                inner += "    <\(kind) message=\"\(Markup.escaped(summary, inAttribute: true))\">"
                inner += Markup.escaped(result.problems.joined(separator: "\n")) + "</\(kind)>\n"
            }
            if let changes = result.changes, !changes.isEmpty {
                let lines = changes.map { Markup.escaped($0.line) }.joined(separator: "\n")
                inner += "    <system-out>\(lines)</system-out>\n"
            }
            xml += inner.isEmpty ? "/>\n" : ">\n\(inner)  </testcase>\n"
        }
        return xml + "</testsuite>\n"
    }

    private var total: Double { results.reduce(0) { $0 + $1.took } }
}
