/// Whether the parameters of a tool are a JSON Schema that models take.
enum ChatSchema {
    private static let types = ["string", "number", "integer", "boolean", "object", "array", "null"]

    /// - Parameter isStrict: the vendor's strict mode demands more.
    static func problems(_ schema: FakeJSON, isStrict: Bool) -> [String] {
        guard let fields = schema.object else { return ["parameters is no object"] }
        guard fields["type"] == "object" else { return ["schema must be of type 'object'"] }
        return object(fields, isStrict)
    }

    private static func object(_ fields: [String: FakeJSON], _ isStrict: Bool) -> [String] {
        guard let properties = fields["properties"]?.object else { return ["object schema misses properties"] }
        var problems: [String] = []
        var required: [String] = []
        if let list = fields["required"] {
            required = list.array?.compactMap(\.string) ?? []
            if required.count != list.array?.count { problems.append("required is no list of names") }
        }
        for name in required where properties[name] == nil { problems.append("required \(name) is no property") }
        if let more = fields["additionalProperties"], more.bool == nil, more.object == nil {
            problems.append("additionalProperties is neither a boolean nor a schema")
        }
        if isStrict, fields["additionalProperties"] != false || required.count != properties.count {
            problems.append("strict: additionalProperties must be false and every property required")
        }
        for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
            problems += value(property, isStrict).map { "\(name): \($0)" }
        }
        return problems
    }

    private static func value(_ schema: FakeJSON, _ isStrict: Bool) -> [String] {
        guard let fields = schema.object else { return ["a schema is no object"] }
        let names = fields["type"]?.string.map { [$0] } ?? fields["type"]?.array?.compactMap(\.string) ?? []
        if fields["type"] == nil {
            let hasOther = ["enum", "const", "anyOf", "oneOf", "allOf", "$ref"].contains { fields[$0] != nil }
            return hasOther || fields.isEmpty ? [] : ["a schema has no type"]
        }
        guard !names.isEmpty, names.allSatisfy(types.contains) else { return ["a type that is none"] }
        if let list = fields["enum"], list.array?.isEmpty != false { return ["enum is empty, or no list"] }
        if names.contains("array") {
            guard let items = fields["items"] else { return ["array schema misses items"] }
            return value(items, isStrict)
        }
        return names == ["object"] ? object(fields, isStrict) : []
    }
}
