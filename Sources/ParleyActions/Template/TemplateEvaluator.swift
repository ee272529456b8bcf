/// Renders one tree with one root. Its stack is as deep as the tree, which the parser bounds.
struct TemplateEvaluator {
    /// What a list of nodes came to.
    private enum Course { case ended, leavesRange, nextRound }

    private let root: TemplateValue
    private var variables: [TemplateValue]
    private var output = ""
    private var steps = 0

    init(root: JSON, variableCount: Int) {
        self.root = TemplateValue(root, label: ".")
        variables = Array(repeating: .missing("$"), count: variableCount)
    }

    mutating func render(_ nodes: [TemplateNode]) throws(TemplateTrouble) -> String {
        _ = try run(nodes, dot: root)
        return output
    }

    // MARK: Blocks

    private mutating func run(_ nodes: [TemplateNode], dot: TemplateValue) throws(TemplateTrouble) -> Course {
        for node in nodes {
            let course: Course
            switch node {
            case .text(let text, let offset):
                try step(at: offset)
                try write(text, at: offset)
                continue
            case .action(let pipeline):
                try runAction(pipeline, dot: dot)
                continue
            case .choice(let arms, let otherwise):
                course = try choose(arms, otherwise: otherwise, dot: dot)
            case .range(let pipeline, let body, let otherwise):
                course = try range(over: pipeline, body, otherwise: otherwise, dot: dot)
            case .break: return .leavesRange
            case .continue: return .nextRound
            }
            guard course == .ended else { return course }
        }
        return .ended
    }

    private mutating func runAction(_ pipeline: TemplatePipeline, dot: TemplateValue) throws(TemplateTrouble) {
        try step(at: pipeline.offset)
        let value = try evaluate(pipeline, dot: dot)
        if let slot = pipeline.slots.first { return set(slot, value) }
        let offset = pipeline.commands.last.map(\.offset) ?? pipeline.offset
        try write(try printed(value, at: offset), at: offset)
    }

    private mutating func choose(
        _ arms: [TemplateArm], otherwise: [TemplateNode], dot: TemplateValue
    ) throws(TemplateTrouble) -> Course {
        for arm in arms {
            try step(at: arm.pipeline.offset)
            let value = try evaluate(arm.pipeline, dot: dot)
            if let slot = arm.pipeline.slots.first { set(slot, value) }
            if !value.isEmpty { return try run(arm.body, dot: arm.movesDot ? value : dot) }
        }
        return try run(otherwise, dot: dot)
    }

    private mutating func range(
        over pipeline: TemplatePipeline, _ body: [TemplateNode], otherwise: [TemplateNode], dot: TemplateValue
    ) throws(TemplateTrouble) -> Course {
        let elements: [(index: JSON, value: JSON)]
        switch try evaluate(pipeline, dot: dot) {
        case .missing: elements = []
        case .present(.array(let values)):
            try step(values.count, at: pipeline.offset)
            elements = values.enumerated().map { (.number(JSON.Decimal($0.offset)), $0.element) }
        case .present(.object(let members)):
            try step(members.count, at: pipeline.offset)
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            elements = sorted.map { (.string($0.key), $0.value) }
        case .present(let other):
            throw TemplateTrouble(
                .wrongKind, at: pipeline.offset, "`range` goes over an array or an object, and this is \(other.kind)")
        }
        if elements.isEmpty { return try run(otherwise, dot: dot) }
        let label = if case .value(let operand)? = pipeline.commands.last { operand.label } else { "(...)" }
        for (index, element) in elements {
            try step(at: pipeline.offset)
            let value = TemplateValue(element, label: "an element of \(label)")
            if let slot = pipeline.slots.last { set(slot, value) }
            if pipeline.slots.count == 2, let slot = pipeline.slots.first { set(slot, .present(index)) }
            if try run(body, dot: value) == .leavesRange { break }
        }
        return .ended
    }

    // MARK: Values

    private mutating func evaluate(
        _ pipeline: TemplatePipeline, dot: TemplateValue
    ) throws(TemplateTrouble) -> TemplateValue {
        var value: TemplateValue?
        for command in pipeline.commands {
            switch command {
            case .value(let operand): value = try evaluate(operand, dot: dot)
            case .call(let function, let arguments, let offset):
                try step(at: offset)
                value = try call(function, arguments, piped: value, at: offset, dot: dot)
            }
        }
        return value ?? .missing("nil")
    }

    mutating func evaluate(_ operand: TemplateOperand, dot: TemplateValue) throws(TemplateTrouble) -> TemplateValue {
        var value: TemplateValue
        switch operand.base {
        case .literal(let json): return .present(json)
        case .nothing: return .missing("nil")
        case .dot: value = dot
        case .root: value = root
        case .variable(let slot): value = variables.indices.contains(slot) ? variables[slot] : .missing("$")
        case .pipeline(let pipeline): value = try evaluate(pipeline, dot: dot)
        }
        for name in operand.names {
            switch value {
            case .missing: return .missing(operand.label)
            case .present(.object(let members)): value = TemplateValue(members[name], label: operand.label)
            case .present(let other):
                throw TemplateTrouble(
                    .wrongKind, at: operand.offset,
                    "\(operand.label.inFault) looks for \(name.inFault) in \(other.kind); only objects have fields")
            }
        }
        return value
    }

    private mutating func set(_ slot: Int, _ value: TemplateValue) {
        if variables.indices.contains(slot) { variables[slot] = value }
    }

    /// A value as it stands in the result.
    func printed(_ value: TemplateValue, at offset: Int) throws(TemplateTrouble) -> String {
        let json = try present(value, at: offset)
        guard let text = json.printed else {
            throw TemplateTrouble(
                .wrongKind, at: offset, "\(json.kind) has no plain text; name one of its fields, or use `json`")
        }
        return text
    }

    func present(_ value: TemplateValue, at offset: Int) throws(TemplateTrouble) -> JSON {
        switch value {
        case .present(let json): return json
        case .missing(let label):
            throw TemplateTrouble(
                .missingValue, at: offset,
                "\(label.inFault) is missing; give it a `default`, or put this inside of an `if` or `with`")
        }
    }

    // MARK: Bounds

    mutating func step(_ count: Int = 1, at offset: Int) throws(TemplateTrouble) {
        steps += count
        guard steps <= Template.maxSteps else {
            throw TemplateTrouble(
                .tooManySteps, at: offset,
                "rendering takes more than \(Template.maxSteps) steps; use smaller or fewer `range`")
        }
    }

    /// Counts text that a function reads or writes.
    mutating func handle(_ text: String, at offset: Int) throws(TemplateTrouble) {
        guard text.utf8.count <= Template.maxOutputBytes else { throw tooLong(at: offset) }
        try step(text.utf8.count / 64, at: offset)
    }

    private mutating func write(_ text: String, at offset: Int) throws(TemplateTrouble) {
        guard output.utf8.count + text.utf8.count <= Template.maxOutputBytes else { throw tooLong(at: offset) }
        output += text
    }

    private func tooLong(at offset: Int) -> TemplateTrouble {
        TemplateTrouble(.outputTooLong, at: offset, "the text becomes longer than \(Template.maxOutputBytes) bytes")
    }
}

extension TemplateCommand {
    fileprivate var offset: Int {
        switch self {
        case .value(let operand): operand.offset
        case .call(_, _, let offset): offset
        }
    }
}
