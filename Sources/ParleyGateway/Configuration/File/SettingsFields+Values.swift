import Yams
import ParleyNetwork

/// Each gives `nil` where the key is not there, and where it holds something else, which is an issue then.
extension SettingsFields {
    private static let switchedOff = ["0", "unlimited", "none", "off", "infinite", "never", "~", "null", ""]

    /// A single value as it is written; empty where it is `~` or nothing.
    func scalar(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard case .scalar(let scalar) = node else {
            fail(key, "is not a single value", mend: "write one value behind `\(key):`")
            return nil
        }
        return Self.isNull(scalar) ? "" : scalar.string
    }

    /// A text that is not empty, of one line where nothing else is said.
    ///
    /// - Parameter limit: in characters.
    func text(_ key: String, atMost limit: Int, onOneLine: Bool = true) -> String? {
        guard let text = scalar(key) else { return nil }
        guard !text.allSatisfy(\.isWhitespace) else {
            fail(key, "is empty", mend: "write a value, or leave the key out")
            return nil
        }
        let isTidy = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control || !onOneLine && (scalar == "\n" || scalar == "\t")
        }
        guard text.count <= limit, isTidy else {
            fail(
                key, "is longer than \(limit) characters or " + (onOneLine ? "not one line" : "has control characters"),
                mend: "make it shorter" + (onOneLine ? ", on one line" : ", and leave those out"))
            return nil
        }
        return text
    }

    func flag(_ key: String) -> Bool? {
        switch scalar(key) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            fail(key, "is neither true nor false", mend: "write `\(key): true` or `\(key): false`")
            return nil
        }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice? {
        choice(key, among: Array(type.allCases))
    }

    func choice<Choice: RawRepresentable<String>>(_ key: String, among choices: [Choice]) -> Choice? {
        guard let text = scalar(key) else { return nil }
        if let choice = choices.first(where: { $0.rawValue == text }) { return choice }
        let names = choices.map(\.rawValue)
        let near = issues.nearest(to: text, among: names).map { "did you mean `\($0)`? " } ?? ""
        fail(
            key, "`\(text.prefix(64))` is not known here", mend: "\(near)write one of \(names.joined(separator: ", "))")
        return nil
    }

    func count(_ key: String, in range: ClosedRange<Int>) -> Int? {
        limit(key, in: range, form: "number, \(range.lowerBound) to \(range.upperBound)") { Quantity.wholeNumber($0) }
    }

    /// In milliseconds.
    func duration(_ key: String, in range: ClosedRange<Duration>, example: String) -> Int64? {
        let form = "time as \(example), \(Self.words(range.lowerBound)) to \(Self.words(range.upperBound))"
        return limit(key, in: range, form: form) { Quantity.duration($0) }?.milliseconds
    }

    private func limit<Value: Comparable>(
        _ key: String, in range: ClosedRange<Value>, form: String, _ read: (String) -> Value?
    ) -> Value? {
        guard let text = scalar(key) else { return nil }
        if Self.switchedOff.contains(text.lowercased()) {
            fail(key, "a limit cannot be switched off", mend: "write a \(form)")
            return nil
        }
        guard let value = read(text), range.contains(value) else {
            fail(key, "`\(text.prefix(64))` is not a \(form)", mend: "write a \(form)")
            return nil
        }
        return value
    }

    /// In the largest unit that goes without a rest: `7d` and not `604800s`.
    private static func words(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000)]
        return units.first { milliseconds % $0.1 == 0 }.map { "\(milliseconds / $0.1)\($0.0)" }
            ?? Quantity.format(duration)
    }

    /// Minutes of the day, from `08:00`; `24:00` is its end.
    func timeOfDay(_ key: String) -> Int? {
        guard let text = scalar(key) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hours = Quantity.wholeNumber(parts[0]),
            let minutes = Quantity.wholeNumber(parts[1]), minutes < 60, hours * 60 + minutes <= 1_440
        else {
            fail(key, "`\(text.prefix(64))` is not a time of day", mend: "write for example `\(key): \"08:00\"`")
            return nil
        }
        return hours * 60 + minutes
    }

    /// A list of texts, each with its line.
    func list(_ key: String, atMost limit: Int) -> [(text: String, line: Int)]? {
        guard let node = node(key) else { return nil }
        guard case .sequence(let sequence) = node, sequence.count <= limit else {
            fail(key, "is not a list of at most \(limit) values", mend: "write `\(key): [first, second]`")
            return nil
        }
        var texts: [(String, Int)] = []
        for entry in sequence {
            guard case .scalar(let scalar) = entry, !Self.isNull(scalar) else {
                issues.add(
                    entry.mark?.line ?? line, path(of: key), "an entry is not text", mend: "write one value each")
                return nil
            }
            texts.append((scalar.string, entry.mark?.line ?? line(of: key)))
        }
        return texts
    }

    /// `https://`, or `http://` to this machine; no user, no fragment, no slash at the end.
    func address(_ key: String, allowsPath: Bool, example: String) -> String? {
        guard let text = text(key, atMost: 2_000) else { return nil }
        guard let problem = WebAddress.problem(with: text, allowsPath: allowsPath) else { return text }
        fail(key, problem, mend: "write for example `\(key): \(example)`")
        return nil
    }

    /// What `secret_env` or `secret_file` names; empty where neither is there.
    ///
    /// - Parameter name: what the two keys begin with.
    /// - Returns: `nil`, with issues, where they cannot be read.
    func secrets(_ name: String, environment: [String: String]) -> [Secret]? {
        let (variableKey, fileKey) = ("\(name)_env", "\(name)_file")
        let key: String
        let source: SecretSource
        switch (has(variableKey), has(fileKey)) {
        case (false, false): return []
        case (true, true):
            fail(fileKey, "the secret has two sources", mend: "keep `\(variableKey)` or `\(fileKey)`")
            return nil
        case (true, false):
            guard let variable = text(variableKey, atMost: 256) else { return nil }
            guard SecretSource.isVariable(variable) else {
                fail(
                    variableKey, "is not the name of an environment variable",
                    mend: "export the secret, for example as TWILIO_AUTH_TOKEN, and write that name")
                return nil
            }
            (key, source) = (variableKey, .variable(variable))
        case (false, true):
            guard let path = text(fileKey, atMost: 4_096) else { return nil }
            (key, source) = (fileKey, .file(path))
        }
        let (secrets, problems) = source.read(environment: environment)
        for problem in problems { fail(key, problem.problem, mend: problem.mend) }
        return problems.isEmpty ? secrets : nil
    }
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
