import ParleyCore

/// What a simulated world draws from its seed.
extension SplitMix64 {
    /// A number in 0..<limit.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

    /// - Parameter share: 0...1.
    mutating func chance(_ share: Double) -> Bool { unit() < share }

    mutating func milliseconds(_ range: ClosedRange<Int>) -> CallTime {
        .milliseconds(range.lowerBound + below(range.upperBound - range.lowerBound + 1))
    }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }
}
