import ParleyCore

extension SplitMix64 {
    /// Seeded by the input itself (FNV-1a): the same choices for the same input.
    init(_ input: [UInt8]) {
        var seed: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in input { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
        self.init(seed: seed)
    }
}
