import ParleyCore

/// How what the caller hears comes back on the caller's line: a hybrid's or a loudspeaker's echo, linear, one path.
public struct EchoPath: Equatable, Sendable {
    /// In dB, at most -6.
    public var gain: Double
    /// 20 to 300 ms.
    public var delay: CallTime

    /// - Parameter text: `-20` or `-20:120`, dB and milliseconds; 100 ms where only the gain is given.
    public init(option text: String) throws(CallError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let delay = parts.count == 2 ? Int(parts[1]) : 100
        guard parts.count <= 2, let gain = Double(parts[0]), let delay, (-80...(-6)).contains(gain),
            (20...300).contains(delay)
        else { throw .usage("--echo \(text): write a gain of -80 to -6 dB, and a delay of 20 to 300 ms: -20:120") }
        self.gain = gain
        self.delay = .milliseconds(delay)
    }

    /// - Parameters:
    ///   - frame: what the caller says; the echo is added.
    ///   - heard: all that was heard up to the frame's beginning, from the call's beginning on.
    func add(to frame: inout [Int16], of heard: [Int16], sampleRate: Int) {
        let factor = Math.exp2(gain / 20 * 3.321_928_094_887_362)
        let behind = Int(delay.nanoseconds / 1_000_000) * sampleRate / 1_000
        for index in frame.indices {
            let at = heard.count + index - behind
            guard heard.indices.contains(at) else { continue }
            frame[index] = Int16(clamping: Int(frame[index]) + Int((Double(heard[at]) * factor).rounded()))
        }
    }
}
