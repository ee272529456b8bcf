/// The opening handshake (RFC 6455 section 4), both ends of it, over header lists that an HTTP codec has read.
public enum WebSocketHandshake {
    /// One header field, as it came. Names are compared without regard to case.
    public typealias Header = (name: String, value: String)

    /// A request that may become a WebSocket.
    public struct Request: Equatable, Sendable {
        /// The value for `Sec-WebSocket-Accept`.
        public var accept: String
        /// The subprotocols that the client offers, in its order of preference.
        public var protocols: [String]
    }

    /// Why a request does not become a WebSocket, and the answer it gets.
    public enum Refusal: Error, Equatable, Sendable {
        case httpVersion
        case unknownPath
        case method
        /// A header is missing, repeated or wrong; its name.
        case badHeader(String)
        case webSocketVersion

        /// The HTTP status of the answer.
        public var status: Int {
            switch self {
            case .httpVersion: 505
            case .unknownPath: 404
            case .method: 405
            case .badHeader: 400
            case .webSocketVersion: 426
            }
        }

        /// The headers that this status asks for.
        public var headers: [Header] {
            switch self {
            case .method: [("Allow", "GET")]
            case .webSocketVersion: [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
            default: []
            }
        }

        /// One line for the body of the answer: what is wrong, and what would be right.
        public var reason: String {
            switch self {
            case .httpVersion: "WebSocket needs HTTP/1.1"
            case .unknownPath: "no WebSocket is served at this path"
            case .method: "a WebSocket is opened with GET"
            case .badHeader(let name): "header \(name) is missing, repeated or wrong"
            case .webSocketVersion: "only Sec-WebSocket-Version 13 is spoken here"
            }
        }
    }

    /// Checks a client's request.
    ///
    /// - Parameter isServed: whether there is a WebSocket at the request's path.
    /// - Returns: what the answer (101, `Upgrade: websocket`, `Connection: Upgrade`) needs.
    public static func validate(
        method: String, version: (major: Int, minor: Int), headers: [Header], isServed: Bool = true
    ) throws(Refusal) -> Request {
        guard version.major == 1, version.minor >= 1 else { throw .httpVersion }
        guard isServed else { throw .unknownPath }
        guard method == "GET" else { throw .method }
        guard let host = single("Host", in: headers), !host.isEmpty else { throw .badHeader("Host") }
        guard tokens("Upgrade", in: headers).contains("websocket") else { throw .badHeader("Upgrade") }
        guard tokens("Connection", in: headers).contains("upgrade") else { throw .badHeader("Connection") }
        guard single("Sec-WebSocket-Version", in: headers) == "13" else { throw .webSocketVersion }
        guard let key = single("Sec-WebSocket-Key", in: headers), isKey(key) else {
            throw .badHeader("Sec-WebSocket-Key")
        }
        return Request(accept: accept(for: key), protocols: list("Sec-WebSocket-Protocol", in: headers))
    }

    /// Why a server's answer does not open a WebSocket.
    public enum Failure: Error, Equatable, Sendable {
        /// Not 101: the status it was.
        case status(Int)
        /// A header is missing or wrong, or names what was not offered; its name.
        case badHeader(String)
    }

    /// Checks a server's answer to a request that carried `key`.
    ///
    /// - Parameter offered: the subprotocols that the request offered.
    /// - Returns: the subprotocol that the server chose, if any.
    public static func checkResponse(
        status: Int, headers: [Header], key: String, offered: [String] = []
    ) throws(Failure) -> String? {
        guard status == 101 else { throw .status(status) }
        guard tokens("Upgrade", in: headers) == ["websocket"] else { throw .badHeader("Upgrade") }
        guard tokens("Connection", in: headers).contains("upgrade") else { throw .badHeader("Connection") }
        guard single("Sec-WebSocket-Accept", in: headers) == accept(for: key) else {
            throw .badHeader("Sec-WebSocket-Accept")
        }
        // We never offer an extension, so that none may be agreed (section 4.1, step 5).
        guard list("Sec-WebSocket-Extensions", in: headers).isEmpty else {
            throw .badHeader("Sec-WebSocket-Extensions")
        }
        let chosen = list("Sec-WebSocket-Protocol", in: headers)
        guard chosen.count <= 1, chosen.allSatisfy(offered.contains) else { throw .badHeader("Sec-WebSocket-Protocol") }
        return chosen.first
    }

    /// The value of `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key` (section 4.2.2).
    public static func accept(for key: String) -> String {
        base64(SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    /// A `Sec-WebSocket-Key` from 16 random bytes.
    public static func key(_ high: UInt64, _ low: UInt64) -> String {
        base64([high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } })
    }

    // MARK: Headers

    private static func base64(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        Base64.append(bytes.span, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private static func isKey(_ key: String) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 18)
        let text = Array(key.utf8)
        guard text.count == 24 else { return false }
        return text.withUnsafeBytes { text in bytes.withUnsafeMutableBytes { Base64.decode(text, into: $0) } } == 16
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.lowercased() == right.lowercased()
    }

    /// The value of a header that must come exactly once.
    private static func single(_ name: String, in headers: [Header]) -> String? {
        var found: String?
        for header in headers where isSame(header.name, name) {
            guard found == nil else { return nil }
            found = String(trimmed(header.value[...]))
        }
        return found
    }

    private static func list(_ name: String, in headers: [Header]) -> [String] {
        headers.filter { isSame($0.name, name) }
            .flatMap { $0.value.split(separator: ",").map { String(trimmed($0)) } }
            .filter { !$0.isEmpty }
    }

    private static func tokens(_ name: String, in headers: [Header]) -> [String] {
        list(name, in: headers).map { $0.lowercased() }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
