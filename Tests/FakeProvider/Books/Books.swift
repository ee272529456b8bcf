import Crypto
import Foundation

/// All that a fake provider knows. Grows only; a test reads a copy.
public struct Books: Sendable {
    /// Requests to send, in the order of arrival.
    public internal(set) var received: [ReceivedText] = []
    /// Every try to post a status report, in the order in which they ended.
    public internal(set) var reports: [SentReport] = []
    public internal(set) var lookUps: [LookUp] = []
    /// Connections that were opened.
    public internal(set) var connections = 0
    public internal(set) var openConnections = 0
    /// What came of requests whose connection ended before they were whole.
    public internal(set) var torn: [[UInt8]] = []
    /// Requests that are not answered yet, and reports that are not.
    public internal(set) var pending = 0
    /// Of the last change.
    public internal(set) var changedNanoseconds: UInt64 = 0

    var filed: [FiledText] = []
    private var turns: [String: Int] = [:]

    public var taken: [ReceivedText] { received.filter(\.isTaken) }

    /// Decides what becomes of a request, and counts it.
    mutating func book(_ text: ReceivedText, _ script: inout ProviderScript) -> (ReceivedText, RequestPlan) {
        var text = text
        let name = text.message ?? "\(text.to) \(text.body)"
        turns[name, default: 0] += 1
        var plan = script.plan(for: text, turn: turns[name] ?? 1)
        if !plan.isTaken {
            text.fate = .notTaken
            plan.reports = .never
        } else if let earlier = filed.first(where: { $0.keeps(text) }) {
            if earlier.text.from == text.from, earlier.text.to == text.to, earlier.text.body == text.body {
                text.fate = .repeated(providerID: earlier.id)
            } else {
                text.fate = .declined(status: 422, code: "key_of_another_text")
                plan.answer = .refused(status: 422, code: "key_of_another_text", retryAfter: nil)
            }
            plan.reports = .never
        } else {
            let id = Self.id(of: text)
            text.fate = .taken(providerID: id)
            filed.append(FiledText(id: id, text: text, plan: plan))
        }
        received.append(text)
        return (text, plan)
    }

    /// Of the form that the provider gives its ids; the same in every run.
    static func id(of text: ReceivedText) -> String {
        let name = "\(text.number) \(text.provider.rawValue) \(text.message ?? text.body)"
        let hex = Digits.hex(SHA256.hash(data: Data(name.utf8)).prefix(16))
        switch text.provider {
        case .twilio: return "SM" + hex
        case .webhook: return "m-" + hex
        case .telnyx, .vonage:
            let bytes = Array(hex)
            return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(bytes[$0]) }.joined(separator: "-")
        }
    }
}

/// A text that a provider has taken.
struct FiledText: Sendable {
    let id: String
    let text: ReceivedText
    let plan: RequestPlan
    var status = TextStatus.queued

    init(id: String, text: ReceivedText, plan: RequestPlan) {
        self.id = id
        self.text = text
        self.plan = plan
    }

    /// Whether a second request under this key sends nothing. Telnyx keeps successful answers alone under a key.
    func keeps(_ other: ReceivedText) -> Bool {
        guard let key = text.key, key == other.key, text.provider == other.provider else { return false }
        if text.provider == .telnyx, case .refused = plan.answer { return false }
        return true
    }
}

/// One try to tell what became of a text.
public struct SentReport: Equatable, Sendable {
    public let provider: ProviderKind
    public let providerID: String
    public let status: TextStatus
    public let url: String
    public let endedNanoseconds: UInt64
    /// HTTP status; `nil` where there was no answer, or nowhere to post to.
    public let answer: Int?
}

/// One request that asked for texts.
public struct LookUp: Equatable, Sendable {
    public let provider: ProviderKind
    /// Path and query.
    public let target: String
    public let arrivedNanoseconds: UInt64
}
