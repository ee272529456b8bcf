import ParleyCore

/// Collects what is wrong while a file of settings is read, so that all of it is reported at once.
final class SettingsIssues {
    /// Nobody needs more "did you mean" than that at a time.
    private static let maxHints = 20

    let file: String
    private var found: [ConfigurationError] = []

    init(file: String) { self.file = file }

    /// Key, problem and mend may quote the file: they are made fit for one line.
    func add(_ line: Int, _ key: String, _ problem: String, mend: String) {
        found.append(
            ConfigurationError(
                file: file, line: line, key: key.isEmpty ? nil : Self.line(key, atMost: 160),
                problem: Self.line(problem, atMost: 600), mend: Self.line(mend, atMost: 600)))
    }

    /// What was probably meant by a word.
    func nearest(to word: String, among names: [String]) -> String? {
        found.count < Self.maxHints ? EditDistance.nearest(to: word, among: names) : nil
    }

    /// In the file's order; `nil`: nothing is wrong.
    var errors: ConfigurationErrors? {
        if found.isEmpty { return nil }
        let sorted = found.enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
        return ConfigurationErrors(sorted.map(\.element))
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
}
