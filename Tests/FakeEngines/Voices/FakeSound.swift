import Foundation

/// What a fake voice sounds like: a tone for each clause, 60 ms for each character.
public enum FakeSound {
    /// Characters of a clause are counted without the spaces around it.
    public static let millisecondsPerCharacter = 60
    /// Clauses of one server take these pitches in turn, in hertz.
    public static let pitches = [300, 400, 500, 600, 700, 800, 900, 1_000]
    /// About -12 dBFS.
    private static let peak = 8_000.0

    public static func milliseconds(_ text: String) -> Int {
        spoken(text).count * millisecondsPerCharacter
    }

    /// - Parameter clause: of the server, from 0.
    public static func pitch(clause: Int) -> Int { pitches[clause % pitches.count] }

    /// Which of the pitches samples have; `nil` where it is none of them, or there are less than 20 ms.
    public static func pitch(of samples: [Int16], rate: Int) -> Int? {
        guard samples.count * 50 >= rate else { return nil }
        let crossings = zip(samples, samples.dropFirst()).count { ($0 < 0) != ($1 < 0) }
        let hertz = Double(crossings) / 2 * Double(rate) / Double(samples.count)
        return pitches.first { abs(Double($0) - hertz) < 40 }
    }

    static func spoken(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    /// - Parameter range: of samples, from the clause's start.
    static func tone(clause: Int, rate: Int, _ range: Range<Int>) -> [Int16] {
        let step = 2 * Double.pi * Double(pitch(clause: clause)) / Double(rate)
        return range.map { Int16(sin(Double($0) * step) * peak) }
    }

    /// As loud as can be.
    static func noise(_ range: Range<Int>) -> [Int16] {
        range.map { place in
            let mixed = UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15
            return (mixed ^ mixed >> 29) & 1 == 0 ? .max : .min
        }
    }
}
