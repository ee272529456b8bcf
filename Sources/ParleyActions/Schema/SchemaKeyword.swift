/// The words of JSON Schema 2020-12 that are understood. Any other is refused: a rule that is silently left out would
/// let through what its author thought was shut.
enum SchemaKeyword: String, CaseIterable, Sendable {
    case type, title, description, examples, const
    case `default`, `enum`
    case pattern, minLength, maxLength, format
    case minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
    case items, minItems, maxItems, uniqueItems
    case properties, required, additionalProperties

    /// The types that the keyword says something about; empty: all.
    var constrains: [SchemaType] {
        switch self {
        case .type, .title, .description, .examples, .const, .default, .enum: []
        case .pattern, .minLength, .maxLength, .format: [.string]
        case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum, .multipleOf: [.number, .integer]
        case .items, .minItems, .maxItems, .uniqueItems: [.array]
        case .properties, .required, .additionalProperties: [.object]
        }
    }

    /// What to do about a keyword that is not understood.
    static func mend(for name: String) -> String {
        let instead =
            switch name {
            case "nullable": "add \"null\" to the list in type"
            case "$ref", "$dynamicRef", "$defs", "definitions": "write the schema out in its place"
            case "oneOf", "anyOf", "allOf", "not", "if", "then", "else":
                "use a list of types, an enum, or a tool for each case"
            case "patternProperties", "propertyNames", "unevaluatedProperties":
                "give additionalProperties a schema, or name each property"
            case "prefixItems", "contains", "additionalItems", "unevaluatedItems":
                "give items one schema for every entry"
            case "dependentRequired", "dependentSchemas", "dependencies":
                "put the names into required, or make a tool for each case"
            default: "leave it out"
            }
        return "is not supported: \(instead)"
    }
}
