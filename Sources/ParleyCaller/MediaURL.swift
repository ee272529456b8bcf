/// Where a media stream is served: `ws://host[:port]/path` or `wss://...`.
public struct MediaURL: Equatable, Sendable {
    public var isSecure: Bool
    public var host: String
    public var port: Int
    /// Path and query, as sent.
    public var target: String

    public init(_ text: String) throws(CallError) {
        let rest: Substring
        if text.hasPrefix("ws://") {
            isSecure = false
            rest = text.dropFirst(5)
        } else if text.hasPrefix("wss://") {
            isSecure = true
            rest = text.dropFirst(6)
        } else {
            throw .usage("`\(text)` is no media URL; write ws://host:port/path or wss://host/path")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = String(rest.dropFirst(authority.count).prefix { $0 != "#" })
        target = tail.hasPrefix("/") ? tail : "/" + tail
        guard !authority.contains("@") else {
            throw .usage("`\(text)` holds a user name; pass credentials as --header 'Authorization: ...'")
        }
        var name = authority
        var number = isSecure ? 443 : 80
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            name = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            if !after.isEmpty { number = after.first == ":" ? Int(after.dropFirst()) ?? -1 : -1 }
        } else if let colon = authority.lastIndex(of: ":") {
            name = authority[..<colon]
            number = Int(authority[authority.index(after: colon)...]) ?? -1
        }
        guard !name.isEmpty, (1...65_535).contains(number), target.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .usage("`\(text)` is no media URL; write ws://host:port/path or wss://host/path")
        }
        host = String(name)
        port = number
    }

    /// The value of the `Host` header.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
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
