/// SplitMix64, seeded by the input itself: the same choices for the same input.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// FNV-1a over the input.
    init(_ input: [UInt8]) {
        state = 0xcbf2_9ce4_8422_2325
        for byte in input { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
