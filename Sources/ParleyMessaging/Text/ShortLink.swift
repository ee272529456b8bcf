/// A short address of our own for a long one. Whoever opens it before it expires is sent on.
public struct ShortLink: Equatable, Sendable {
    /// Ten characters of `0-9A-Za-z`: 62^10, about 2^59.5, so that none is found by trying.
    public struct ID: Hashable, Sendable, CustomStringConvertible {
        public let text: String

        public static let length = 10

        /// - Parameter bits: 64 random bits.
        /// - Returns: `nil` for one value in twenty-two, without which ids would not be equally likely: hand in others.
        public init?(bits: UInt64) {
            guard bits < Self.usable else { return nil }
            var rest = bits
            var letters: [UInt8] = []
            for _ in 0..<Self.length {
                letters.append(Self.alphabet[Int(rest % 62)])
                rest /= 62
            }
            text = String(decoding: letters, as: UTF8.self)
        }

        /// One that came in, from anybody.
        public init?(_ text: some StringProtocol) {
            guard text.utf8.count == Self.length, text.utf8.allSatisfy({ $0.isDigit || $0.isLetter }) else {
                return nil
            }
            self.text = String(text)
        }

        public var description: String { text }

        private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        private static let count: UInt64 = (0..<length).reduce(1) { product, _ in product * 62 }
        /// The greatest multiple of `count` that 64 bits hold.
        private static let usable = UInt64.max / count * count
    }

    public let id: ID
    /// Where it leads.
    public let target: String

    public init(id: ID, target: String) {
        self.id = id
        self.target = target
    }

    /// 30 days, in milliseconds.
    public static let standardLife: Int64 = 30 * 86_400_000

    /// - Parameter base: `https://` and a host, perhaps a path; a slash at its end is not needed.
    public static func url(base: String, id: ID) -> String { prefix(base) + id.text }

    /// Of the URL of any id, in Unicode scalars.
    static func length(base: String) -> Int { prefix(base).unicodeScalars.count + ID.length }

    private static func prefix(_ base: String) -> String { base.hasSuffix("/") ? base : base + "/" }

    /// - Parameters: in milliseconds; times UTC since 1970. At the end of its life a link leads nowhere.
    public static func isLive(createdAt: Int64, life: Int64 = ShortLink.standardLife, at now: Int64) -> Bool {
        let (end, isForever) = createdAt.addingReportingOverflow(max(life, 0))
        return isForever || now < end
    }
}
