/// Mu-law, the telephone's code in North America and Japan: 8 bits a sample, 8 kHz.
///
/// Octets are as on the wire, that is with all bits inverted. Silence is `0xFF`. Source: ITU-T G.711 table 2;
/// RTP use in RFC 3551 section 4.5.14. All 256 octets are valid and all samples can be coded: nothing here fails.
public enum MuLaw {
    /// Digital silence: the code of 0.
    public static let silence: UInt8 = 0xFF

    /// Expands one octet to a sample in ±32 124 (the code's 14 bits, left-justified).
    @inlinable @inline(__always)
    public static func decode(_ octet: UInt8) -> Int16 { decoding[Int(octet)] }

    /// Codes one sample; the loudest are clipped to ±32 124.
    ///
    /// A segment and its step are the exponent and the first four bits of the biased magnitude as a floating-point number. No table
    /// and no branch: the compiler codes several samples at once.
    @inlinable @inline(__always)
    public static func encode(_ sample: Int16) -> UInt8 {
        let wide = Int32(sample)
        let biased = min(wide < 0 ? -wide : wide, 32_635) + 132
        let segmentAndStep = Int32(truncatingIfNeeded: Float(biased).bitPattern >> 19) - firstSegment
        return ~UInt8(truncatingIfNeeded: segmentAndStep | (wide >> 24 & 0x80))
    }

    /// The lowest segment begins at 2^7; a `Float`'s exponent is biased by 127.
    @usableFromInline static let firstSegment: Int32 = (127 + 7) << 4

    /// Expands octets into as many samples. `samples` must be at least as long as `octets`.
    public static func decode(_ octets: Span<UInt8>, into samples: inout MutableSpan<Int16>) {
        precondition(octets.count <= samples.count, "room for every sample")
        for index in octets.indices { samples[index] = decode(octets[index]) }
    }

    /// Expands octets onto the end of `samples`.
    public static func decode(_ octets: Span<UInt8>, appendingTo samples: inout [Int16]) {
        samples.append(octets) { decode($0) }
    }

    /// Codes samples into as many octets. `octets` must be at least as long as `samples`.
    public static func encode(_ samples: Span<Int16>, into octets: inout MutableSpan<UInt8>) {
        precondition(samples.count <= octets.count, "room for every octet")
        for index in samples.indices { octets[index] = encode(samples[index]) }
    }

    /// Codes samples onto the end of `octets`.
    public static func encode(_ samples: Span<Int16>, appendingTo octets: inout [UInt8]) {
        octets.append(samples) { encode($0) }
    }

    @usableFromInline
    static let decoding: InlineArray<256, Int16> = .init { index in
        let code = ~UInt8(index)
        let magnitude = ((Int(code & 15) << 3) + 132) << Int((code >> 4) & 7) - 132
        return Int16(code & 0x80 == 0 ? magnitude : -magnitude)
    }
}

/// A-law, the telephone's code everywhere else: 8 bits a sample, 8 kHz.
///
/// Octets are as on the wire, that is with the even bits inverted. It has no code for 0: silence is `0xD5`, which
/// sounds as 8. Source: ITU-T G.711 table 1; RTP use in RFC 3551 section 4.5.14. Nothing here fails.
public enum ALaw {
    /// The nearest that A-law has to digital silence.
    public static let silence: UInt8 = 0xD5

    /// Expands one octet to a sample in ±32 256 (the code's 13 bits, left-justified).
    @inlinable @inline(__always)
    public static func decode(_ octet: UInt8) -> Int16 { decoding[Int(octet)] }

    /// Codes one sample.
    @inlinable @inline(__always)
    public static func encode(_ sample: Int16) -> UInt8 {
        // Two's complement has no -0; the code's negative half begins just below 0.
        let magnitude = sample < 0 ? ~sample : sample
        let code = encoding[Int(magnitude) >> 4]
        return sample < 0 ? code & 0x7F : code
    }

    /// Expands octets into as many samples. `samples` must be at least as long as `octets`.
    public static func decode(_ octets: Span<UInt8>, into samples: inout MutableSpan<Int16>) {
        precondition(octets.count <= samples.count, "room for every sample")
        for index in octets.indices { samples[index] = decode(octets[index]) }
    }

    /// Expands octets onto the end of `samples`.
    public static func decode(_ octets: Span<UInt8>, appendingTo samples: inout [Int16]) {
        samples.append(octets) { decode($0) }
    }

    /// Codes samples into as many octets. `octets` must be at least as long as `samples`.
    public static func encode(_ samples: Span<Int16>, into octets: inout MutableSpan<UInt8>) {
        precondition(samples.count <= octets.count, "room for every octet")
        for index in samples.indices { octets[index] = encode(samples[index]) }
    }

    /// Codes samples onto the end of `octets`.
    public static func encode(_ samples: Span<Int16>, appendingTo octets: inout [UInt8]) {
        octets.append(samples) { encode($0) }
    }

    @usableFromInline
    static let decoding: InlineArray<256, Int16> = .init { index in
        let code = UInt8(index) ^ 0x55
        let exponent = Int((code >> 4) & 7)
        let mantissa = Int(code & 15) << 4
        let magnitude = exponent == 0 ? mantissa + 8 : (mantissa + 264) << (exponent - 1)
        return Int16(code & 0x80 == 0 ? -magnitude : magnitude)
    }

    /// The code of a positive sample, by its magnitude without the four bits that A-law never sees.
    @usableFromInline
    static let encoding: InlineArray<2_048, UInt8> = .init { index in
        // Segment 0 and 1 have the same step; each one above doubles it.
        let exponent = max(0, Int.bitWidth - index.leadingZeroBitCount - 4)
        let mantissa = (exponent == 0 ? index : index >> (exponent - 1)) & 15
        return (0x80 | UInt8(exponent << 4 | mantissa)) ^ 0x55
    }
}

extension Array {
    /// Appends what becomes of each element, by way of a block on the stack: one by one costs five times as much.
    @inline(__always)
    fileprivate mutating func append<Source>(_ source: Span<Source>, _ change: (Source) -> Element) {
        reserveRoom(for: source.count)
        withUnsafeTemporaryAllocation(of: Element.self, capacity: 256) { block in
            var taken = 0
            while taken < source.count {
                let count = Swift.min(256, source.count - taken)
                for index in 0..<count { block.initializeElement(at: index, to: change(source[taken + index])) }
                append(contentsOf: UnsafeMutableBufferPointer(rebasing: block[..<count]))
                taken += count
            }
        }
    }

    /// Makes room for what is about to be appended, growing by doubling: plain `reserveCapacity` before every frame
    /// would copy the whole array each time.
    mutating func reserveRoom(for more: Int) {
        if capacity - count < more { reserveCapacity(Swift.max(count + more, 2 * capacity)) }
    }
}
