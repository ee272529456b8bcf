/// The names and values of a form or a query, in their order.
package struct FormFields: Equatable, Sendable {
    struct Field: Equatable, Sendable {
        let name: String
        let value: String
    }

    /// More are not a provider's.
    static let maxCount = 256

    let fields: [Field]

    /// A value that is `nil` has no field.
    package init(_ fields: KeyValuePairs<String, String?>) {
        self.fields = fields.compactMap { name, value in value.map { Field(name: name, value: $0) } }
    }

    /// - Returns: `nil` for too many fields, a bad escape and what is not UTF-8. Empty pieces (`a=1&&b=2`) are none.
    init?(reading text: some Collection<UInt8>) {
        var fields: [Field] = []
        for piece in text.split(separator: UInt8(ascii: "&")) {
            guard fields.count < Self.maxCount else { return nil }
            let parts = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0]),
                let value = parts.count > 1 ? PercentCoding.decode(parts[1]) : ""
            else { return nil }
            fields.append(Field(name: name, value: value))
        }
        self.fields = fields
    }

    /// The first of this name that is not empty.
    subscript(name: String) -> String? { fields.first { $0.name == name && !$0.value.isEmpty }?.value }

    func contains(_ name: String) -> Bool { fields.contains { $0.name == name } }

    package var formText: String {
        fields.map {
            PercentCoding.encode($0.name, isForm: true) + "=" + PercentCoding.encode($0.value, isForm: true)
        }.joined(separator: "&")
    }

    var queryText: String {
        fields.map { PercentCoding.encode($0.name) + "=" + PercentCoding.encode($0.value) }.joined(separator: "&")
    }
}

extension FormFields: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(fields.count) fields" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
