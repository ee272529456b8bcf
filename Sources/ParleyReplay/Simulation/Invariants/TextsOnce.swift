import ParleyCore
import ParleyMessaging

/// P4: a text leaves once, under a stored consent, and "sent" is said only when it is taken on for good; the agent is told once what
/// came of an action.
struct TextsOnce: Invariant {
    static let name = "texts_once"

    /// How the flows of the simulation say that a text was sent.
    static let claims = ["on its way by text", "I have sent you"]

    private var left: Set<String> = []
    private var told: Set<UInt32> = []
    /// What is durable now; kept up to date by the world.
    var textsOnRecord = 0

    /// Nobody carries texts so far: what a new process hands over again is recorded again, and no more. (A provider that
    /// carries needs the row to say `sending` before it is asked; then this goes.)
    mutating func restarted() { (left, told) = ([], []) }

    mutating func see(_ sight: Sight, at now: CallTime) -> String? {
        switch sight {
        case .textLeft(let text, let isCovered):
            if !isCovered { return "a text left without a stored consent" }
            if !left.insert(text.key).inserted { return "a text left twice" }
        case .effect(.tellAgent(_, let invocation, _)):
            guard told.insert(invocation.number).inserted else {
                return "what came of action \(invocation.number) was told twice"
            }
        case .effect(.speak(_, _, let words)):
            if textsOnRecord == 0, Self.claims.contains(where: words.contains) {
                return "\"\(words)\" is said, and no text is on record"
            }
        default: break
        }
        return nil
    }
}
