/// What is wrong with a template, or with the values for it, and where: `NAME:LINE:COLUMN: message`.
public struct TemplateFault: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Rule: String, Sendable, CaseIterable {
        /// The source is not a template that we take.
        case syntax
        /// A value that has to be there is not.
        case missingValue = "missing_value"
        /// A value is there, of a kind or in a form that its place does not take.
        case wrongKind = "wrong_kind"
        case sourceTooLong = "source_too_long"
        case nestedTooDeep = "nested_too_deep"
        case outputTooLong = "output_too_long"
        case tooManySteps = "too_many_steps"
    }
    public var rule: Rule
    /// The template's.
    public var name: String
    /// From 1.
    public var line: Int
    /// From 1, in characters as a reader counts them.
    public var column: Int
    /// What is wrong and what mends it. Names fields and functions, never values.
    public var message: String

    public var description: String { "\(name):\(line):\(column): \(message)" }
}

/// A fault before its place is counted out in lines.
struct TemplateTrouble: Error {
    var rule: TemplateFault.Rule
    /// In Unicode scalars of the source.
    var offset: Int
    var message: String

    init(_ rule: TemplateFault.Rule, at offset: Int, _ message: String) {
        self.rule = rule
        self.offset = offset
        self.message = message
    }

    init(at offset: Int, _ message: String) { self.init(.syntax, at: offset, message) }
}

extension TemplateFault {
    init(_ trouble: TemplateTrouble, name: String, source: String) {
        let before = source.unicodeScalars.prefix(trouble.offset)
        let lineStart = before.lastIndex(of: "\n").map(before.index(after:)) ?? before.startIndex
        self.init(
            rule: trouble.rule, name: name, line: 1 + before.count { $0 == "\n" },
            column: 1 + String(before[lineStart...]).count, message: trouble.message)
    }
}

extension String {
    /// A word of the source for use in a fault: in backquotes, at most 80 characters.
    var inFault: String { count <= 80 ? "`\(self)`" : "`\(prefix(79))…`" }
}
