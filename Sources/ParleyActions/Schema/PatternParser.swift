/// Reads a pattern's text (ECMA-262 §22.2.1, with the `u` flag), by descent; the depth limit bounds the stack.
struct PatternParser {
    /// Deepest nesting of groups.
    static let maxGroups = 32
    /// Largest number between braces.
    static let maxRepeat = 1_000

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var groups = 0

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    mutating func readPattern() throws(PatternFault) -> PatternNode {
        let node = try readEither()
        guard position == scalars.count else { throw fault("a group is closed that was not opened") }
        return node
    }

    private mutating func readEither() throws(PatternFault) -> PatternNode {
        var branches = [try readSequence()]
        while take("|") { branches.append(try readSequence()) }
        return branches.count == 1 ? branches[0] : .either(branches)
    }

    private mutating func readSequence() throws(PatternFault) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = peek(), next != "|", next != ")" {
            let node = try readAtom()
            guard let (least, most) = try readQuantifier() else {
                nodes.append(node)
                continue
            }
            switch node {
            case .start, .end: throw fault("an anchor is repeated")
            default: nodes.append(.repeated(node, least: least, most: most))
            }
        }
        return .sequence(nodes)
    }

    private mutating func readAtom() throws(PatternFault) -> PatternNode {
        guard let scalar = next() else { throw fault("something is missing") }
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .one(.anyInLine)
        case "[": return .one(try readClass())
        case "(": return try readGroup()
        case "\\": return .one(ScalarClass(items: [try readEscape(isInClass: false)]))
        case "*", "+", "?": throw fault("there is nothing to repeat")
        case "{", "}", "]": throw fault("a bracket stands alone: put \\ before it if it is meant")
        default: return .one(.only(scalar))
        }
    }

    private mutating func readGroup() throws(PatternFault) -> PatternNode {
        if take("?"), !take(":") { throw fault("look-around, named groups and flags are not supported") }
        groups += 1
        guard groups <= Self.maxGroups else { throw fault("groups are nested too deep") }
        let node = try readEither()
        guard take(")") else { throw fault("a group is not closed") }
        groups -= 1
        return node
    }

    /// A `?` behind it asks for the shortest match: whether there is one stays the same.
    private mutating func readQuantifier() throws(PatternFault) -> (least: Int, most: Int?)? {
        let range: (Int, Int?)
        if take("*") {
            range = (0, nil)
        } else if take("+") {
            range = (1, nil)
        } else if take("?") {
            range = (0, 1)
        } else if take("{") {
            range = try readBraces()
        } else {
            return nil
        }
        _ = take("?")
        if let next = peek(), next == "*" || next == "+" || next == "?" || next == "{" {
            throw fault("a repetition is repeated: put a group around it")
        }
        return range
    }

    private mutating func readBraces() throws(PatternFault) -> (Int, Int?) {
        let least = try readNumber()
        if take("}") { return (least, least) }
        guard take(",") else { throw fault("a comma or } is missing") }
        if take("}") { return (least, nil) }
        let most = try readNumber()
        guard take("}") else { throw fault("} is missing") }
        guard least <= most else { throw fault("the numbers are in the wrong order") }
        return (least, most)
    }

    private mutating func readNumber() throws(PatternFault) -> Int {
        var value: Int?
        while let digit = peek(), ("0"..."9").contains(digit) {
            value = (value ?? 0) * 10 + Int(digit.value - 0x30)
            guard let value, value <= Self.maxRepeat else { throw fault("a number is above \(Self.maxRepeat)") }
            position += 1
        }
        guard let value else { throw fault("a number is missing") }
        return value
    }

    private mutating func readClass() throws(PatternFault) -> ScalarClass {
        var scalars = ScalarClass(isNegated: take("^"))
        while !take("]") {
            let first = try readClassItem()
            guard peek() == "-", peek(1) != "]", peek(1) != nil else {
                scalars.items.append(first)
                continue
            }
            position += 1
            let last = try readClassItem()
            guard case .range(let low) = first, case .range(let high) = last, low.lowerBound <= high.lowerBound else {
                throw fault("a range has no order")
            }
            scalars.items.append(.range(low.lowerBound...high.lowerBound))
        }
        return scalars
    }

    private mutating func readClassItem() throws(PatternFault) -> ScalarClass.Item {
        guard let scalar = next() else { throw fault("a class is not closed") }
        return scalar == "\\" ? try readEscape(isInClass: true) : .range(scalar...scalar)
    }

    private mutating func readEscape(isInClass: Bool) throws(PatternFault) -> ScalarClass.Item {
        guard let scalar = next() else { throw fault("the text ends after \\") }
        switch scalar {
        case "d", "D": return .kind(.digit, isNegated: scalar == "D")
        case "w", "W": return .kind(.word, isNegated: scalar == "W")
        case "s", "S": return .kind(.space, isNegated: scalar == "S")
        case "p", "P": return .kind(try readProperty(), isNegated: scalar == "P")
        case "t": return .range("\t"..."\t")
        case "n": return .range("\n"..."\n")
        case "r": return .range("\r"..."\r")
        case "v": return .range("\u{B}"..."\u{B}")
        case "f": return .range("\u{C}"..."\u{C}")
        case "b" where isInClass: return .range("\u{8}"..."\u{8}")
        case "x": return try readCode(digits: 2)
        case "u": return try take("{") ? readCode(digits: nil) : readCode(digits: 4)
        // Beyond ECMA-262's syntax characters any punctuation: it cannot mean anything else.
        case " "..."/", ":"..."@", "["..."`", "{"..."~": return .range(scalar...scalar)
        default: throw fault("this escape is not supported")
        }
    }

    private mutating func readProperty() throws(PatternFault) -> ScalarClass.Kind {
        var name = ""
        guard take("{") else { throw fault("\\p wants {") }
        while let scalar = next(), scalar != "}" { name.unicodeScalars.append(scalar) }
        guard let kind = ScalarClass.Kind(property: name) else { throw fault("of \\p{} there are L, Lu, Ll, M, N, Nd") }
        return kind
    }

    /// - Parameter digits: `nil`: up to a closing brace.
    private mutating func readCode(digits: Int?) throws(PatternFault) -> ScalarClass.Item {
        var value: UInt32 = 0
        var count = 0
        while count < digits ?? 6, let scalar = peek(), let digit = Character(scalar).hexDigitValue, scalar.isASCII {
            value = value << 4 | UInt32(digit)
            count += 1
            position += 1
        }
        let isWhole = digits.map { $0 == count } ?? (count > 0 && take("}"))
        guard isWhole, let scalar = Unicode.Scalar(value) else { throw fault("a code is not one of a character") }
        return .range(scalar...scalar)
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    private mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek() else { return nil }
        position += 1
        return scalar
    }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private func fault(_ what: String) -> PatternFault {
        PatternFault(text: "must be a pattern: at character \(position), \(what)")
    }
}
