/// A format of `printf`: `%s %d %v %q %f`, a width, `-`, `0` and `%%`. Source: https://pkg.go.dev/fmt.
///
/// Go prints a mark such as `%!d(string=...)` into the text for what does not fit; here that is a refusal.
struct TemplatePrintf {
    static let maxWidth = 256
    static let maxPlaces = 32

    struct Refusal: Error {
        var message: String
    }

    struct Directive {
        enum Verb: String { case s, d, v, q, f }
        var verb: Verb
        /// In Unicode scalars, as in Go; 0: as long as it is.
        var width = 0
        /// Spaces go behind.
        var isLeft = false
        var isZeroPadded = false
        /// Digits behind the point, for `%f`.
        var places = 6
    }

    private enum Piece {
        case text(String)
        case directive(Directive)
    }
    private var pieces: [Piece] = []

    init(_ format: String) throws(Refusal) {
        var rest = format.unicodeScalars[...]
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                text.append(scalar)
                continue
            }
            if rest.first == "%" {
                rest.removeFirst()
                text.append("%")
                continue
            }
            if !text.isEmpty { pieces.append(.text(String(text))) }
            text = String.UnicodeScalarView()
            pieces.append(.directive(try Self.directive(&rest)))
        }
        if !text.isEmpty { pieces.append(.text(String(text))) }
    }

    /// - Parameter count: values that the format is given.
    func check(count: Int) throws(Refusal) {
        let wanted = pieces.count { if case .directive = $0 { true } else { false } }
        guard wanted == count else {
            throw Refusal(
                message: "places for values in the format: \(wanted), values given: \(count); give one to each")
        }
    }

    func text(of values: [JSON]) throws(Refusal) -> String {
        try check(count: values.count)
        var rest = values[...]
        var out = ""
        for piece in pieces {
            switch piece {
            case .text(let text): out += text
            case .directive(let directive):
                guard let value = rest.popFirst() else { continue }
                out += directive.padded(try directive.text(of: value))
            }
        }
        return out
    }

    /// Reads from behind the `%`.
    private static func directive(_ rest: inout Substring.UnicodeScalarView) throws(Refusal) -> Directive {
        var flags: [Unicode.Scalar] = []
        while let flag = rest.first, flag == "-" || flag == "0" {
            flags.append(flag)
            rest.removeFirst()
        }
        let width = try number(&rest, limit: maxWidth)
        var places: Int?
        if rest.first == "." {
            rest.removeFirst()
            places = try number(&rest, limit: maxPlaces) ?? 0
        }
        guard let scalar = rest.popFirst(), let verb = Directive.Verb(rawValue: String(scalar)) else { throw unknown }
        guard places == nil || verb == .f else { throw unknown }
        let isZeroPadded = flags.contains("0")
        guard !isZeroPadded || verb == .d || verb == .f else { throw unknown }
        return Directive(
            verb: verb, width: width ?? 0, isLeft: flags.contains("-"),
            isZeroPadded: isZeroPadded && !flags.contains("-"), places: places ?? 6)
    }

    private static func number(_ rest: inout Substring.UnicodeScalarView, limit: Int) throws(Refusal) -> Int? {
        var value: Int?
        while let scalar = rest.first, ("0"..."9").contains(scalar) {
            rest.removeFirst()
            let next = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            guard next <= limit else {
                throw Refusal(message: "a width is at most \(maxWidth), and places are at most \(maxPlaces)")
            }
            value = next
        }
        return value
    }

    private static var unknown: Refusal {
        Refusal(
            message: "`printf` knows %s, %d, %v, %q, %f and %%, with a width as in %5d, %-5s, %05d, and places as in"
                + " %.2f")
    }
}

extension TemplatePrintf.Directive {
    func text(of value: JSON) throws(TemplatePrintf.Refusal) -> String {
        switch (verb, value) {
        case (.s, .string(let text)): return text
        case (.q, .string(let text)): return Self.quoted(text)
        case (.d, .number(let number)) where number.isWhole: return number.fixed(places: 0)
        case (.f, .number(let number)): return number.fixed(places: places)
        case (.v, _):
            if let text = value.printed { return text }
        default: break
        }
        let wanted =
            switch verb {
            case .s, .q: "a text; %v takes numbers too"
            case .d: "a whole number; %v takes any"
            case .f: "a number"
            case .v: "a text, a number or a boolean; use `json` for the rest"
            }
        let given = if case .number = value, verb == .d { "a fraction" } else { value.kind }
        throw TemplatePrintf.Refusal(message: "%\(verb.rawValue) is given \(given) and takes \(wanted)")
    }

    func padded(_ text: String) -> String {
        let missing = width - text.unicodeScalars.count
        guard missing > 0 else { return text }
        if isLeft { return text + String(repeating: " ", count: missing) }
        guard isZeroPadded else { return String(repeating: " ", count: missing) + text }
        let sign = text.hasPrefix("-") ? "-" : ""
        return sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count)
    }

    /// As Go's `strconv.Quote`: what cannot be seen is escaped.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\u{7}": out += "\\a"
            case "\u{8}": out += "\\b"
            case "\u{C}": out += "\\f"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{B}": out += "\\v"
            case _ where isPrintable(scalar): out.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x80: out += "\\x" + hex(scalar, digits: 2)
            case _ where scalar.value < 0x10000: out += "\\u" + hex(scalar, digits: 4)
            default: out += "\\U" + hex(scalar, digits: 8)
            }
        }
        return out + "\""
    }

    /// Letters, marks, numbers, punctuation, symbols, and the plain space.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func hex(_ scalar: Unicode.Scalar, digits: Int) -> String {
        let text = String(scalar.value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
