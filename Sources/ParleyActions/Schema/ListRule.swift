/// `items` and the rules about how many there are.
struct ListRule: Equatable, Sendable {
    indirect enum Entries: Equatable, Sendable {
        case any
        case each(JSONSchema)
    }

    let entries: Entries
    let minItems: Int?
    let maxItems: Int?
    let uniqueItems: Bool

    init(_ fields: SchemaFields, depth: Int, reader: inout SchemaReader) throws(SchemaFault) {
        minItems = try fields.count(.minItems)
        maxItems = try fields.count(.maxItems)
        if let minItems, let maxItems, minItems > maxItems {
            throw fields.fault(.minItems, "must not be above maxItems")
        }
        uniqueItems = try fields.flag(.uniqueItems) ?? false
        if let items = fields[.items] {
            entries = .each(try reader.read(items, at: fields.at(.items), depth: depth + 1))
        } else {
            entries = .any
        }
    }

    /// What is wanted of the list as a whole instead; `nil`: it fits.
    func fault(in values: [JSON]) -> String? {
        if let minItems, values.count < minItems { return "must have at least \(minItems) entries" }
        if let maxItems, values.count > maxItems { return "must have at most \(maxItems) entries" }
        if uniqueItems, Set(values.map(\.identity)).count < values.count { return "must have each entry only once" }
        return nil
    }
}
