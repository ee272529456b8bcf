/// One of the caller's turns, counted from 1 within a call.
public struct TurnID: Hashable, Comparable, Sendable {
    public var number: UInt32
    public init(_ number: UInt32) { self.number = number }
    public static func < (left: TurnID, right: TurnID) -> Bool { left.number < right.number }
}

/// One reply of the agent: carried by its request, its text, its audio, its marks and its actions.
///
/// Whatever arrives with an older generation than the call's current one is late, and dropped.
public struct Generation: Hashable, Comparable, Sendable {
    public var number: UInt32
    public init(_ number: UInt32) { self.number = number }
    public static func < (left: Generation, right: Generation) -> Bool { left.number < right.number }
}

/// A point in the playout that the provider reports when the caller has heard everything before it.
///
/// Its wire name is `u<generation>-<index>`: unique within a call, so that a late echo is harmless.
public struct Mark: Hashable, Sendable {
    public var generation: Generation
    public var index: UInt32

    public init(generation: Generation, index: UInt32) {
        self.generation = generation
        self.index = index
    }
}

/// A key of the telephone (RFC 4733 section 3.2, events 0-15).
public enum Digit: UInt8, Sendable, CaseIterable {
    case zero = 0x30, one, two, three, four, five, six, seven, eight, nine
    case star = 0x2A
    case pound = 0x23
    case a = 0x41, b, c, d

    /// The key as it is written: `0`-`9`, `*`, `#`, `A`-`D`.
    public var character: Character { Character(UnicodeScalar(rawValue)) }
}

/// Why a call ended. The first reason given wins.
public enum EndReason: String, Sendable, CaseIterable {
    case callerHungUp = "caller_hung_up"
    case agentEnded = "agent_ended"
    case transferred
    case noSpeech = "no_speech"
    case engineFailed = "engine_failed"
    case mediaTimeout = "media_timeout"
    case slowPeer = "slow_peer"
    case peerLost = "peer_lost"
    case protocolError = "protocol_error"
    case shutdown
    case processLost = "process_lost"
}
