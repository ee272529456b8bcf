/// Keys that stand twice in one mapping, told in the same way each time.
///
/// The parser sorts them, and can not where lists or mappings are keys: which comes first, and whose line is told, then differs
/// from one reading to the next.
public struct YAMLDuplicates: Sendable {
    /// In their order.
    public let names: [String]
    /// Of the first; `nil` where it is not certain.
    public let line: Int?

    /// - Parameters:
    ///   - found: as the parser names them.
    ///   - line: that it gives for one of them.
    public init(_ found: [String], line: Int) {
        let hasNameless = found.contains(Self.nameless)
        names = Set(found).map { $0 == Self.nameless ? "a list or mapping as a key" : $0 }.sorted()
        self.line = hasNameless ? nil : line
    }

    /// What Yams calls a key that is no text.
    private static let nameless = "<uncovertable>"
}
