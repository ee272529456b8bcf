import Foundation

/// A form or a query, read and written by the rules of HTML's URL-encoded forms.
struct FormText: Equatable, Sendable {
    struct Field: Equatable, Sendable {
        let name: String
        let value: String
    }

    var fields: [Field] = []

    init(_ fields: KeyValuePairs<String, String?>) {
        self.fields = fields.compactMap { name, value in value.map { Field(name: name, value: $0) } }
    }

    /// `nil` for a bad escape and for what is not UTF-8.
    init?(reading text: String) {
        for piece in text.components(separatedBy: "&") where !piece.isEmpty {
            let equals = piece.firstIndex(of: "=") ?? piece.endIndex
            guard let name = Self.decode(piece[..<equals]), let value = Self.decode(piece[equals...].dropFirst()) else {
                return nil
            }
            fields.append(Field(name: name, value: value))
        }
    }

    /// All of this name.
    subscript(name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    func first(_ name: String) -> String? { self[name].first }

    var text: String { fields.map { Self.encode($0.name) + "=" + Self.encode($0.value) }.joined(separator: "&") }

    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._ ")

    private static func encode(_ text: String) -> String {
        (text.addingPercentEncoding(withAllowedCharacters: plain) ?? "").replacingOccurrences(of: " ", with: "+")
    }

    private static func decode(_ text: Substring) -> String? {
        text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
    }
}
