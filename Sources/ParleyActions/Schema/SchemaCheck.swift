/// One check of one value: holds the value against its schema and fills in what was left out.
///
/// Each part of the value meets one schema, so the work grows with the value's size alone.
struct SchemaCheck {
    /// UTF-8 bytes of defaults so far: many short entries could each call for a long one.
    private var filledBytes = 0

    /// - Returns: the value with its defaults.
    mutating func check(_ value: JSON, against schema: JSONSchema, at path: String) throws(SchemaFault) -> JSON {
        // The choices fit the schema's other rules, and say more than a type does.
        if let choices = schema.choices, !choices.contains(value) { throw SchemaFault(path, choices.wants) }
        if !schema.types.isEmpty, !schema.types.contains(where: { $0.fits(value) }) {
            throw SchemaFault(path, "must be " + schema.types.map(\.words).joined(separator: " or "))
        }
        switch value {
        case .null, .boolean: return value
        case .number(let number):
            if let wants = schema.number.fault(in: number) { throw SchemaFault(path, wants) }
            return value
        case .string(let text):
            if let wants = schema.text.fault(in: text) { throw SchemaFault(path, wants) }
            return value
        case .array(let values): return .array(try check(values, against: schema.list, at: path))
        case .object(let members): return .object(try check(members, against: schema.object, at: path))
        }
    }

    private mutating func check(
        _ values: [JSON], against rule: ListRule, at path: String
    ) throws(SchemaFault) -> [JSON] {
        if let wants = rule.fault(in: values) { throw SchemaFault(path, wants) }
        guard case .each(let schema) = rule.entries else { return values }
        var filled: [JSON] = []
        filled.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            filled.append(try check(value, against: schema, at: "\(path)[\(index)]"))
        }
        return filled
    }

    private mutating func check(
        _ members: [String: JSON], against rule: ObjectRule, at path: String
    ) throws(SchemaFault) -> [String: JSON] {
        // Some names look like ours to a dictionary and are other scalars: U+212A for K.
        func isOurs(_ name: String) -> Bool { ObjectRule.isName(name) && rule.properties[name] != nil }
        let given = members.filter { isOurs($0.key) }
        let others = members.filter { !isOurs($0.key) }
        var filled: [String: JSON] = [:]
        for name in rule.names {
            guard let schema = rule.properties[name] else { continue }
            let place = path.isEmpty ? name : "\(path).\(name)"
            if let value = given[name] {
                filled[name] = try check(value, against: schema, at: place)
            } else if let value = schema.filled {
                try count(value, at: place)
                filled[name] = value
            } else if rule.required.contains(name) {
                throw SchemaFault(place, "is missing")
            }
        }
        guard !others.isEmpty else { return filled }
        let schema: JSONSchema?
        switch rule.others {
        // The stray name came from outside and could carry anything: it is not repeated.
        case .refused: throw SchemaFault(place: path, problem: .unknownParameter(takes: rule.names))
        case .any: schema = nil
        case .each(let other): schema = other
        }
        for name in others.keys.sorted() {
            guard let value = others[name] else { continue }
            guard filled[name] == nil else { throw SchemaFault(path, "must have each name in one spelling") }
            guard let schema else {
                filled[name] = value
                continue
            }
            filled[name] = try check(value, against: schema, at: path.isEmpty ? "*" : "\(path).*")
        }
        return filled
    }

    private mutating func count(_ value: JSON, at place: String) throws(SchemaFault) {
        filledBytes += value.canonical.utf8.count
        guard filledBytes <= JSONSchema.maxFilledBytes else {
            throw SchemaFault(place, "must be given: the defaults are more than \(JSONSchema.maxFilledBytes) bytes")
        }
    }
}
