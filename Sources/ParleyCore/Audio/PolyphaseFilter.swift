/// The filter of a change of sample rate by `up`/`down`: one short filter for each of the `up` places that an output
/// sample can have between two input samples. Immutable, and shared by everybody who needs the same ratio.
///
/// A windowed sinc (Kaiser) that passes up to 0.425 of the lower rate (3.4 kHz of 8 kHz) within 0.01 dB and stops from
/// half the lower rate on, by 70 dB. So nothing folds back into the band, and no image is left above it. The formulas
/// for window and length are Kaiser's; see Oppenheim and Schafer, "Discrete-Time Signal Processing", section 7.6.
final class PolyphaseFilter: Sendable {
    let up: Int
    let down: Int
    /// Input samples that are looked at after the place of the output sample; as many lie before it.
    let reach: Int
    /// `taps` factors for each place, for ascending input samples. Those of one place add up to 1.
    let factors: [Float]

    /// Factors for each place: a multiple of 8.
    var taps: Int { 2 * reach }

    private init(_ up: Int, _ down: Int) {
        self.up = up
        self.down = down

        let attenuation = 70.0
        let pass = 0.425
        let stop = 0.5
        let width = Double(max(up, down)) / Double(up)
        let exactReach = (attenuation - 7.95) / (14.36 * (stop - pass) * 2) * width
        let reach = (Int(exactReach) / 4 + 1) * 4
        let beta = 0.1102 * (attenuation - 8.7)
        let cutoff = (pass + stop) / 2 / Double(max(up, down))

        // One side is enough, as the filter is symmetric; it ends at 0.
        let end = up * reach
        let half = (0..<end).map { distance in
            let angle = 2 * 3.141_592_653_589_793 * cutoff * Double(distance)
            let place = Double(distance) / Double(end)
            return (distance == 0 ? 1 : Math.sin(angle) / angle)
                * Math.besselI0(beta * (1 - place * place).squareRoot())
        }
        var factors: [Float] = []
        factors.reserveCapacity(up * 2 * reach)
        for place in 0..<up {
            let row = (0..<2 * reach).map { tap in
                let distance = abs(place + (reach - 1 - tap) * up)
                return distance < end ? half[distance] : 0
            }
            let sum = row.reduce(0, +)
            factors += row.map { Float($0 / sum) }
        }
        self.reach = reach
        self.factors = factors
    }

    /// The filter between two rates. Those between the rates that voices and codecs have are made once.
    static func between(_ inputRate: Int, _ outputRate: Int) -> PolyphaseFilter {
        let divisor = greatestCommonDivisor(inputRate, outputRate)
        return switch (outputRate / divisor, inputRate / divisor) {
        case (2, 1): up2
        case (3, 1): up3
        case (6, 1): up6
        case (1, 2): down2
        case (1, 3): down3
        case (1, 6): down6
        case (3, 2): up3down2
        case (2, 3): up2down3
        case (441, 160): from8To22
        case (441, 320): from16To22
        case (147, 160): from24To22
        case (147, 320): from48To22
        case (160, 441): from22To8
        case (320, 441): from22To16
        case (160, 147): from22To24
        case (320, 147): from22To48
        case (let up, let down): PolyphaseFilter(up, down)
        }
    }

    static func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
        other == 0 ? one : greatestCommonDivisor(other, one % other)
    }

    private static let up2 = PolyphaseFilter(2, 1)
    private static let up3 = PolyphaseFilter(3, 1)
    private static let up6 = PolyphaseFilter(6, 1)
    private static let down2 = PolyphaseFilter(1, 2)
    private static let down3 = PolyphaseFilter(1, 3)
    private static let down6 = PolyphaseFilter(1, 6)
    private static let up3down2 = PolyphaseFilter(3, 2)
    private static let up2down3 = PolyphaseFilter(2, 3)
    private static let from8To22 = PolyphaseFilter(441, 160)
    private static let from16To22 = PolyphaseFilter(441, 320)
    private static let from24To22 = PolyphaseFilter(147, 160)
    private static let from48To22 = PolyphaseFilter(147, 320)
    private static let from22To8 = PolyphaseFilter(160, 441)
    private static let from22To16 = PolyphaseFilter(320, 441)
    private static let from22To24 = PolyphaseFilter(160, 147)
    private static let from22To48 = PolyphaseFilter(320, 147)
}
