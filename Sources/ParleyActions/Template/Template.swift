/// The text of a message or a webhook's body, with places for values: `Hi {{ .contact.name | default "there" }}`.
///
/// The language is the part of Go's text/template that messages need. Blocks: `if`, `else if`, `else`, `with`, `range`
/// (with index and value variables and `else`), `end`, `break`, `continue`. Values: `.a.b`, `.`, `$`, `$x`, `$x := `,
/// `$x = `, parentheses, pipelines, literals. Comments `{{/* */}}` and the trim markers `{{- ` and ` -}}`.
/// The functions are those of `TemplateFunction`; anything else is a fault when the template is made.
///
/// **A text with a hole is never sent.** A field that is not there, or is `null`, is *missing*. It counts as empty in
/// a condition (`if`, `with`, `range`, `and`, `or`, `not`), equals only `nil`, is replaced by `default`, and is `null`
/// where `json` writes it. Printed, or given to any other function, it is a fault that names its path.
///
/// **Values are data.** What is put in is never read as a template, whatever it holds. It is put in as it is: taking out
/// control characters, or escaping for a URL or for JSON (`urlquery`, `json`), is for the template or its caller.
///
/// Other than in Go, numbers are decimal as JSON gave them (`0.1` is a tenth, `1.0` prints as `1`), arrays and objects
/// are not printed bare, and `index` past an array's end is missing rather than a fault.
/// Source: https://pkg.go.dev/text/template; `default` and `date` as in https://masterminds.github.io/sprig.
public struct Template: Sendable, Equatable {
    /// Longest source, in UTF-8 bytes.
    public static let maxSourceBytes = 64 * 1_024
    /// Deepest nesting of blocks and parentheses together, and most names in one path.
    public static let maxNesting = 32
    /// Most variables in reach at one place.
    public static let maxVariables = 256
    /// Longest result, in UTF-8 bytes; no text on the way to it may be longer either.
    public static let maxOutputBytes = 64 * 1_024
    /// Most work of one rendering: a step for each piece of text, action, call of a function and round of a `range`, and
    /// one more for each 64 bytes that a function reads or writes. Above it a template is taken for a mistake.
    public static let maxSteps = 100_000

    /// What faults are signed with, as a file or a key of the configuration.
    public let name: String
    /// Every path of fields that is read from the root, in the order of first use: `["parameters", "x"]`.
    ///
    /// It follows `with`, variables and `index` with literal keys; not into the elements of a `range`. A variable that
    /// is set anew stands for each value that it was given further up in the text.
    public let fields: [[String]]

    private let source: String
    private let nodes: [TemplateNode]
    private let fieldOffsets: [Int]
    private let variableCount: Int

    /// - Parameter name: what faults begin with; not looked at otherwise.
    /// - Throws: `TemplateFault` with the place of the first thing that is wrong, and its mend.
    public init(_ source: String, name: String) throws(TemplateFault) {
        guard source.utf8.count <= Self.maxSourceBytes else {
            let trouble = TemplateTrouble(
                .sourceTooLong, at: 0, "the template is longer than \(Self.maxSourceBytes) bytes; make it shorter")
            throw TemplateFault(trouble, name: name, source: "")
        }
        do throws(TemplateTrouble) {
            let tokens = try TemplateLexer.tokens(of: Array(source.unicodeScalars))
            let tree = try TemplateParser.tree(of: tokens)
            (nodes, fields, fieldOffsets, variableCount) = (
                tree.nodes, tree.fields, tree.fieldOffsets, tree.variableCount
            )
        } catch {
            throw TemplateFault(error, name: name, source: source)
        }
        self.name = name
        self.source = source
    }

    /// The text with the values put in.
    ///
    /// - Parameter root: what `.` and `$` are at the start, as a rule an object.
    /// - Throws: `TemplateFault` for a missing value, a value of a kind that a function does not take, or a bound. No
    ///   value is in its text.
    public func render(_ root: JSON) throws(TemplateFault) -> String {
        var evaluator = TemplateEvaluator(root: root, variableCount: variableCount)
        do throws(TemplateTrouble) {
            return try evaluator.render(nodes)
        } catch {
            throw TemplateFault(error, name: name, source: source)
        }
    }

    /// A fault about a path that the template reads, where it is read first.
    ///
    /// - Parameter index: of `fields`.
    func fault(field index: Int, _ message: String) -> TemplateFault {
        let offset = fieldOffsets.indices.contains(index) ? fieldOffsets[index] : 0
        return TemplateFault(TemplateTrouble(at: offset, message), name: name, source: source)
    }

    public static func == (left: Template, right: Template) -> Bool {
        left.name == right.name && left.source.utf8.elementsEqual(right.source.utf8)
    }
}
