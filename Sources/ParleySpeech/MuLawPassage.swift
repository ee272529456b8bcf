import ParleyCore

/// Cuts mu-law that came from a voice into the frames of a mu-law leg, octet for octet.
///
/// The last 5 ms wait for what follows: where that is too loud, the limiter needs them to glide down.
struct MuLawPassage {
    private static let frameBytes = LegFormat.telephone.samplesPerFrame
    private static let heldBytes = 40

    private var octets: [UInt8] = []

    /// - Parameter ceiling: the largest magnitude that may pass.
    static func isLoud(_ octets: [UInt8], ceiling: Int16) -> Bool {
        octets.contains { MuLaw.decode($0).magnitude > ceiling.magnitude }
    }

    /// - Returns: the frames that are whole by now, but for what is held; may be empty.
    mutating func take(_ more: [UInt8]) -> [UInt8] {
        octets += more
        let whole = max(0, octets.count - Self.heldBytes) / Self.frameBytes * Self.frameBytes
        let frames = Array(octets[..<whole])
        octets.removeFirst(whole)
        return frames
    }

    /// The clause has ended.
    ///
    /// - Returns: the rest as whole frames, filled up with silence; empty where nothing waits.
    mutating func finish() -> [UInt8] {
        let missing = (Self.frameBytes - octets.count % Self.frameBytes) % Self.frameBytes
        let frames = octets + repeatElement(MuLaw.silence, count: missing)
        octets = []
        return frames
    }

    /// Gives up what waits, as samples.
    mutating func drain() -> [Int16] {
        defer { octets = [] }
        return octets.map { MuLaw.decode($0) }
    }
}
