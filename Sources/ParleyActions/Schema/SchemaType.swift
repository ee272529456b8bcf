/// A value's type, as `type` names it.
enum SchemaType: String, CaseIterable, Sendable {
    case string, integer, number, boolean, object, array, null

    /// Follows "must be".
    var words: String {
        switch self {
        case .string: "text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .object: "an object"
        case .array: "a list"
        case .null: "null"
        }
    }

    /// An integer is what has no fraction, however it is spelt: `1.0` is one.
    func fits(_ value: JSON) -> Bool {
        switch (self, value) {
        case (.string, .string), (.number, .number), (.boolean, .boolean), (.object, .object), (.array, .array),
            (.null, .null):
            true
        case (.integer, .number(let number)): number.isWhole
        default: false
        }
    }
}
