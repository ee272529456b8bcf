/// Turns the features of a frame into the log-odds that the caller is speaking.
///
/// One layer of 32 units over the 64 features; what it weighs stands in `SpeechModelTable`, made by the command named there.
struct SpeechModel: Sendable {
    static let units = 32
    static let shared = SpeechModel(table: SpeechModelTable.text)

    /// Four vectors for each feature; mean and spread are folded in.
    private let weights: LaneTable
    private var bias = InlineArray<4, Lanes>(repeating: .zero)
    private var speech = InlineArray<4, Lanes>(repeating: .zero)
    private var offset: Float = 0

    /// - Parameter table: a line for each feature: name, mean, spread, a weight for each unit; then `bias` and `speech`,
    ///   the latter with its own offset in front.
    init(table: String) {
        var rows: [Float] = []
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Float($0) }
            func vectors(_ numbers: ArraySlice<Float>) -> InlineArray<4, Lanes> {
                var vectors = InlineArray<4, Lanes>(repeating: .zero)
                for (index, number) in numbers.enumerated() { vectors[index / 8][index % 8] = number }
                return vectors
            }
            switch words[0] {
            case "bias":
                let row = vectors(numbers[...])
                for index in 0..<4 { bias[index] += row[index] }
            case "speech": (offset, speech) = (numbers[0], vectors(numbers[1...]))
            default:
                rows += numbers[2...].map { $0 / numbers[1] }
                let row = vectors(numbers[2...])
                for index in 0..<4 { bias[index] -= row[index] * (numbers[0] / numbers[1]) }
            }
        }
        precondition(rows.count == VoiceFeatures.count * Self.units, "the table has a line for each feature")
        weights = LaneTable(rows)
    }

    /// - Parameter features: see `VoiceFeatures.values`.
    /// - Returns: log-odds (base e).
    func judge(_ features: borrowing LaneRoom) -> Float {
        var (a, b, c, d) = (bias[0], bias[1], bias[2], bias[3])
        for vector in 0..<8 {
            let values = features[vector]
            for lane in 0..<8 {
                let (value, row) = (values[lane], (vector &* 8 &+ lane) &* 4)
                a += weights[row] * value
                b += weights[row &+ 1] * value
                c += weights[row &+ 2] * value
                d += weights[row &+ 3] * value
            }
        }
        (a, b, c, d) = (Self.bend(a), Self.bend(b), Self.bend(c), Self.bend(d))
        return (a * speech[0] + b * speech[1] + c * speech[2] + d * speech[3]).total + offset
    }

    private static func bend(_ x: Lanes) -> Lanes { .greater(x, x * 0.05) }
}
