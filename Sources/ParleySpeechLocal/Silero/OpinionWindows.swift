/// Cuts one call's 20 ms frames into the 32 ms windows that the model hears, and holds the last half second of them.
///
/// Windows lie end to end from the first frame on, whether they are judged or not. While asleep none is due, but the last
/// few are held: waking begins with them. Pure.
struct OpinionWindows: Sendable {
    /// 32 ms at 8 kHz; the only length that the model takes.
    static let length = 256
    static let frameLength = 160
    /// Windows that can be held whole; one more is being filled.
    static let capacity = 15

    /// Windows before the waking frame that are judged first: 256 ms. Without them the model's first answers are worth less.
    let preRoll: Int
    private(set) var isAwake = false
    /// Windows that were due and were overwritten before anybody took them.
    private(set) var dropped = 0
    /// Windows taken.
    private(set) var taken = 0
    private var samples = [Int16](repeating: 0, count: (OpinionWindows.capacity + 1) * OpinionWindows.length)
    private var heard = 0
    private var next = 0

    init(preRoll: Int = 8) {
        precondition((0...Self.capacity).contains(preRoll), "the pre-roll is held")
        self.preRoll = preRoll
    }

    /// Windows that wait to be judged.
    var due: Int { isAwake ? heard / Self.length - next : 0 }

    /// - Parameter frame: 160 samples at 8 kHz.
    mutating func append(_ frame: Span<Int16>) {
        precondition(frame.count == Self.frameLength, "frames are 20 ms at 8 kHz")
        let start = heard % samples.count
        let first = min(Self.frameLength, samples.count - start)
        for index in 0..<first { samples[start + index] = frame[index] }
        for index in first..<Self.frameLength { samples[index - first] = frame[index] }
        heard += Self.frameLength
        let oldest = heard / Self.length - (isAwake ? Self.capacity : preRoll)
        guard oldest > next else { return }
        if isAwake { dropped += oldest - next }
        next = oldest
    }

    mutating func wake() { isAwake = true }

    /// What is due is dropped without being counted: nobody wants it any more.
    mutating func sleep() {
        isAwake = false
        next = max(next, heard / Self.length - preRoll)
    }

    /// Fills `window` with the oldest window that is due, in -1...1.
    ///
    /// - Returns: the number of the frame, from 0, in which the window's last sample lies; `nil` while none is due.
    mutating func take(into window: UnsafeMutablePointer<Float>) -> Int? {
        guard due > 0 else { return nil }
        let start = next * Self.length % samples.count
        for index in 0..<Self.length { window[index] = Float(samples[start + index]) * (1 / 32_768) }
        next += 1
        taken += 1
        return (next * Self.length - 1) / Self.frameLength
    }
}
