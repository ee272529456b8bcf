import NIOCore
import ParleyCore
import ParleyWire
import ParleyNetwork

/// A second socket that starts a call that is up already, and waits for what the server says to that.
final class SecondStream: WebSocketClientUser {
    private let messages: [[UInt8]]
    private let ended: (String) -> Void
    private var socket: WebSocketClient?

    /// - Parameters:
    ///   - messages: sent as text, as soon as the socket is open.
    ///   - ended: takes, in words, how it came to its end. Once; on the socket's loop.
    init(_ messages: [[UInt8]], ended: @escaping (String) -> Void) {
        self.messages = messages
        self.ended = ended
    }

    func opened(_ socket: WebSocketClient) {
        self.socket = socket
        for message in messages { socket.send(.text, message) }
    }

    func text(_ message: UnsafeRawBufferPointer) {}
    func binary(_ message: UnsafeRawBufferPointer) {}

    func closed(_ ending: WebSocketEnding) {
        socket = nil
        switch ending {
        case .refused(let why): ended("refused: \(why)")
        case .closed(let code?): ended("closed by the server with \(code)")
        case .closed(nil): ended("closed by the server without a code")
        case .violation(let violation): ended("the server broke RFC 6455: \(violation.reason)")
        case .lost(let what): ended(what)
        case .dropped: ended("dropped")
        }
    }

    /// No connection could be made.
    func failed(_ error: any Error) { ended("no connection: \(error)") }

    /// The call is over: a server that kept this stream is told goodbye.
    func close() { socket?.close(code: 1000) }
}
