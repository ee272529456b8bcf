/// Reads one schema from a JSON value, by descent; the depth limit bounds the stack.
struct SchemaReader {
    /// Steps of all patterns so far.
    private var patternSteps = 0

    mutating func read(_ json: JSON, at pointer: JSONPointer, depth: Int) throws(SchemaFault) -> JSONSchema {
        guard depth <= JSONSchema.maxDepth else {
            throw SchemaFault(pointer.text, "must not be nested deeper than \(JSONSchema.maxDepth) schemas")
        }
        guard case .object(let members) = json else { throw SchemaFault(pointer.text, "must be a schema: an object") }
        let fields = try SchemaFields(members, at: pointer)
        let types = try fields.types()
        try fields.refuseIdleKeywords(for: types)
        for keyword in [SchemaKeyword.title, .description] { _ = try fields.text(keyword) }
        _ = try fields.list(.examples)
        let text = try TextRule(fields)
        patternSteps += text.pattern?.size ?? 0
        guard patternSteps <= JSONSchema.maxPatternSteps else {
            throw fields.fault(.pattern, "must be simpler: the schema's patterns are too much together")
        }
        let list = try ListRule(fields, depth: depth, reader: &self)
        let object = try ObjectRule(fields, types: types, depth: depth, reader: &self)
        var schema = JSONSchema(
            json: .object(shown(members, list: list, object: object)), types: types, choices: try choices(fields),
            number: try NumberRule(fields), text: text, list: list, object: object)
        try refuseUnfitValues(fields, schema)
        if let value = fields[.default] {
            schema.filled = try fitted(value, schema, at: fields.at(.default))
        }
        return schema
    }

    /// The schema as it is meant: what it leaves to the default of `additionalProperties` is written out.
    private func shown(_ members: [String: JSON], list: ListRule, object: ObjectRule) -> [String: JSON] {
        var shown = members
        if case .each(let schema) = list.entries { shown["items"] = schema.json }
        if members["properties"] != nil { shown["properties"] = .object(object.properties.mapValues(\.json)) }
        switch object.others {
        case .refused: shown["additionalProperties"] = .boolean(false)
        case .each(let schema): shown["additionalProperties"] = schema.json
        case .any: break
        }
        return shown
    }

    /// `const` and `enum` together leave the one value of `const`.
    private func choices(_ fields: SchemaFields) throws(SchemaFault) -> ValueChoices? {
        let values = try fields.list(.enum)
        if let values, !(1...JSONSchema.maxChoices).contains(values.count) {
            throw fields.fault(.enum, "must have 1 to \(JSONSchema.maxChoices) values")
        }
        guard let constant = fields[.const] else { return values.map(ValueChoices.init(enum:)) }
        guard values.map({ ValueChoices(enum: $0).contains(constant) }) ?? true else {
            throw fields.fault(.const, "must be one of enum")
        }
        return ValueChoices(const: constant)
    }

    private func refuseUnfitValues(_ fields: SchemaFields, _ schema: JSONSchema) throws(SchemaFault) {
        var open = schema
        open.choices = nil
        for (index, value) in (try fields.list(.enum) ?? []).enumerated() {
            _ = try fitted(value, open, at: fields.at(.enum).appending(String(index)))
        }
        if let constant = fields[.const] { _ = try fitted(constant, open, at: fields.at(.const)) }
    }

    private func fitted(
        _ value: JSON, _ schema: JSONSchema, at pointer: JSONPointer
    ) throws(SchemaFault) -> JSON {
        var check = SchemaCheck()
        do throws(SchemaFault) {
            return try check.check(value, against: schema, at: "")
        } catch {
            throw SchemaFault(pointer.text, "does not fit its own schema: \(error.text)")
        }
    }
}
