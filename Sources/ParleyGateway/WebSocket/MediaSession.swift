import NIOCore
import ParleyCore

/// What runs on one media socket: a call, or an echo. Lives on the socket's event loop; every method is called there,
/// none may block or suspend.
public protocol MediaSession: AnyObject {
    /// The socket is open. The first call. Keep the socket until `closed`; the two hold each other until then.
    func opened(_ socket: any MediaSocket)
    /// A whole text message, UTF-8, lent for the length of the call.
    func text(_ message: UnsafeRawBufferPointer)
    /// A whole binary message, lent for the length of the call.
    func binary(_ message: UnsafeRawBufferPointer)
    /// All messages of one read have been handed over; what is sent by the end of this call leaves in one write.
    func readCompleted()
    /// The deadline given with `setAlarm` has passed. It is then no longer set.
    func alarm()
    /// The peer does not keep up (false), or does again (true): produce no audio while it is false.
    func writabilityChanged(_ isWritable: Bool)
    /// The gateway is to stop. Go on until the call is over, then close; at `deadline` the socket is closed with 1001.
    func drain(until deadline: NIODeadline)
    /// The last call, made exactly once whatever happens. Nothing can be sent any more.
    func closed(_ end: MediaSocketEnd)
}

extension MediaSession {
    public func readCompleted() {}
    public func alarm() {}
    public func writabilityChanged(_ isWritable: Bool) {}
    public func drain(until deadline: NIODeadline) {}
}

/// The server's end of one WebSocket, as its session sees it. Only to be used on its event loop.
public protocol MediaSocket: AnyObject {
    var eventLoop: any EventLoop { get }
    /// The event loop's time; while a read is handed over, the time of that read.
    var now: NIODeadline { get }
    var isWritable: Bool { get }

    func sendText(_ message: UnsafeRawBufferPointer)
    func sendBinary(_ message: UnsafeRawBufferPointer)
    /// Appends whole, unmasked frames to what is to be sent, with `WebSocketFrame`: no copy, no allocation.
    func send(_ write: (inout [UInt8]) -> Void)
    /// Sends what was appended now; else it leaves when the read has been handed over, or the alarm has been handled.
    func flush()
    /// Says goodbye. `closed` follows when the peer has answered or its time is up; messages no longer arrive.
    func close(code: UInt16, reason: String)
    /// The one alarm of this session; nil takes it back.
    func setAlarm(at deadline: NIODeadline?)
    /// The start message came and its sender is who it claims to be: ends `ws.start_timeout`.
    func admitted()
    /// Counts a message that is control in the provider's dialect (a mark, a clear) towards `ws.control_rate`.
    func countControl()
}

extension MediaSocket {
    public func sendText(_ text: String) {
        var text = text
        text.withUTF8 { sendText(UnsafeRawBufferPointer($0)) }
    }
}

/// How a media socket ended. The first reason wins.
public enum MediaSocketEnd: Equatable, Sendable {
    /// The peer's close frame came; nil where it held no code.
    case peerClosed(code: UInt16?)
    /// TCP ended without a close frame, or a ping was never answered.
    case peerLost
    /// `MediaSocket.close` was called.
    case closed(code: UInt16)
    /// The peer broke RFC 6455 or one of our limits; the code we closed with.
    case violation(code: UInt16)
    case startTimeout
    case mediaTimeout
    case slowPeer
    /// The time for draining is over.
    case shutdown

    /// What the record of the call says, unless the call itself knew better first.
    public var endReason: EndReason {
        switch self {
        case .peerClosed: .callerHungUp
        case .peerLost: .peerLost
        case .closed: .agentEnded
        case .violation, .startTimeout: .protocolError
        case .mediaTimeout: .mediaTimeout
        case .slowPeer: .slowPeer
        case .shutdown: .shutdown
        }
    }
}
