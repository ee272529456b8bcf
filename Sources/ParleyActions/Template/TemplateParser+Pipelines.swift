extension TemplateParser {
    /// Where a pipeline stands, which decides how it ends and what it may set.
    enum Place {
        case action
        /// `if` and `with`
        case block
        case range
        case parentheses
    }

    /// Reads up to the closing word, and takes that too. Variables come into reach behind the pipeline.
    mutating func parsePipeline(_ place: Place, from offset: Int) throws(TemplateTrouble) -> TemplatePipeline {
        let head = try parseVariables(place)
        var commands: [TemplateCommand] = []
        while true {
            commands.append(try parseCommand(isPiped: !commands.isEmpty, from: offset))
            let token = take()
            switch (token.kind, place) {
            case (.pipe, _): continue
            case (.rightParenthesis, .parentheses), (.close, .action), (.close, .block), (.close, .range):
                var pipeline = TemplatePipeline(offset: offset, slots: [], commands: commands)
                pipeline.slots = try bind(head, to: pipeline, in: place)
                return pipeline
            case (.close, .parentheses):
                throw TemplateTrouble(at: offset, "this parenthesis is not closed; end it with `)`")
            default: throw unexpected(token)
            }
        }
    }

    // MARK: Variables

    private struct Head {
        var variables: [(name: String, offset: Int)] = []
        var isNew = false
    }

    private mutating func parseVariables(_ place: Place) throws(TemplateTrouble) -> Head {
        var head = Head()
        var ahead = index
        while ahead < tokens.count, case .variable(let name) = tokens[ahead].kind {
            head.variables.append((name, tokens[ahead].offset))
            ahead += 1
            guard ahead < tokens.count, case .comma = tokens[ahead].kind else { break }
            ahead += 1
        }
        guard let first = head.variables.first, ahead < tokens.count,
            tokens[ahead].kind == .declare || tokens[ahead].kind == .assign
        else { return Head() }
        guard place != .parentheses else {
            throw TemplateTrouble(
                at: first.offset, "a variable cannot be set in parentheses; set it in an action before")
        }
        guard head.variables.count <= (place == .range ? 2 : 1) else {
            throw TemplateTrouble(
                at: first.offset, "too many variables; `range` sets an index and an element, anything else one")
        }
        for variable in head.variables where variable.name == "$" {
            throw TemplateTrouble(
                at: variable.offset, "`$` is the root and cannot be set; name the variable, as in `$x`")
        }
        head.isNew = tokens[ahead].kind == .declare
        index = ahead + 1
        return head
    }

    private mutating func bind(
        _ head: Head, to pipeline: TemplatePipeline, in place: Place
    ) throws(TemplateTrouble) -> [Int] {
        // What a range gives out is an element, whose path from the root is not known.
        let origins = place == .range ? [] : paths.origins(of: pipeline)
        var slots: [Int] = []
        for variable in head.variables {
            if head.isNew {
                guard scope.count < Template.maxVariables else {
                    throw TemplateTrouble(
                        at: variable.offset,
                        "at most \(Template.maxVariables) variables live at once; set one anew with `=`")
                }
                slots.append(scope.count)
                paths.declare(slot: scope.count, origins)
                scope.append(variable.name)
            } else {
                let slot = try slot(of: variable.name, at: variable.offset)
                slots.append(slot)
                paths.assign(slot: slot, origins)
            }
        }
        variableCount = max(variableCount, scope.count)
        return slots
    }

    private func slot(of name: String, at offset: Int) throws(TemplateTrouble) -> Int {
        guard let slot = scope.lastIndex(of: name) else {
            throw TemplateTrouble(at: offset, "\(name.inFault) is not set here; set it before with `:=`")
        }
        return slot
    }

    // MARK: Commands

    private mutating func parseCommand(isPiped: Bool, from offset: Int) throws(TemplateTrouble) -> TemplateCommand {
        let first = next
        if case .word(let word) = first.kind, !Self.literals.contains(word) {
            index += 1
            let function = try Self.function(word, at: first.offset)
            if next.isGlued, Self.isOperand(next.kind) {
                throw TemplateTrouble(at: next.offset, "put a space between `\(word)` and its arguments")
            }
            var arguments: [TemplateOperand] = []
            while let argument = try parseOperand() { arguments.append(argument) }
            try function.check(arguments, isPiped: isPiped, at: first.offset)
            paths.read(function, arguments, isPiped: isPiped)
            return .call(function, arguments, offset: first.offset)
        }
        guard let operand = try parseOperand() else {
            switch first.kind {
            case .close, .pipe, .rightParenthesis:
                // An action's own brace says more than its end does.
                let place = isPiped || first.kind == .pipe ? first.offset : offset
                throw TemplateTrouble(at: place, "a value is missing here; write one, as in `.parameters.name`")
            default: throw unexpected(first)
            }
        }
        if case .nothing = operand.base {
            throw TemplateTrouble(at: operand.offset, "`nil` alone is no value; use it in a comparison")
        }
        guard !isPiped else {
            throw TemplateTrouble(at: operand.offset, "a value is piped into something that is no function")
        }
        if try parseOperand() != nil {
            throw TemplateTrouble(
                at: operand.offset, "\(operand.label.inFault) is no function, so nothing may follow it but `|`")
        }
        return .value(operand)
    }

    private static let literals: Set<String> = ["true", "false", "nil"]
    private static let keywords: Set<String> = [
        "if", "else", "with", "range", "end", "break", "continue", "define", "template", "block",
    ]

    private static func function(_ word: String, at offset: Int) throws(TemplateTrouble) -> TemplateFunction {
        if let function = TemplateFunction(rawValue: word) { return function }
        if keywords.contains(word) {
            throw TemplateTrouble(at: offset, "`\(word)` has to be the first word of its action")
        }
        throw TemplateTrouble(
            at: offset,
            "there is no function \(word.inFault); a field has a dot in front, and the functions are"
                + " \(TemplateFunction.list)")
    }

    // MARK: Operands

    /// - Returns: `nil` before a word that ends a command.
    private mutating func parseOperand() throws(TemplateTrouble) -> TemplateOperand? {
        let token = next
        var names: [String] = []
        let base: TemplateOperand.Base
        var written: String
        var takesFields = true
        switch token.kind {
        case .dot: (base, written) = (.dot, ".")
        case .field(let name):
            (base, written) = (.dot, "")
            names = [name]
        case .variable("$"): (base, written) = (.root, "$")
        case .variable(let name): (base, written) = (.variable(slot: try slot(of: name, at: token.offset)), name)
        case .leftParenthesis:
            index += 1
            try enter(at: token.offset)
            base = .pipeline(try parsePipeline(.parentheses, from: token.offset))
            leave()
            // The loop below goes on behind the parenthesis.
            index -= 1
            written = "(...)"
        case .string(let text): (base, written, takesFields) = (.literal(.string(text)), "a text", false)
        case .number(let number): (base, written, takesFields) = (.literal(.number(number)), "a number", false)
        case .word("true"), .word("false"):
            (base, written, takesFields) = (.literal(.boolean(token.kind == .word("true"))), "a boolean", false)
        case .word("nil"): (base, written, takesFields) = (.nothing, "nil", false)
        case .word(let word):
            _ = try Self.function(word, at: token.offset)
            throw TemplateTrouble(at: token.offset, "put `\(word)` and its arguments in parentheses")
        default: return nil
        }
        index += 1
        while case .field(let name) = next.kind, next.isGlued {
            guard takesFields, token.kind != .dot else {
                throw TemplateTrouble(
                    at: next.offset, "\(written.inFault) has no fields; put a space before the next value")
            }
            names.append(name)
            guard names.count <= Template.maxNesting else {
                throw TemplateTrouble(
                    .nestedTooDeep, at: token.offset, "a path has at most \(Template.maxNesting) names")
            }
            index += 1
        }
        if next.isGlued, Self.isOperand(next.kind) {
            throw TemplateTrouble(at: next.offset, "put a space between two values")
        }
        if !names.isEmpty { written += TemplatePaths.label(names) }
        let operand = TemplateOperand(base: base, names: names, offset: token.offset, label: written)
        return paths.labelled(operand)
    }

    private static func isOperand(_ kind: TemplateToken.Kind) -> Bool {
        switch kind {
        case .dot, .field, .variable, .leftParenthesis, .string, .number, .word: true
        case .text, .open, .close, .pipe, .rightParenthesis, .comma, .declare, .assign, .finish: false
        }
    }

    private func unexpected(_ token: TemplateToken) -> TemplateTrouble {
        let shown =
            switch token.kind {
            case .declare: "`:=`"
            case .assign: "`=`"
            case .comma: "`,`"
            case .rightParenthesis: "`)`"
            default: "this"
            }
        return TemplateTrouble(at: token.offset, "\(shown) has no place here; an action is a value, `|` and functions")
    }
}
