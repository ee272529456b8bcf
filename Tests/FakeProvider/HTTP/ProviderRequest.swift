import Foundation
import NIOHTTP1

/// A whole request, as it came.
struct ProviderRequest: Sendable {
    let method: String
    /// Path and query.
    let target: String
    let headers: HTTPHeaders
    let body: [UInt8]
    let isKeepAlive: Bool
    /// Head and body on the wire.
    let raw: [UInt8]
    let connection: Int
    let arrivedNanoseconds: UInt64
    let arrivedAt: Int64

    var path: String { String(target.prefix { $0 != "?" }) }
    var query: String { String(target.drop { $0 != "?" }.dropFirst()) }

    /// The value of the only header of this name.
    func header(_ name: String) -> String? {
        let values = headers[name]
        return values.count == 1 ? values[0] : nil
    }

    func has(_ name: String) -> Bool { headers.contains(name: name) }

    /// The media type in lowercase, without parameters.
    var mediaType: String {
        (header("Content-Type") ?? "").prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    }

    /// The body as a JSON object.
    var object: [String: Any]? {
        try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
    }

    func isBasic(_ user: String, _ password: String) -> Bool {
        header("Authorization") == "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }
}

/// An answer, before it is written.
struct Reply: Equatable, Sendable {
    struct Header: Equatable, Sendable {
        let name: String
        let value: String
    }

    let status: Int
    var headers: [Header]
    let body: [UInt8]

    init(status: Int, type: String, body: [UInt8]) {
        self.status = status
        headers = [Header(name: "Content-Type", value: type)]
        self.body = body
    }

    init(status: Int, _ object: [String: Any]) {
        self.init(status: status, type: "application/json", body: JSON.bytes(object))
    }
}

enum JSON {
    /// Fields in the order of their names. Empty for what is no JSON.
    static func bytes(_ object: [String: Any]) -> [UInt8] {
        guard JSONSerialization.isValidJSONObject(object) else { return [] }
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { Array($0) } ?? []
    }
}
