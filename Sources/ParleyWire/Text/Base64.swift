/// Base64 with the standard alphabet and padding (RFC 4648 section 4), strictly: no other byte, no line break, no
/// missing padding, no stray bits in the last group. Nothing here allocates.
public enum Base64 {
    /// How many bytes this text stands for, from its length and padding alone.
    ///
    /// - Returns: `nil` where the length is not a multiple of four.
    public static func decodedCount(_ text: UnsafeRawBufferPointer) -> Int? {
        let count = text.count
        guard count & 3 == 0 else { return nil }
        guard count > 0 else { return 0 }
        let padding = text[count &- 1] != UInt8(ascii: "=") ? 0 : text[count &- 2] != UInt8(ascii: "=") ? 1 : 2
        return count / 4 &* 3 &- padding
    }

    /// Decodes into the caller's buffer.
    ///
    /// - Parameter out: at least `decodedCount(text)` bytes.
    /// - Returns: how many bytes were written, or `nil` where the text is not base64 (then `out` holds rubbish).
    public static func decode(_ text: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer) -> Int? {
        guard let count = decodedCount(text) else { return nil }
        precondition(out.count >= count, "the buffer holds what is decoded")
        guard count > 0 else { return text.isEmpty ? 0 : nil }
        let isPadded = count % 3 != 0
        let whole = isPadded ? text.count &- 4 : text.count
        return values.withUnsafeBufferPointer { values -> Int? in
            var bad: UInt8 = 0
            var from = 0
            var to = 0
            while from < whole {
                let a = values[Int(text[from])]
                let b = values[Int(text[from &+ 1])]
                let c = values[Int(text[from &+ 2])]
                let d = values[Int(text[from &+ 3])]
                bad |= a | b | c | d
                out[to] = a &<< 2 | b &>> 4
                out[to &+ 1] = b &<< 4 | c &>> 2
                out[to &+ 2] = c &<< 6 | d
                from &+= 4
                to &+= 3
            }
            if isPadded {
                let a = values[Int(text[from])]
                let b = values[Int(text[from &+ 1])]
                bad |= a | b
                out[to] = a &<< 2 | b &>> 4
                if count % 3 == 1 {
                    // The four bits that no byte takes.
                    bad |= (b & 0x0F) == 0 ? 0 : invalid
                } else {
                    let c = values[Int(text[from &+ 2])]
                    bad |= c | ((c & 0x03) == 0 ? 0 : invalid)
                    out[to &+ 1] = b &<< 4 | c &>> 2
                }
            }
            return bad & invalid == 0 ? count : nil
        }
    }

    /// Whether `decode` would take this text; for text that is decoded piece by piece.
    public static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let count = decodedCount(text) else { return false }
        guard count > 0 else { return text.isEmpty }
        let whole = count % 3 == 0 ? text.count : text.count &- 4
        let bad = values.withUnsafeBufferPointer { values in
            var bad: UInt8 = 0
            for index in 0..<whole { bad |= values[Int(text[index])] }
            return bad
        }
        guard bad & invalid == 0 else { return false }
        guard whole < text.count else { return true }
        // The last group is decoded, into two bytes that are thrown away.
        var last: UInt16 = 0
        return withUnsafeMutableBytes(of: &last) {
            decode(UnsafeRawBufferPointer(rebasing: text[whole...]), into: $0)
        } != nil
    }

    /// How many characters `append` writes for this many bytes.
    public static func encodedCount(_ bytes: Int) -> Int { (bytes &+ 2) / 3 &* 4 }

    /// Encodes and appends.
    public static func append(_ bytes: Span<UInt8>, to out: inout [UInt8]) {
        let start = out.count
        out.append(contentsOf: repeatElement(UInt8(ascii: "="), count: encodedCount(bytes.count)))
        bytes.withUnsafeBufferPointer { bytes in
            out.withUnsafeMutableBufferPointer { out in
                let alphabet = Base64.alphabet.utf8Start
                let count = bytes.count
                var from = 0
                var to = start
                while from &+ 3 <= count {
                    let a = bytes[from]
                    let b = bytes[from &+ 1]
                    let c = bytes[from &+ 2]
                    out[to] = alphabet[Int(a &>> 2)]
                    out[to &+ 1] = alphabet[Int((a &<< 4 | b &>> 4) & 0x3F)]
                    out[to &+ 2] = alphabet[Int((b &<< 2 | c &>> 6) & 0x3F)]
                    out[to &+ 3] = alphabet[Int(c & 0x3F)]
                    from &+= 3
                    to &+= 4
                }
                guard from < count else { return }
                let a = bytes[from]
                out[to] = alphabet[Int(a &>> 2)]
                if from &+ 1 == count {
                    out[to &+ 1] = alphabet[Int((a &<< 4) & 0x3F)]
                } else {
                    let b = bytes[from &+ 1]
                    out[to &+ 1] = alphabet[Int((a &<< 4 | b &>> 4) & 0x3F)]
                    out[to &+ 2] = alphabet[Int((b &<< 2) & 0x3F)]
                }
            }
        }
    }

    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// Set in the value of every byte outside the alphabet.
    private static let invalid: UInt8 = 0x80

    /// The value of each byte, 0-63, or `invalid`.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        for index in 0..<64 { values[Int(alphabet.utf8Start[index])] = UInt8(index) }
        return values
    }()
}
