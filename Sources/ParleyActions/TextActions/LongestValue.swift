/// Makes the longest plausible value of a schema: for measuring what it is put into.
struct LongestValue {
    /// What booleans are.
    let flag: Bool
    /// Whether what may be left out is given.
    let hasOptionals: Bool

    /// One of these takes each branch of most templates.
    static let all = [true, false].flatMap { flag in
        [true, false].map { LongestValue(flag: flag, hasOptionals: $0) }
    }

    /// In characters: a text that its schema sets no bound.
    static let unboundedText = 120
    /// Entries of a list without a bound, and most that are made of one with.
    private static let entries = 3
    private static let mostEntries = 20

    func value(of schema: JSONSchema) -> JSON {
        if let choices = Self.choices(of: schema) { return choices }
        switch schema.types.first ?? .string {
        case .string: return .string(schema.longest ?? String(repeating: "W", count: Self.unboundedText))
        case .integer, .number: return Self.number(schema.number)
        case .boolean: return .boolean(flag)
        case .null: return .null
        case .array:
            guard case .each(let entry) = schema.list.entries else { return .array([]) }
            let count = min(schema.list.maxItems ?? max(schema.list.minItems ?? 0, Self.entries), Self.mostEntries)
            return .array(Array(repeating: value(of: entry), count: count))
        case .object:
            let given = schema.object.properties.filter { hasOptionals || schema.object.required.contains($0.key) }
            let defaults = schema.object.properties.compactMapValues(\.filled)
            return .object(given.mapValues(value).merging(defaults) { longest, _ in longest })
        }
    }

    private static func choices(of schema: JSONSchema) -> JSON? {
        if let constant = schema.json["const"] { return constant }
        guard case .array(let values)? = schema.json["enum"] else { return nil }
        return values.max { length($0) < length($1) }
    }

    private static func length(_ value: JSON) -> Int { (value.printed ?? value.canonical).unicodeScalars.count }

    /// The bound with more characters, else ten digits.
    private static func number(_ rule: NumberRule) -> JSON {
        let bounds = [rule.minimum, rule.exclusiveMinimum, rule.maximum, rule.exclusiveMaximum].compactMap { $0 }
        let isBounded = rule.maximum != nil || rule.exclusiveMaximum != nil
        let candidates = isBounded ? bounds : bounds + [JSON.Decimal(9_999_999_999)]
        return .number(candidates.max { $0.plain.count < $1.plain.count } ?? JSON.Decimal(0))
    }
}
