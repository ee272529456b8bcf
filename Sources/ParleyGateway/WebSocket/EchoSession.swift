/// Sends back every message: what conformance suites talk to.
final class EchoSession: MediaSession {
    private var socket: (any MediaSocket)?

    func opened(_ socket: any MediaSocket) { self.socket = socket }
    func text(_ message: UnsafeRawBufferPointer) { socket?.sendText(message) }
    func binary(_ message: UnsafeRawBufferPointer) { socket?.sendBinary(message) }
    func closed(_ end: MediaSocketEnd) { socket = nil }
}
