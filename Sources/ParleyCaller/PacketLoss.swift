/// Which packets the network loses: the same ones for the same seed.
struct PacketLoss: Sendable {
    private var state: UInt64
    private let threshold: Double

    init(percent: Double, seed: UInt64) {
        threshold = percent / 100
        state = seed
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): uniform enough, and the same everywhere.
    mutating func losesNext() -> Bool {
        guard threshold > 0 else { return false }
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) / Double(1 << 53) < threshold
    }
}
