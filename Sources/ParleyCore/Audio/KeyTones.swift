/// Telephone keys as the tones that stand for them (ITU-T Q.23), for a far end that listens for keys.
public enum KeyTones {
    private static let rows = [697, 770, 852, 941]
    private static let columns = [1_209, 1_336, 1_477]
    private static let layout = ["123", "456", "789", "*0#"]
    /// Of a tone, and of the silence behind it (ITU-T Q.24 asks for 40 ms of each).
    private static let milliseconds = 100
    private static let pauseMilliseconds = 500

    /// - Parameter keys: `0-9 * #`, and `w` for half a second of silence.
    /// - Returns: mono, 16-bit, peaks at about -6 dBFS; `nil` where something else stands among the keys, or nothing does.
    public static func samples(_ keys: String, sampleRate: Int) -> [Int16]? {
        guard !keys.isEmpty, keys.utf8.count <= 64 else { return nil }
        var out: [Int16] = []
        for key in keys {
            if key == "w" {
                out += [Int16](repeating: 0, count: sampleRate * pauseMilliseconds / 1_000)
                continue
            }
            guard let row = layout.firstIndex(where: { $0.contains(key) }),
                let column = Array(layout[row]).firstIndex(of: key)
            else { return nil }
            let count = sampleRate * milliseconds / 1_000
            // Two oscillators by recurrence: y[n] = 2 cos(w) y[n-1] - y[n-2].
            var (low, high) = (Oscillator(rows[row], sampleRate), Oscillator(columns[column], sampleRate))
            for _ in 0..<count { out.append(Int16((low.next() + high.next()) * 8_192)) }
            out += [Int16](repeating: 0, count: count)
        }
        return out
    }

    private struct Oscillator {
        private let step: Double
        private var (last, before): (Double, Double)

        init(_ hertz: Int, _ sampleRate: Int) {
            let angle = 2 * Double.pi * Double(hertz) / Double(sampleRate)
            step = 2 * Math.cos(angle)
            (last, before) = (0, -Math.sin(angle))
        }

        mutating func next() -> Double {
            defer { (last, before) = (step * last - before, last) }
            return last
        }
    }
}
