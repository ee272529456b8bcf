/// Makes the tree of the words: here the blocks, in TemplateParser+Pipelines.swift what an action computes.
struct TemplateParser {
    /// What ended a list of nodes.
    private enum Stop {
        case end(offset: Int)
        /// The parser stands behind the word.
        case `else`(offset: Int)
        case finish
    }

    let tokens: [TemplateToken]
    var index = 0
    var paths = TemplatePaths()
    /// The variables in reach, by slot.
    var scope: [String] = []
    var variableCount = 0
    private var depth = 0
    private var ranges = 0

    static func tree(of tokens: [TemplateToken]) throws(TemplateTrouble) -> TemplateTree {
        var parser = TemplateParser(tokens: tokens)
        let (nodes, stop) = try parser.parseList()
        switch stop {
        case .finish: break
        case .end(let offset): throw TemplateTrouble(at: offset, "`end` closes nothing; take it out")
        case .else(let offset): throw TemplateTrouble(at: offset, "`else` belongs to nothing; take it out")
        }
        return TemplateTree(
            nodes: nodes, fields: parser.paths.fields, fieldOffsets: parser.paths.offsets,
            variableCount: parser.variableCount)
    }

    private init(tokens: [TemplateToken]) { self.tokens = tokens }

    private mutating func parseList() throws(TemplateTrouble) -> ([TemplateNode], Stop) {
        let mark = scope.count
        defer { scope.removeSubrange(mark...) }
        var nodes: [TemplateNode] = []
        while true {
            let token = take()
            switch token.kind {
            case .text(let text): nodes.append(.text(text, offset: token.offset))
            case .open:
                guard case .word(let word) = next.kind else {
                    nodes.append(.action(try parsePipeline(.action, from: token.offset)))
                    continue
                }
                switch word {
                case "if", "with", "range":
                    index += 1
                    nodes.append(try parseBlock(word, at: lastOffset))
                case "else":
                    index += 1
                    return (nodes, .else(offset: lastOffset))
                case "end":
                    index += 1
                    let offset = lastOffset
                    try close(word)
                    return (nodes, .end(offset: offset))
                case "break", "continue":
                    index += 1
                    guard ranges > 0 else { throw TemplateTrouble(at: lastOffset, "`\(word)` is only for a `range`") }
                    try close(word)
                    nodes.append(word == "break" ? .break : .continue)
                case "define", "template", "block":
                    throw TemplateTrouble(
                        at: next.offset, "`\(word)` is not part of these templates; write its text where it is wanted")
                default:
                    nodes.append(.action(try parsePipeline(.action, from: token.offset)))
                }
            // The lexer gives nothing else outside of an action.
            default: return (nodes, .finish)
            }
        }
    }

    private mutating func parseBlock(_ keyword: String, at offset: Int) throws(TemplateTrouble) -> TemplateNode {
        try enter(at: offset)
        let mark = scope.count
        defer {
            depth -= 1
            scope.removeSubrange(mark...)
        }
        if keyword == "range" { return try parseRange(at: offset) }

        var arms: [TemplateArm] = []
        while true {
            let pipeline = try parsePipeline(.block, from: offset)
            let movesDot = keyword == "with"
            let outer = paths.dot
            if movesDot { paths.dot = paths.origins(of: pipeline) }
            let (body, stop) = try parseList()
            paths.dot = outer
            arms.append(TemplateArm(pipeline: pipeline, movesDot: movesDot, body: body))
            switch stop {
            case .finish: throw unclosed(keyword, at: offset)
            case .end: return .choice(arms, otherwise: [])
            case .else:
                guard case .word(let word) = next.kind, word == "if" || word == "with" else {
                    return .choice(arms, otherwise: try parseOtherwise(keyword, at: offset))
                }
                guard word == keyword else {
                    throw TemplateTrouble(
                        at: next.offset, "`else \(word)` does not go with `\(keyword)`; put a block into the `else`")
                }
                index += 1
            }
        }
    }

    private mutating func parseRange(at offset: Int) throws(TemplateTrouble) -> TemplateNode {
        let mark = scope.count
        let pipeline = try parsePipeline(.range, from: offset)
        let outer = paths.dot
        paths.dot = []
        ranges += 1
        let (body, stop) = try parseList()
        ranges -= 1
        paths.dot = outer
        switch stop {
        case .finish: throw unclosed("range", at: offset)
        case .end: return .range(pipeline, body: body, otherwise: [])
        case .else:
            // Without a round there is no element.
            scope.removeSubrange(mark...)
            return .range(pipeline, body: body, otherwise: try parseOtherwise("range", at: offset))
        }
    }

    /// From behind the word `else` to the block's end.
    private mutating func parseOtherwise(_ keyword: String, at offset: Int) throws(TemplateTrouble) -> [TemplateNode] {
        try close("else")
        let (nodes, stop) = try parseList()
        switch stop {
        case .finish: throw unclosed(keyword, at: offset)
        case .end: return nodes
        case .else(let second):
            throw TemplateTrouble(at: second, "this `\(keyword)` has an `else` already; take one out")
        }
    }

    private mutating func close(_ word: String) throws(TemplateTrouble) {
        guard case .close = next.kind else {
            throw TemplateTrouble(at: next.offset, "nothing may follow `\(word)` in its action")
        }
        index += 1
    }

    private func unclosed(_ keyword: String, at offset: Int) -> TemplateTrouble {
        TemplateTrouble(at: offset, "this `\(keyword)` is not closed; add `{{ end }}`")
    }

    // MARK: Words and depth

    /// The last token is `finish` and is never passed.
    var next: TemplateToken { tokens[min(index, tokens.count - 1)] }

    /// Of the word that was taken last.
    var lastOffset: Int { tokens[max(0, min(index, tokens.count) - 1)].offset }

    mutating func take() -> TemplateToken {
        let token = next
        index += 1
        return token
    }

    mutating func enter(at offset: Int) throws(TemplateTrouble) {
        depth += 1
        guard depth <= Template.maxNesting else {
            throw TemplateTrouble(
                .nestedTooDeep, at: offset,
                "blocks and parentheses are nested deeper than \(Template.maxNesting); take some apart with a variable")
        }
    }

    mutating func leave() { depth -= 1 }
}
