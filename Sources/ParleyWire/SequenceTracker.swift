/// Notices, from the counters that a peer puts on its media messages, what got lost, doubled or late on the way.
///
/// Either counter may be missing, and a peer may count wrongly: where the two disagree the timestamps win, and a peer
/// whose counters stand still is believed no longer, so that its caller is heard all the same.
public struct SequenceTracker: Sendable {
    public enum Verdict: Equatable, Sendable {
        case inOrder
        /// Seen already, or too late: drop it.
        case duplicate
        /// So much is missing before it: fill it with silence, to keep the stream's clock true. 1,000 ms at most.
        case gap(milliseconds: Int)
        /// More is missing than is worth filling, or the peer began to count anew (then 0): go on from here.
        case resync(milliseconds: Int)
    }

    /// Beyond this a hole is not filled. (A jump of the sequence by more than 50 frames of 20 ms is the same.)
    public static let longestFill = 1_000
    private static let longestStep = 50
    /// Old messages in a row after which the counters are taken to have restarted.
    private static let window = 5

    /// The sequence counts modulo this; 0 where it does not wrap.
    private let modulus: Int
    private var lastSequence = -1
    private var lastTimestamp = -1
    private var lastLength = 0
    private var stale = 0
    private var isTrusted = true

    /// - Parameter modulus: 65,536 for a 16-bit counter; 0 for one that never wraps.
    public init(modulus: Int = 0) { self.modulus = modulus }

    /// Judges one message of audio.
    ///
    /// - Parameters:
    ///   - sequence: its number among the messages of its track; -1 where unknown.
    ///   - timestamp: the media time at its start, in milliseconds; -1 where unknown.
    ///   - length: how much audio it holds, in milliseconds.
    public mutating func take(sequence: Int, timestamp: Int, length: Int) -> Verdict {
        let step = sequence >= 0 && lastSequence >= 0 ? distance(from: lastSequence, to: sequence) : nil
        // Media time between the end of the last message and the start of this one.
        let late = timestamp >= 0 && lastTimestamp >= 0 ? timestamp &- lastTimestamp &- lastLength : nil
        let isOldByTime = late.map { $0 <= -lastLength } ?? (step.map { $0 <= 0 } ?? false)
        let isOldBySequence = step.map { $0 <= 0 } ?? isOldByTime

        if isOldByTime, isOldBySequence {
            let isFarBack = step.map { $0 < -Self.longestStep } ?? (late.map { $0 < -Self.longestFill } ?? false)
            stale += 1
            guard isFarBack || stale > Self.window || !isTrusted else { return .duplicate }
            let verdict: Verdict = isTrusted ? .resync(milliseconds: 0) : .inOrder
            isTrusted = false
            record(sequence, timestamp, length)
            return verdict
        }

        stale = 0
        isTrusted = true
        let missing = missing(step: step, late: isOldByTime ? nil : late)
        record(sequence, timestamp, length)
        guard missing > 0 else { return .inOrder }
        return missing > Self.longestFill ? .resync(milliseconds: missing) : .gap(milliseconds: missing)
    }

    /// Milliseconds between the last message and this one.
    private func missing(step: Int?, late: Int?) -> Int {
        guard let late else {
            // No time to go by: frames that are not there were as long as the last one.
            guard let step, step > 1 else { return 0 }
            return (step &- 1).multipliedReportingOverflow(by: lastLength).overflow ? .max : (step &- 1) &* lastLength
        }
        // A sender's clock may be a frame off where its count says that nothing is missing.
        let slack = (step ?? 1) > 1 ? 20 : 40
        return late >= slack ? late : 0
    }

    private mutating func record(_ sequence: Int, _ timestamp: Int, _ length: Int) {
        lastSequence = sequence
        lastTimestamp = timestamp
        lastLength = length
    }

    private func distance(from old: Int, to new: Int) -> Int {
        guard modulus > 0 else { return new &- old }
        let forward = ((new &- old) % modulus &+ modulus) % modulus
        return forward > modulus / 2 ? forward &- modulus : forward
    }
}
