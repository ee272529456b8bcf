/// Cuts a source into words: text up to `{{`, then the words of the action up to `}}`.
struct TemplateLexer {
    /// Longest name of a field, variable or function, in Unicode scalars.
    static let maxNameLength = 128

    private let source: [Unicode.Scalar]
    private var position = 0
    private var tokens: [TemplateToken] = []
    /// The action before ended with ` -}}`.
    private var trimsFront = false

    static func tokens(of source: [Unicode.Scalar]) throws(TemplateTrouble) -> [TemplateToken] {
        var lexer = TemplateLexer(source: source)
        while lexer.position < source.count {
            lexer.readText()
            if lexer.position < source.count { try lexer.readAction() }
        }
        lexer.append(.finish, at: source.count)
        return lexer.tokens
    }

    private init(source: [Unicode.Scalar]) { self.source = source }

    private mutating func readText() {
        var start = position
        while position < source.count, !isAt("{{") { position += 1 }
        var end = position
        if trimsFront { while start < end, Self.isSpace(source[start]) { start += 1 } }
        if isAt("{{-"), isSpace(at: position + 3) { while start < end, Self.isSpace(source[end - 1]) { end -= 1 } }
        trimsFront = false
        if start < end { append(.text(string(start..<end)), at: start) }
    }

    private mutating func readAction() throws(TemplateTrouble) {
        let open = position
        position += 2
        // `{{-3}}` prints minus three: the marker needs its space.
        if isAt("-"), isSpace(at: position + 1) {
            position += 1
            skipSpace()
        }
        if isAt("/*") { return try skipComment(from: open) }
        append(.open, at: open)
        while true {
            let isGlued = !skipSpace()
            guard position < source.count else {
                throw TemplateTrouble(at: open, "this action is not closed; end it with `}}`")
            }
            if isAt("}}") {
                append(.close, at: position)
                position += 2
                return
            }
            if !isGlued, isAt("-}}") {
                append(.close, at: position)
                position += 3
                trimsFront = true
                return
            }
            try readWord(isGlued: isGlued, open: open)
        }
    }

    private mutating func skipComment(from open: Int) throws(TemplateTrouble) {
        position += 2
        while position < source.count, !isAt("*/") { position += 1 }
        guard position < source.count else {
            throw TemplateTrouble(at: open, "this comment is not closed; end it with `*/}}`")
        }
        position += 2
        let isSpaced = skipSpace()
        if !isSpaced, isAt("}}") {
            position += 2
        } else if isSpaced, isAt("-}}") {
            position += 3
            trimsFront = true
        } else {
            throw TemplateTrouble(at: open, "nothing may follow a comment in its action; end it with `*/}}`")
        }
    }

    private mutating func readWord(isGlued: Bool, open: Int) throws(TemplateTrouble) {
        let start = position
        let scalar = source[start]
        position += 1
        let kind: TemplateToken.Kind
        switch scalar {
        case "|": kind = .pipe
        case "(": kind = .leftParenthesis
        case ")": kind = .rightParenthesis
        case ",": kind = .comma
        case "=": kind = .assign
        case ":" where isAt("="):
            position += 1
            kind = .declare
        case "$": kind = .variable("$" + (try readName(from: start)))
        case "." where isNameStart(at: position): kind = .field(try readName(from: start))
        case "." where isDigit(at: position):
            throw TemplateTrouble(at: start, "a number needs a digit in front of the point; write 0.5")
        case ".": kind = .dot
        case "\"": kind = .string(try readQuoted(from: start))
        case "`": kind = .string(try readRaw(from: start))
        case "'": throw TemplateTrouble(at: start, "a text is in double quotes; write \"...\"")
        case "/" where isAt("*"):
            throw TemplateTrouble(at: open, "a comment begins right behind the braces; write `{{/* ... */}}`")
        case "-" where isAt("}}"):
            throw TemplateTrouble(at: start, "the marker `-}}` needs a space in front")
        case _ where isDigit(at: start), "-", "+": kind = .number(try readNumber(from: start))
        case _ where isNameStart(at: start):
            position = start
            kind = .word(try readName(from: start))
        default:
            throw TemplateTrouble(at: start, "\(Self.shown(scalar)) has no place in an action")
        }
        tokens.append(TemplateToken(kind: kind, offset: start, isGlued: isGlued))
    }

    private mutating func readName(from start: Int) throws(TemplateTrouble) -> String {
        let first = position
        while isNameStart(at: position) || isDigit(at: position) { position += 1 }
        guard position - first <= Self.maxNameLength else {
            throw TemplateTrouble(at: start, "a name has at most \(Self.maxNameLength) characters")
        }
        return string(first..<position)
    }

    private mutating func readQuoted(from start: Int) throws(TemplateTrouble) -> String {
        var units: [UInt8] = []
        while position < source.count, source[position] != "\n" {
            switch source[position] {
            case "\"":
                position += 1
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw TemplateTrouble(at: start, "the bytes of this text are not UTF-8; use \\u escapes")
                }
                return text
            case "\\":
                try TemplateEscape.read(from: source, at: &position, into: &units)
            default:
                units.append(contentsOf: Array(String(source[position]).utf8))
                position += 1
            }
        }
        throw TemplateTrouble(at: start, "this text is not closed on its line; end it with a double quote")
    }

    private mutating func readRaw(from start: Int) throws(TemplateTrouble) -> String {
        let first = position
        while position < source.count, source[position] != "`" { position += 1 }
        guard position < source.count else {
            throw TemplateTrouble(at: start, "this text is not closed; end it with a backquote")
        }
        position += 1
        // As in Go: a raw text is the same whether the file's lines end in LF or CR LF.
        var view = String.UnicodeScalarView()
        view.append(contentsOf: source[first..<position - 1].lazy.filter { $0 != "\r" })
        return String(view)
    }

    private mutating func readNumber(from start: Int) throws(TemplateTrouble) -> JSON.Decimal {
        var wasExponent = false
        while position < source.count {
            let scalar = source[position]
            let isSign = wasExponent && (scalar == "+" || scalar == "-")
            guard isSign || scalar == "." || isNameStart(at: position) || isDigit(at: position) else { break }
            wasExponent = scalar == "e" || scalar == "E"
            position += 1
        }
        let first = source[start] == "+" ? start + 1 : start
        guard case .number(let number)? = try? JSON(parsing: string(first..<position), maxBytes: 400, maxDepth: 1)
        else {
            throw TemplateTrouble(at: start, "this is not a number; write digits as in 12, -3, 0.5 or 1e3")
        }
        return number
    }

    // MARK: The source

    private mutating func append(_ kind: TemplateToken.Kind, at offset: Int) {
        tokens.append(TemplateToken(kind: kind, offset: offset, isGlued: false))
    }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: source[range])
        return String(view)
    }

    private func isAt(_ text: StaticString) -> Bool {
        guard position + text.utf8CodeUnitCount <= source.count else { return false }
        for index in 0..<text.utf8CodeUnitCount
        where source[position + index].value != UInt32(text.utf8Start[index]) {
            return false
        }
        return true
    }

    /// - Returns: whether there was any.
    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = position
        while isSpace(at: position) { position += 1 }
        return position > start
    }

    private func isSpace(at index: Int) -> Bool { index < source.count && Self.isSpace(source[index]) }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n"
    }

    private func isDigit(at index: Int) -> Bool { index < source.count && ("0"..."9").contains(source[index]) }

    private func isNameStart(at index: Int) -> Bool {
        guard index < source.count else { return false }
        let scalar = source[index]
        if scalar.isASCII { return scalar == "_" || scalar.properties.isAlphabetic }
        return scalar.properties.isAlphabetic || scalar.properties.generalCategory == .decimalNumber
    }

    /// What cannot be seen, such as a right-to-left mark, by its number.
    private static func shown(_ scalar: Unicode.Scalar) -> String {
        if scalar.isASCII, scalar.value > 0x20, scalar.value < 0x7F { return "`\(scalar)`" }
        let hex = String(scalar.value, radix: 16, uppercase: true)
        return "the character U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
}
