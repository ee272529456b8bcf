/// One header. Its value is never printed: it may be a credential.
public struct HTTPHeader: Equatable, Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A request to a provider, ready for the wire: whoever carries it adds `Host` and `Content-Length` and nothing else.
///
/// Printing one shows method, host and size, never a header's value, the query or the body.
public struct HTTPCall: Equatable, Sendable {
    public let method: String
    /// Absolute, percent-encoded.
    public let url: String
    /// In the order of sending.
    public let headers: [HTTPHeader]
    public let body: [UInt8]

    public init(method: String, url: String, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What came back. Bodies beyond `maxBytes` are not read: such an answer says only its status.
public struct HTTPAnswer: Equatable, Sendable {
    public static let maxBytes = 1 << 20

    public let status: Int
    public let headers: [HTTPHeader]
    public let body: [UInt8]

    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Seconds of `Retry-After`, at most an hour; `nil` where there is none, or where it is a date or no number.
    var retryAfter: Int? {
        guard let text = headers.value(of: "Retry-After"), (1...9).contains(text.utf8.count),
            text.utf8.allSatisfy(\.isDigit), let seconds = Int(text)
        else { return nil }
        return min(seconds, Self.maxRetryAfter)
    }

    private static let maxRetryAfter = 3_600
}

extension [HTTPHeader] {
    /// The value of the only header of this name, in whatever case; `nil` where it is missing or comes twice.
    func value(of name: String) -> String? {
        let wanted = name.lowercased()
        let found = filter { $0.name.lowercased() == wanted }
        return found.count == 1 ? found.first?.value : nil
    }
}

extension HTTPHeader: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(name): ***" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPCall: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        // A path may name an account, a query a telephone number.
        let host = url.split(separator: "/", maxSplits: 2).dropFirst().first ?? ""
        return "\(method) \(host.split(separator: "@").last ?? "") (\(body.count) bytes)"
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPAnswer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(status) (\(body.count) bytes)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
