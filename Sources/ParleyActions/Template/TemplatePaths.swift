/// Follows, while a template is parsed, which paths from the root its values have.
///
/// An origin is a path from the root that a value may be at; no origin means that it is not known.
struct TemplatePaths {
    /// Most origins that are followed for one value.
    private static let maxOrigins = 8
    /// Most names that a fault shows.
    private static let maxLabelNames = 8

    /// Every path that is read, in the order of first use.
    private(set) var fields: [[String]] = []
    /// Where each of them is read first, in Unicode scalars of the source.
    private(set) var offsets: [Int] = []
    private var known: Set<[String]> = []
    /// Of the dot where the parser stands.
    var dot: [[String]] = [[]]
    private var variables: [[[String]]] = []

    mutating func declare(slot: Int, _ origins: [[String]]) {
        while variables.count <= slot { variables.append([]) }
        variables[slot] = origins
    }

    mutating func assign(slot: Int, _ origins: [[String]]) {
        guard variables.indices.contains(slot) else { return }
        for origin in origins where !variables[slot].contains(origin) && variables[slot].count < Self.maxOrigins {
            variables[slot].append(origin)
        }
    }

    /// Notes what an operand reads, and calls it by its path where there is only one.
    mutating func labelled(_ operand: TemplateOperand) -> TemplateOperand {
        let origins = origins(of: operand)
        for origin in origins { note(origin, at: operand.offset) }
        guard origins.count == 1, let origin = origins.first, !operand.names.isEmpty else { return operand }
        var labelled = operand
        labelled.label = Self.label(origin)
        return labelled
    }

    static func label(_ path: [String]) -> String {
        let shown = path.prefix(maxLabelNames).map { "." + $0 }.joined()
        return path.count > maxLabelNames ? shown + "..." : shown
    }

    /// Notes what a call of `index` with literal keys reads.
    mutating func read(_ function: TemplateFunction, _ arguments: [TemplateOperand], isPiped: Bool) {
        guard !isPiped, let first = arguments.first else { return }
        for origin in origins(of: function, arguments) { note(origin, at: first.offset) }
    }

    func origins(of pipeline: TemplatePipeline) -> [[String]] {
        guard pipeline.commands.count == 1, let command = pipeline.commands.first else { return [] }
        switch command {
        case .value(let operand): return origins(of: operand)
        case .call(let function, let arguments, _): return origins(of: function, arguments)
        }
    }

    private func origins(of function: TemplateFunction, _ arguments: [TemplateOperand]) -> [[String]] {
        guard function == .index, let first = arguments.first else { return [] }
        var keys: [String] = []
        for argument in arguments.dropFirst() {
            guard case .literal(.string(let key)) = argument.base, key.utf8.count <= TemplateLexer.maxNameLength
            else { return [] }
            keys.append(key)
        }
        return Self.append(keys, to: origins(of: first))
    }

    private func origins(of operand: TemplateOperand) -> [[String]] {
        let base: [[String]] =
            switch operand.base {
            case .dot: dot
            case .root: [[]]
            case .variable(let slot): variables.indices.contains(slot) ? variables[slot] : []
            case .pipeline(let pipeline): origins(of: pipeline)
            case .literal, .nothing: []
            }
        return Self.append(operand.names, to: base)
    }

    private static func append(_ names: [String], to origins: [[String]]) -> [[String]] {
        origins.map { $0 + names }.filter { $0.count <= Template.maxNesting }
    }

    private mutating func note(_ path: [String], at offset: Int) {
        guard !path.isEmpty, known.insert(path).inserted else { return }
        fields.append(path)
        offsets.append(offset)
    }
}
