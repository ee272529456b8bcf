/// Random numbers that follow from a seed alone, the same on every machine (Steele, Lea, Flood 2014).
public struct SplitMix64: RandomNumberGenerator, Equatable, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// A stream of its own for each pair, so that what one user draws never changes what another does.
    public init(seed: UInt64, stream: UInt64) {
        var first = SplitMix64(seed: seed)
        var second = SplitMix64(seed: first.next() ^ stream)
        state = second.next()
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// At least 0, less than 1.
    public mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

    /// At least zero, at most `longest`; zero where that is not more than zero.
    public mutating func time(upTo longest: CallTime) -> CallTime {
        guard longest > .zero else { return .zero }
        return CallTime(nanoseconds: Int64(next() % (UInt64(longest.nanoseconds) + 1)))
    }
}
