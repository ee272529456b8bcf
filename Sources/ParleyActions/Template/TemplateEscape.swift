/// The escapes of Go's interpreted string literals. Source: The Go Programming Language Specification, "Rune literals".
enum TemplateEscape {
    /// Reads the escape whose backslash is at `position`, and moves behind it.
    ///
    /// `\x` and octal escapes are bytes, so the text is UTF-8 only when it is whole.
    static func read(
        from source: [Unicode.Scalar], at position: inout Int, into units: inout [UInt8]
    ) throws(TemplateTrouble) {
        let start = position
        guard start + 1 < source.count else { throw unknown(at: start) }
        position += 2
        switch source[start + 1] {
        case "a": units.append(0x07)
        case "b": units.append(0x08)
        case "f": units.append(0x0C)
        case "n": units.append(0x0A)
        case "r": units.append(0x0D)
        case "t": units.append(0x09)
        case "v": units.append(0x0B)
        case "\\": units.append(0x5C)
        case "\"": units.append(0x22)
        case "x": try appendByte(number(source, &position, digits: 2, radix: 16), at: start, to: &units)
        case "0"..."7":
            position -= 1
            try appendByte(number(source, &position, digits: 3, radix: 8), at: start, to: &units)
        case "u": try appendScalar(number(source, &position, digits: 4, radix: 16), at: start, to: &units)
        case "U": try appendScalar(number(source, &position, digits: 8, radix: 16), at: start, to: &units)
        default: throw unknown(at: start)
        }
    }

    private static func number(
        _ source: [Unicode.Scalar], _ position: inout Int, digits: Int, radix: UInt32
    ) -> UInt32? {
        guard position + digits <= source.count else { return nil }
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = hexDigit(source[position]), digit < radix else { return nil }
            value = value &* radix &+ digit
            position += 1
        }
        return value
    }

    private static func hexDigit(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x61 + 10
        case "A"..."F": scalar.value - 0x41 + 10
        default: nil
        }
    }

    private static func appendByte(_ value: UInt32?, at start: Int, to units: inout [UInt8]) throws(TemplateTrouble) {
        guard let value, let byte = UInt8(exactly: value) else { throw unknown(at: start) }
        units.append(byte)
    }

    private static func appendScalar(_ value: UInt32?, at start: Int, to units: inout [UInt8]) throws(TemplateTrouble) {
        guard let value, let scalar = Unicode.Scalar(value) else { throw unknown(at: start) }
        units.append(contentsOf: Array(String(scalar).utf8))
    }

    private static func unknown(at start: Int) -> TemplateTrouble {
        TemplateTrouble(at: start, "this escape is not known; write a backslash itself as \\\\, or use backquotes")
    }
}
