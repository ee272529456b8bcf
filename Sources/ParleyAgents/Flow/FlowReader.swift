import ParleyCore
import Yams

/// Collects what is wrong while a file is read, so that all of it is reported at once.
final class FlowIssues {
    let file: String
    private(set) var found: [FlowIssue] = []

    init(file: String) { self.file = file }

    /// Key and message may quote the file: they are made fit for one line.
    func add(_ line: Int, _ key: String, _ message: String) {
        found.append(
            FlowIssue(
                file: file, line: line, key: Self.line(key, atMost: 120), message: Self.line(message, atMost: 600)))
    }

    /// Without control characters and what turns the direction of text; cut where it is longer.
    private static func line(_ text: String, atMost limit: Int) -> String {
        var line = String.UnicodeScalarView()
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == limit {
                line.append("…")
                break
            }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: line.append("\u{FFFD}")
            default: line.append(scalar)
            }
        }
        return String(line)
    }

    /// What was probably meant by a word. Nobody needs more hints than twenty at a time, and in a file of mistakes they
    /// would cost more than all else.
    func nearest(to word: String, among names: @autoclosure () -> some Sequence<String>) -> String? {
        found.count < 20 ? EditDistance.nearest(to: word, among: names()) : nil
    }

    /// In the file's order.
    var sorted: [FlowIssue] {
        found.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    }
}

/// One YAML mapping, read strictly: what nobody asked for by `finish` is an error.
struct FlowReader {
    let issues: FlowIssues
    /// `steps.reason`; empty at the top.
    let path: String
    let line: Int
    private var entries: [(name: String, line: Int, value: Node)] = []

    /// `nil`, with an issue, where the node is no mapping.
    init?(_ node: Node, path: String, issues: FlowIssues) {
        self.issues = issues
        self.path = path
        line = node.mark?.line ?? 1
        guard case .mapping(let mapping) = node else {
            issues.add(line, path, "should be keys and values, one a line")
            return nil
        }
        for (key, value) in mapping {
            let keyLine = key.mark?.line ?? line
            guard case .scalar(let scalar) = key else {
                issues.add(keyLine, path, "a key should be a plain word")
                continue
            }
            entries.append((scalar.string, keyLine, value))
        }
    }

    /// Where each key stands.
    var lines: [String: Int] { Dictionary(entries.map { ($0.name, $0.line) }) { first, _ in first } }

    func has(_ key: String) -> Bool { entries.contains { $0.name == key } }
    func node(_ key: String) -> Node? { entries.first { $0.name == key }?.value }
    func line(of key: String) -> Int { entries.first { $0.name == key }?.line ?? line }
    func path(of key: String) -> String { path.isEmpty ? key : path + "." + key }
    func fail(_ key: String, _ message: String) { issues.add(line(of: key), path(of: key), message) }

    /// Says which keys nobody knows, and what was probably meant.
    func finish(allowed: [String]) {
        for entry in entries where !allowed.contains(entry.name) {
            let hint = issues.nearest(to: entry.name, among: allowed).map { "did you mean `\($0)`?" }
            issues.add(
                entry.line, path(of: entry.name),
                "unknown key; " + (hint ?? "here may stand \(allowed.joined(separator: ", "))"))
        }
    }

    func require(_ key: String, _ example: String) -> Bool {
        if has(key) { return true }
        issues.add(line, path(of: key), "is missing; write for example `\(key): \(example)`")
        return false
    }

    func string(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard case .scalar(let scalar) = node else {
            fail(key, "should be text")
            return nil
        }
        if Self.isNull(scalar) {
            fail(key, "is empty")
            return nil
        }
        return scalar.string
    }

    /// The name of a step, a slot or a target: letters, digits, `_` and `-`.
    func name(_ key: String) -> String? {
        guard let text = string(key) else { return nil }
        guard Self.isName(text) else {
            fail(key, "`\(text.prefix(40))` should be a name of letters, digits, `_` and `-`, at most 64")
            return nil
        }
        return text
    }

    func boolean(_ key: String) -> Bool? {
        guard let text = string(key) else { return nil }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default:
            fail(key, "`\(text.prefix(40))` should be true or false")
            return nil
        }
    }

    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = string(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            fail(key, "`\(text.prefix(40))` should be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// `500ms`, `1s`, `1.2s`, in milliseconds, from 100 ms to 10 s.
    /// `true`, `false`, or `after 800ms`.
    func interruption(_ key: String) -> Interruption? {
        guard let text = string(key) else { return nil }
        switch text.lowercased() {
        case "true": return .always
        case "false": return .never
        case let rule where rule.hasPrefix("after "):
            return duration(key, String(rule.dropFirst(6))).map { .after(.milliseconds($0)) }
        default:
            fail(key, "`\(text.prefix(40))` should be true, false or a time such as `after 800ms`")
            return nil
        }
    }

    func duration(_ key: String) -> Int? { string(key).flatMap { duration(key, $0) } }

    private func duration(_ key: String, _ text: String) -> Int? {
        let milliseconds: Double? =
            if text.hasSuffix("ms") { Double(text.dropLast(2)) } else if text.hasSuffix("s") {
                Double(text.dropLast()).map { $0 * 1_000 }
            } else { nil }
        guard let milliseconds, milliseconds >= 100, milliseconds <= 10_000 else {
            fail(key, "`\(text.prefix(40))` should be a time from 100ms to 10s, such as `700ms`")
            return nil
        }
        return Int(milliseconds)
    }

    func template(_ key: String) -> Template? {
        guard let text = string(key) else { return nil }
        return template(text, key)
    }

    /// One text, or a list of them.
    func templates(_ key: String) -> [Template] {
        guard let node = node(key) else { return [] }
        guard case .sequence(let sequence) = node else { return template(key).map { [$0] } ?? [] }
        return sequence.compactMap { item in
            guard case .scalar(let scalar) = item else {
                issues.add(item.mark?.line ?? line, path(of: key), "should be text")
                return nil
            }
            return template(scalar.string, key, line: item.mark?.line)
        }
    }

    private func template(_ text: String, _ key: String, line: Int? = nil) -> Template? {
        do throws(TemplateError) {
            if text.count > 2_000 {
                throw TemplateError(message: "is longer than 2,000 characters; nobody listens that long")
            }
            return try Template(text)
        } catch {
            issues.add(line ?? self.line(of: key), path(of: key), error.message)
            return nil
        }
    }

    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
                    || $0 == 0x2D
            }
    }

    static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
