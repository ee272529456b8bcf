/// How samples cross the wire.
public enum FakeAudio: String, Sendable {
    case mulaw, alaw, pcm16

    public var bytesPerSample: Int { self == .pcm16 ? 2 : 1 }

    /// `nil` where a sample is cut in two.
    public func decode(_ bytes: [UInt8]) -> [Int16]? {
        switch self {
        case .mulaw: return bytes.map(Self.mulaw)
        case .alaw: return bytes.map(Self.alaw)
        case .pcm16:
            guard bytes.count.isMultiple(of: 2) else { return nil }
            return stride(from: 0, to: bytes.count, by: 2).map { at in
                Int16(bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8)
            }
        }
    }

    /// ITU-T G.711, table 2b.
    private static func mulaw(_ byte: UInt8) -> Int16 {
        let bits = ~byte
        let magnitude = ((Int16(bits & 0x0F) << 3) + 132) << Int16(bits >> 4 & 7) - 132
        return bits & 0x80 == 0 ? magnitude : -magnitude
    }

    /// ITU-T G.711, table 1b.
    private static func alaw(_ byte: UInt8) -> Int16 {
        let bits = byte ^ 0x55
        let segment = Int16(bits >> 4 & 7)
        let step = Int16(bits & 0x0F) << 4
        let magnitude = segment == 0 ? step + 8 : (step + 264) << (segment - 1)
        return bits & 0x80 != 0 ? magnitude : -magnitude
    }
}

/// RFC 4648, 4.
public enum FakeBase64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8?] = {
        var values = [UInt8?](repeating: nil, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// `nil` where a digit is wrong, or the padding is missing.
    public static func decode(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { return nil }
        let padding = characters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in characters.dropLast(padding) {
            guard let value = values[Int(character)] else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return out
    }

    public static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let three = (0..<3).map { start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
            let bits = three[0] << 16 | three[1] << 8 | three[2]
            let length = min(3, bytes.count - start)
            for place in 0..<4 {
                out.append(place <= length ? digits[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
