/// A template as a tree. Offsets are places in the source, in Unicode scalars.
struct TemplateTree: Sendable {
    var nodes: [TemplateNode]
    var fields: [[String]]
    /// Of each of `fields`.
    var fieldOffsets: [Int]
    /// How many variables live at once at most.
    var variableCount: Int
}

enum TemplateNode: Sendable {
    case text(String, offset: Int)
    /// Prints its value, unless it sets a variable.
    case action(TemplatePipeline)
    /// `if` or `with`: the first arm whose value is not empty, else `otherwise`.
    case choice([TemplateArm], otherwise: [TemplateNode])
    case range(TemplatePipeline, body: [TemplateNode], otherwise: [TemplateNode])
    case `break`
    case `continue`
}

struct TemplateArm: Sendable {
    var pipeline: TemplatePipeline
    /// `with`: the value becomes the dot.
    var movesDot: Bool
    var body: [TemplateNode]
}

/// Commands joined by `|`: each value is the last argument of the next.
struct TemplatePipeline: Sendable {
    var offset: Int
    /// Where the value goes; two only for `range`: index, then element.
    var slots: [Int]
    var commands: [TemplateCommand]
}

enum TemplateCommand: Sendable {
    case value(TemplateOperand)
    case call(TemplateFunction, [TemplateOperand], offset: Int)
}

struct TemplateOperand: Sendable {
    indirect enum Base: Sendable {
        case literal(JSON)
        /// `nil`
        case nothing
        case dot
        /// `$`
        case root
        case variable(slot: Int)
        /// In parentheses.
        case pipeline(TemplatePipeline)
    }
    var base: Base
    /// Fields behind it.
    var names: [String]
    var offset: Int
    /// How faults call it: its path from the root where that is known, else as it is written.
    var label: String
}
