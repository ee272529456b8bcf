import NIOCore
import ParleyWire

/// What one socket may cost, and how long it may take: reliability.md 2.2.
public struct WebSocketLimits: Sendable {
    public var receiver = WebSocketReceiver.Limits()
    public var outHighWater: Int
    public var outHard: Int
    public var slowPeerTimeout: TimeAmount
    /// nil only for the conformance listener, as with the times below.
    public var controlRate: (perSecond: Int, burst: Int)?
    public var messageRate: (perSecond: Int, burst: Int)?
    public var startTimeout: TimeAmount?
    public var mediaTimeout: TimeAmount?
    public var pingInterval: TimeAmount?
    public var pongTimeout: TimeAmount
    public var closeTimeout: TimeAmount
    public var drainTimeout: TimeAmount

    public init(_ configuration: Configuration) {
        receiver = .init(
            maxFrameBytes: configuration[Keys.maxFrameBytes], maxMessageBytes: configuration[Keys.maxMessageBytes],
            maxFragments: configuration[Keys.maxFragments])
        outHighWater = configuration[Keys.outHighWater]
        outHard = configuration[Keys.outHard]
        slowPeerTimeout = TimeAmount(configuration[Keys.slowPeerTimeout])
        controlRate = (configuration[Keys.controlRate], configuration[Keys.controlBurst])
        messageRate = (configuration[Keys.messageRate], configuration[Keys.messageBurst])
        startTimeout = TimeAmount(configuration[Keys.startTimeout])
        mediaTimeout = TimeAmount(configuration[Keys.mediaTimeout])
        pingInterval = TimeAmount(configuration[Keys.pingInterval])
        pongTimeout = TimeAmount(configuration[Keys.pongTimeout])
        closeTimeout = TimeAmount(configuration[Keys.closeTimeout])
        drainTimeout = TimeAmount(configuration[Keys.drainTimeout])
    }

    /// For the conformance suite: messages of 16 MiB, 65,536 fragments, any rate.
    public static func conformance(_ configuration: Configuration) -> WebSocketLimits {
        var limits = WebSocketLimits(configuration)
        limits.receiver = .init(maxFrameBytes: 17 << 20, maxMessageBytes: 17 << 20, maxFragments: 70_000)
        limits.outHighWater = 32 << 20
        limits.outHard = 64 << 20
        limits.controlRate = nil
        limits.messageRate = nil
        limits.startTimeout = nil
        limits.mediaTimeout = nil
        limits.pingInterval = nil
        limits.drainTimeout = .milliseconds(100)
        return limits
    }
}

/// A token bucket over the event loop's time.
struct RateLimit {
    private let cost: Int64
    private let capacity: Int64
    private var credit: Int64
    private var last: NIODeadline

    init(perSecond: Int, burst: Int, now: NIODeadline) {
        cost = 1_000_000_000 / Int64(perSecond)
        capacity = cost * Int64(burst)
        credit = capacity
        last = now
    }

    /// Counts one; false where it is one too many.
    mutating func take(at now: NIODeadline) -> Bool {
        credit = min(capacity, credit &+ min(capacity, (now - last).nanoseconds))
        last = now
        guard credit >= cost else { return false }
        credit -= cost
        return true
    }
}
