import ParleyCore

/// How much rubbish one peer may send before its call is closed with 1008: a little is a slip, much is an attack.
public struct WireTolerance: Sendable {
    private let maxMalformed: Int
    private let maxBadMedia: Int
    private let window: CallTime
    /// When the last bad media messages came, oldest at `next`; grows to `maxBadMedia` at most.
    private var badMedia: [CallTime] = []
    private var next = 0

    public private(set) var malformedCount = 0
    public private(set) var badMediaCount = 0

    /// - Parameter malformed: the malformed message of a call that closes it.
    /// - Parameter badMedia: the bad media message within `window` that closes the call.
    public init(malformed: Int = 10, badMedia: Int = 50, window: CallTime = .seconds(10)) {
        precondition(malformed > 0 && badMedia > 0, "a limit is at least 1")
        maxMalformed = malformed
        maxBadMedia = badMedia
        self.window = window
    }

    /// Counts one error.
    ///
    /// - Returns: the code to close the socket with, or `nil` where the call goes on.
    public mutating func take(_ error: WireError, at now: CallTime) -> UInt16? {
        switch error.handling {
        case .close(let code): return code
        case .countMalformed:
            malformedCount += 1
            return malformedCount >= maxMalformed ? 1008 : nil
        case .countBadMedia:
            badMediaCount += 1
            if badMedia.count < maxBadMedia {
                badMedia.append(now)
            } else {
                badMedia[next] = now
                next = (next + 1) % maxBadMedia
            }
            guard badMedia.count == maxBadMedia else { return nil }
            return now - badMedia[next] < window ? 1008 : nil
        }
    }
}
