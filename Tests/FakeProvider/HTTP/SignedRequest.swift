/// A webhook as a provider sends it, signed. Change anything of it, and the signature should not fit any more.
public struct SignedRequest: Equatable, Sendable {
    public struct Header: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public enum Part: Equatable, Sendable {
        case url, body
        case header(String)
    }

    public var method = "POST"
    /// As the provider was given it, without a fragment.
    public var url: String
    public var headers: [Header]
    public var body: [UInt8]

    public init(url: String, headers: [Header], body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// How many bits a part has; 0 for a header that is not there.
    public func bits(of part: Part) -> Int {
        switch part {
        case .url: url.utf8.count * 8
        case .body: body.count * 8
        case .header(let name): (headers.first { $0.name == name }?.value.utf8.count ?? 0) * 8
        }
    }

    /// - Returns: `nil` for a bit that is not there, and where a URL or a header would not be printable ASCII any more and
    ///   so could not be sent.
    public func flipping(bit: Int, of part: Part) -> SignedRequest? {
        guard bit >= 0, bit < bits(of: part) else { return nil }
        var copy = self
        switch part {
        case .body: copy.body[bit / 8] ^= 1 << UInt8(bit % 8)
        case .url:
            guard let text = Self.flipped(url, bit) else { return nil }
            copy.url = text
        case .header(let name):
            guard let index = headers.firstIndex(where: { $0.name == name }),
                let text = Self.flipped(headers[index].value, bit)
            else { return nil }
            copy.headers[index].value = text
        }
        return copy
    }

    private static func flipped(_ text: String, _ bit: Int) -> String? {
        var bytes = Array(text.utf8)
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What came back for a webhook.
public struct WebhookAnswer: Equatable, Sendable {
    public let status: Int
    /// `Content-Type`, as it came.
    public let type: String?
    public let body: [UInt8]
}
