/// How long what is kept about texts is kept, in milliseconds.
public struct Retention: Equatable, Sendable {
    /// Words of texts, both ways, and what threads know.
    public var textsMS: Int64
    /// Words of calls.
    public var transcriptsMS: Int64
    /// The evidence that somebody agreed; five years, which outlasts the four in which a claim may come (28 USC 1658).
    public var consentMS: Int64
    /// Who changed what.
    public var auditMS: Int64

    public init(
        textsMS: Int64 = 30 * 86_400_000, transcriptsMS: Int64 = 30 * 86_400_000,
        consentMS: Int64 = 1_826 * 86_400_000, auditMS: Int64 = 365 * 86_400_000
    ) {
        self.textsMS = textsMS
        self.transcriptsMS = transcriptsMS
        self.consentMS = consentMS
        self.auditMS = auditMS
    }
}
