/// The masking of RFC 6455 section 5.3: byte n is XORed with byte n mod 4 of the key.
enum WebSocketMask {
    /// Masks or unmasks in place, eight bytes at a time.
    ///
    /// - Parameter key: its first byte on the wire in the low eight bits.
    /// - Parameter phase: how many bytes of this frame came before `bytes`; only its value mod 4 counts.
    static func apply(_ key: UInt32, phase: Int, to bytes: UnsafeMutableRawBufferPointer) {
        guard let base = bytes.baseAddress, key != 0 else { return }
        let turn = UInt32(truncatingIfNeeded: phase & 3) &* 8
        // Shifted so that the byte for `phase` comes first; `&<<` by 32 would be by 0, which ORs the key with itself.
        let turned = (key &>> turn) | (key &<< (32 &- turn))
        let wide = UInt64(turned) | UInt64(turned) &<< 32
        let count = bytes.count
        var at = 0
        while at &+ 8 <= count {
            let word = base.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
            base.storeBytes(of: (word ^ wide).littleEndian, toByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        var rest = wide
        while at < count {
            bytes[at] ^= UInt8(truncatingIfNeeded: rest)
            rest &>>= 8
            at &+= 1
        }
    }
}
