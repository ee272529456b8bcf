/// `properties`, `required` and `additionalProperties`.
struct ObjectRule: Equatable, Sendable {
    /// What becomes of names that `properties` lacks.
    indirect enum Others: Equatable, Sendable {
        case refused
        case any
        case each(JSONSchema)
    }

    let properties: [String: JSONSchema]
    let required: Set<String>
    let others: Others
    /// Sorted, so that faults come in one order.
    let names: [String]

    init(
        _ fields: SchemaFields, types: [SchemaType], depth: Int, reader: inout SchemaReader
    ) throws(SchemaFault) {
        let members = try fields.object(.properties)
        let names = (members ?? [:]).keys.sorted()
        guard names.count <= JSONSchema.maxProperties else {
            throw fields.fault(.properties, "must have at most \(JSONSchema.maxProperties) names")
        }
        var properties: [String: JSONSchema] = [:]
        for name in names {
            let pointer = fields.at(.properties).appending(name)
            guard Self.isName(name) else {
                throw SchemaFault(pointer.text, "must be named with 1 to 64 of A-Z, a-z, 0-9, _, . and -")
            }
            guard let member = members?[name] else { continue }
            properties[name] = try reader.read(member, at: pointer, depth: depth + 1)
        }
        let required = try fields.names(.required) ?? []
        guard required.allSatisfy({ properties[$0] != nil }) else {
            throw fields.fault(.required, "must name only what properties has")
        }
        switch fields[.additionalProperties] {
        case .boolean(true)?: others = .any
        case .boolean(false)?: others = .refused
        case let schema?:
            others = .each(try reader.read(schema, at: fields.at(.additionalProperties), depth: depth + 1))
        // A schema that says nothing of objects leaves them alone; a tool's parameters are a closed list.
        case nil: others = types.contains(.object) || members != nil ? .refused : .any
        }
        self.names = names
        self.properties = properties
        self.required = Set(required)
    }

    /// The names that the vendors of models take for a parameter.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                switch Unicode.Scalar($0) {
                case "A"..."Z", "a"..."z", "0"..."9", "_", ".", "-": true
                default: false
                }
            }
    }
}
