/// What came more than once, each with how often.
public struct Duplicates: Equatable, Sendable {
    /// Messages that were asked for in more than one request: right after a refusal, wrong after a lost answer.
    public let asked: [String: Int]
    /// Messages that their recipient got more than once.
    public let taken: [String: Int]
    /// Texts that a recipient got more than once, under whatever id.
    public let contents: [TextContent: Int]

    /// Whether anybody got a text twice.
    public var isAnyTakenTwice: Bool { !taken.isEmpty || !contents.isEmpty }

    init(_ texts: [ReceivedText]) {
        let taken = texts.filter(\.isTaken)
        asked = Self.repeated(texts.compactMap(\.message))
        self.taken = Self.repeated(taken.compactMap(\.message))
        contents = Self.repeated(taken.map { TextContent(from: $0.from, to: $0.to, body: $0.body) })
    }

    private static func repeated<Key: Hashable>(_ keys: [Key]) -> [Key: Int] {
        Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }
    }
}
