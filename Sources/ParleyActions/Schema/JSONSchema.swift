/// What a value must be: the part of JSON Schema (2020-12) that an agent's tools use.
///
/// Closed where the specification is open: an unknown keyword is refused, a parameter that `properties` does not name
/// is refused unless `additionalProperties` says otherwise, `format` is asserted, and a missing parameter takes its
/// `default`. Numbers are compared as decimals, texts by their scalars.
public struct JSONSchema: Sendable, Equatable {
    /// Largest schema, in UTF-8 bytes of its canonical spelling.
    public static let maxBytes = 32 * 1_024
    /// Deepest nesting of schemas; the outermost counts 1.
    public static let maxDepth = 16
    /// Most properties of one object.
    public static let maxProperties = 64
    /// Most values of one `enum`.
    public static let maxChoices = 256
    /// Most steps of all patterns together: a schema's memory.
    public static let maxPatternSteps = 16_384
    /// Deepest nesting of arrays and objects in a value, and in a schema's own JSON.
    public static let maxValueDepth = 64
    /// Most that defaults may add to one value, in UTF-8 bytes.
    public static let maxFilledBytes = 32 * 1_024

    /// The schema as a model is shown it, with `additionalProperties` written out where the default closes an object.
    public let json: JSON
    /// Empty: any type.
    let types: [SchemaType]
    var choices: ValueChoices?
    let number: NumberRule
    let text: TextRule
    let list: ListRule
    let object: ObjectRule
    /// `default`, with the defaults inside it.
    var filled: JSON?

    /// - Throws: where the schema has a keyword that is not understood or used wrongly, contradicts itself, or is too
    ///   large: the keyword's JSON Pointer and what to do about it.
    public init(_ schema: JSON) throws(SchemaFault) {
        guard !schema.isNested(deeperThan: Self.maxValueDepth) else {
            throw SchemaFault("", "must not be nested deeper than \(Self.maxValueDepth) levels")
        }
        try Self.refuseLarge(schema)
        var reader = SchemaReader()
        self = try reader.read(schema, at: JSONPointer(), depth: 1)
        try Self.refuseLarge(json)
    }

    init(
        json: JSON, types: [SchemaType], choices: ValueChoices?, number: NumberRule, text: TextRule, list: ListRule,
        object: ObjectRule
    ) {
        self.json = json
        self.types = types
        self.choices = choices
        self.number = number
        self.text = text
        self.list = list
        self.object = object
    }

    /// Holds a value against the schema.
    ///
    /// - Returns: the value with its defaults, also inside of what was given; or the first fault, with the value's path.
    public func check(_ value: JSON) -> Result<JSON, SchemaFault> {
        guard !value.isNested(deeperThan: Self.maxValueDepth) else {
            return .failure(SchemaFault("", "must not be nested deeper than \(Self.maxValueDepth) levels"))
        }
        var check = SchemaCheck()
        do throws(SchemaFault) {
            return .success(try check.check(value, against: self, at: ""))
        } catch {
            return .failure(error)
        }
    }

    /// The outermost object's names, sorted; empty where the schema is of something else.
    public var properties: [String] { object.names }

    /// The schema of one of `properties`.
    public func property(_ name: String) -> JSONSchema? { object.properties[name] }

    /// The schema with one more parameter.
    ///
    /// - Throws: as `init`, and where the name is taken or the schema is not of an object.
    public func adding(_ name: String, _ schema: JSON, isRequired: Bool) throws(SchemaFault) -> JSONSchema {
        guard types.contains(.object), case .object(var members) = json else {
            throw SchemaFault("/type", "must be object, for a parameter to be added")
        }
        guard object.properties[name] == nil else {
            throw SchemaFault(
                JSONPointer().appending("properties").appending(name).text,
                "must be named otherwise: a parameter of that name is added by itself")
        }
        var properties = object.properties.mapValues(\.json)
        properties[name] = schema
        members["properties"] = .object(properties)
        if isRequired {
            members["required"] = .array((Array(object.required) + [name]).sorted().map(JSON.string))
        }
        return try JSONSchema(.object(members))
    }

    /// The longest plausible value of a schema of texts, for a lint of the messages that it goes into: the longest of
    /// its choices, else what `maxLength` or the format allows, whichever is shorter. `nil`: not text, or no bound.
    public var longest: String? {
        guard types.isEmpty || types.contains(.string) else { return nil }
        if let choices { return choices.longest }
        // The widest letter, for those who measure in more than characters.
        let widest = text.maxLength.map { String(repeating: "W", count: $0) }
        guard let sample = text.format?.longest else { return widest }
        guard let widest, widest.unicodeScalars.count < sample.unicodeScalars.count else { return sample }
        return widest
    }

    private static func refuseLarge(_ schema: JSON) throws(SchemaFault) {
        guard schema.canonical.utf8.count <= maxBytes else {
            throw SchemaFault("", "must have at most \(maxBytes) bytes")
        }
    }
}
