import NIOCore
import ParleyNetwork
import ParleyWire

/// Opens the TCP or TLS channel of a call's WebSocket.
enum Dialing {
    /// - Throws: `CallError.connection`, with what to look at.
    static func connect(
        _ url: MediaURL, headers: [(name: String, value: String)] = [], ca: String?, limits: WebSocketReceiver.Limits,
        on loop: any EventLoop, user: @escaping @Sendable () throws -> any WebSocketClientUser
    ) async throws -> any Channel {
        let trust: TLSTrust?
        do throws(TLSTrustFault) {
            trust = try url.isSecure ? TLSTrust(file: ca) : nil
        } catch {
            throw CallError.usage("--ca \(error)")
        }
        let fields = headers.map { Header(name: $0.name, value: $0.value) }
        do throws(DialFault) {
            return try await Dialer.connect(url.address, trust: trust, within: .seconds(10), on: loop) {
                WebSocketClient(
                    url.address, headers: fields.map { ($0.name, $0.value) }, limits: limits, user: try user())
            }
        } catch {
            throw CallError.connection(error.description)
        }
    }

    private struct Header: Sendable {
        var name: String
        var value: String
    }
}
