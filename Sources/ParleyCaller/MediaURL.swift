import ParleyNetwork

/// Where a media stream is served: `ws://host[:port]/path` or `wss://...`.
public struct MediaURL: Equatable, Sendable {
    public let address: NetworkAddress
    public var isSecure: Bool { address.isSecure }
    public var host: String { address.host }
    public var port: Int { address.port }

    public init(_ text: String) throws(CallError) {
        do throws(NetworkAddress.Fault) {
            address = try NetworkAddress(text, schemes: [.ws, .wss])
        } catch {
            switch error {
            case .credentials:
                throw .usage("`\(text)` holds a user name; pass credentials as --header 'Authorization: ...'")
            case .malformed:
                throw .usage("`\(text)` is no media URL; write ws://host:port/path or wss://host/path")
            }
        }
    }
}

/// Why no call could be made: the command line, a file, or the connection. One line each, exit code 2.
public enum CallError: Error, Equatable, Sendable, CustomStringConvertible {
    case usage(String)
    case script(CallScriptError)
    case connection(String)

    public var description: String {
        switch self {
        case .usage(let problem), .connection(let problem): problem
        case .script(let error): error.description
        }
    }
}
