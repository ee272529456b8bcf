/// `minLength`, `maxLength`, `pattern` and `format`.
struct TextRule: Equatable, Sendable {
    /// Longest pattern that a fault repeats, in UTF-8 bytes.
    static let maxShownPattern = 100

    /// In Unicode scalars, as the specification counts characters.
    let minLength: Int?
    let maxLength: Int?
    let pattern: Pattern?
    let format: StringFormat?

    init(_ fields: SchemaFields) throws(SchemaFault) {
        minLength = try fields.count(.minLength)
        maxLength = try fields.count(.maxLength)
        if let minLength, let maxLength, minLength > maxLength {
            throw fields.fault(.minLength, "must not be above maxLength")
        }
        if let name = try fields.text(.format) {
            format = StringFormat(rawValue: name)
            if format == nil {
                let known = StringFormat.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.fault(.format, "must be one of \(known)")
            }
        } else {
            format = nil
        }
        if let source = try fields.text(.pattern) {
            do throws(PatternFault) {
                pattern = try Pattern(source)
            } catch {
                throw fields.fault(.pattern, error.text)
            }
        } else {
            pattern = nil
        }
    }

    /// What is wanted of the text instead; `nil`: it fits.
    func fault(in text: String) -> String? {
        if minLength != nil || maxLength != nil {
            let length = text.unicodeScalars.count
            if let minLength, length < minLength { return "is shorter than \(minLength) characters" }
            if let maxLength, length > maxLength { return "is longer than \(maxLength) characters" }
        }
        if let format, !format.fits(text) { return "must be \(format.words)" }
        guard let pattern else { return nil }
        switch pattern.isFound(in: text) {
        case true?: return nil
        case nil: return "is longer than \(Pattern.maxInput) characters"
        case false?:
            let isShown = pattern.source.utf8.count <= Self.maxShownPattern
            return isShown ? "must match the pattern \(pattern.source)" : "must match its pattern"
        }
    }
}
