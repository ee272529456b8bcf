/// A text that may be sent: there is no way to one but through the consent gate.
public struct TextMessage: Equatable, Sendable {
    /// Our own id (a ULID).
    public let id: String
    /// Unique for what it says, to whom, in which action: goes to the provider where it has a place for it.
    public let key: String
    public let proof: ConsentProof
    public let body: String
    public let segments: Segments

    public var recipient: PhoneNumber { proof.recipient }
    public var sender: String { proof.sender }

    public init(id: String, key: String, proof: ConsentProof, text: TextComposer.Composed) {
        self.init(id: id, key: key, proof: proof, stored: text.body)
    }

    /// A text that was composed before and read back from its row, under a proof that was made now.
    public init(id: String, key: String, proof: ConsentProof, stored body: String) {
        self.id = id
        self.key = key
        self.proof = proof
        self.body = body
        segments = Segments(of: body)
    }
}

/// Where a text is on its way. Moves forward only.
public enum MessageState: String, Sendable, CaseIterable {
    /// Durable, and not yet handed to anybody.
    case queued
    /// One sender has it, for the length of a lease.
    case claimed
    /// The request is on its way to the provider.
    case sending
    case accepted, sent, delivered
    /// Kept in the ledger; there is no carrier. The end of a text under the record-only provider.
    case recorded
    case failed
    /// The request left and no answer came: held, never sent again by itself.
    case unknown
    /// Opted out before it left.
    case suppressed
    case expired
    /// Tried as often as allowed.
    case dead

    /// Whether a text in this state may come to be in `next`.
    public func canMove(to next: MessageState) -> Bool {
        switch self {
        case .queued: next != .queued
        case .claimed: next != .claimed
        case .sending: ![.sending, .claimed].contains(next)
        case .unknown: [.accepted, .sent, .delivered, .failed, .queued, .dead].contains(next)
        case .accepted: [.sent, .delivered, .failed].contains(next)
        case .sent: [.delivered, .failed].contains(next)
        // An operator's second chance, or news of a try that was thought never to have left.
        case .dead: [.queued, .accepted, .sent, .delivered, .failed].contains(next)
        case .delivered, .recorded, .failed, .suppressed, .expired: false
        }
    }
}
