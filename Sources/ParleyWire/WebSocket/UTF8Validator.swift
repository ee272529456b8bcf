/// Checks text that arrives in pieces: a code point may straddle them, and the first bad byte is noticed at once.
///
/// Source: RFC 3629 section 4 (no overlong forms, no surrogates, nothing above U+10FFFF).
struct UTF8Validator: Sendable {
    /// Continuation bytes that the open code point still needs.
    private var needed: UInt8 = 0
    /// What the next continuation byte may be; narrower than 80-BF after E0, ED, F0 and F4.
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF

    /// Whether the text so far ends with a whole code point.
    var isComplete: Bool { needed == 0 }

    /// - Returns: false at the first byte that cannot be part of UTF-8; the validator must not be used further then.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var needed = needed
        var lower = lower
        var upper = upper
        let end = bytes.count
        var at = 0
        while at < end {
            if needed == 0 {
                // Most of what is sent here is ASCII: eight bytes at a time.
                while at &+ 8 <= end,
                    bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    at &+= 8
                }
                guard at < end else { break }
                let byte = bytes[at]
                at &+= 1
                lower = 0x80
                upper = 0xBF
                switch byte {
                case 0x00...0x7F: continue
                case 0xC2...0xDF: needed = 1
                case 0xE0: (needed, lower) = (2, 0xA0)
                case 0xED: (needed, upper) = (2, 0x9F)
                case 0xE1...0xEF: needed = 2
                case 0xF0: (needed, lower) = (3, 0x90)
                case 0xF4: (needed, upper) = (3, 0x8F)
                case 0xF1...0xF3: needed = 3
                default: return false
                }
            } else {
                let byte = bytes[at]
                at &+= 1
                guard byte >= lower, byte <= upper else { return false }
                needed &-= 1
                lower = 0x80
                upper = 0xBF
            }
        }
        self.needed = needed
        self.lower = lower
        self.upper = upper
        return true
    }
}
