/// The values of `enum`, or the one of `const`.
struct ValueChoices: Equatable, Sendable {
    /// Longest list that a fault repeats, in UTF-8 bytes.
    static let maxShown = 400

    private let identities: Set<[UInt8]>
    /// What is wanted, as a fault says it. The choices are the schema's own words, not a caller's.
    let wants: String
    /// The longest text among them, in UTF-16 units; `nil`: none is text.
    let longest: String?

    init(enum values: [JSON]) { self.init(values, wants: "must be one of") }

    init(const value: JSON) { self.init([value], wants: "must be") }

    private init(_ values: [JSON], wants: String) {
        identities = Set(values.map(\.identity))
        let words = values.map { if case .string(let text) = $0 { text } else { $0.canonical } }
        let shown = words.joined(separator: ", ")
        if shown.utf8.count > Self.maxShown {
            self.wants = values.count == 1 ? "must be the value in its schema" : "must be a value that its schema lists"
        } else {
            self.wants = "\(wants) \(shown)"
        }
        let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        longest = texts.max { $0.utf16.count < $1.utf16.count }
    }

    func contains(_ value: JSON) -> Bool { identities.contains(value.identity) }
}

extension JSON {
    /// Equal for equal values only. `String` compares what looks the same ("é" in one scalar or two); a schema compares
    /// scalars.
    var identity: [UInt8] { Array(canonical.utf8) }

    /// Whether arrays and objects are nested deeper than `limit`; looks no deeper than that.
    func isNested(deeperThan limit: Int) -> Bool {
        switch self {
        case .null, .boolean, .number, .string: false
        case .array(let values): limit == 0 || values.contains { $0.isNested(deeperThan: limit - 1) }
        case .object(let members): limit == 0 || members.values.contains { $0.isNested(deeperThan: limit - 1) }
        }
    }
}
