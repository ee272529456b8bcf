/// Eight numbers at a time: a level for each band, or eight bins of a spectrum.
typealias Lanes = SIMD8<Float>

extension SIMD8<Float> {
    /// The greater of each pair; a blend, where the library's `pointwiseMax` is a loop over lanes.
    @inline(__always)
    static func greater(_ a: Self, _ b: Self) -> Self { a.replacing(with: b, where: a .< b) }

    @inline(__always)
    static func lesser(_ a: Self, _ b: Self) -> Self { a.replacing(with: b, where: b .< a) }

    @inline(__always)
    func within(_ low: Float, _ high: Float) -> Self {
        .lesser(.greater(self, Self(repeating: low)), Self(repeating: high))
    }

    /// The sum of all lanes, by halves.
    @inline(__always)
    var total: Float {
        let four = lowHalf + highHalf
        let two = four.lowHalf + four.highHalf
        return two[0] + two[1]
    }

    @inline(__always)
    var greatest: Float {
        let four = lowHalf.replacing(with: highHalf, where: lowHalf .< highHalf)
        let two = four.lowHalf.replacing(with: four.highHalf, where: four.lowHalf .< four.highHalf)
        return two[0] < two[1] ? two[1] : two[0]
    }
}
