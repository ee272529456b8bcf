import Crypto
import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging

/// What somebody's own system says has happened in a call: `POST /api/events`.
///
/// A JSON object: `id` (theirs, 1 to 128 characters; says that it is the same event, however often it comes), `event` (a
/// trigger's name), `call` (our id or the provider's), `arguments` (an object, for the text).
public struct RaisedEvent: Equatable, Sendable {
    public enum Fault: String, Error, Sendable {
        case notAnObject, id, event, call, arguments, unknownField

        /// What to send instead.
        public var mend: String {
            switch self {
            case .notAnObject: "send one JSON object"
            case .id: "`id` is a text of 1 to 128 characters that names this event"
            case .event:
                "`event` is one of " + TextAction.Trigger.allCases.map(\.rawValue).joined(separator: ", ")
            case .call: "`call` is the id of a call, Parley's or the provider's"
            case .arguments: "`arguments` is an object of at most 16KiB"
            case .unknownField: "an event has id, event, call and arguments, and nothing else"
            }
        }
    }

    public let id: String
    public let trigger: TextAction.Trigger
    public let call: String
    /// JSON.
    public let arguments: String
    /// Tells another event of the same id.
    let hash: String

    public init(_ body: [UInt8]) throws(Fault) {
        guard let text = String(validating: body, as: UTF8.self),
            let json = try? JSON(
                parsing: text, maxBytes: 2 * ActionRegistry.maxArgumentBytes,
                maxDepth: ActionRegistry.maxArgumentDepth),
            case .object(let members) = json
        else { throw .notAnObject }
        guard members.keys.allSatisfy(["id", "event", "call", "arguments"].contains) else { throw .unknownField }
        guard case .string(let id)? = members["id"], (1...128).contains(id.count) else { throw .id }
        guard case .string(let name)? = members["event"], let trigger = TextAction.Trigger(rawValue: name) else {
            throw .event
        }
        guard case .string(let call)? = members["call"], (1...64).contains(call.utf8.count) else { throw .call }
        let arguments = members["arguments"] ?? .object([:])
        guard case .object = arguments, arguments.canonical.utf8.count <= ActionRegistry.maxArgumentBytes else {
            throw .arguments
        }
        self.id = id
        self.trigger = trigger
        self.call = call
        self.arguments = arguments.canonical
        let digits = SHA256.hash(data: Array(json.canonical.utf8))
        hash = digits.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

/// What became of an event.
public enum EventOutcome: Equatable, Sendable {
    case decided(EventReceipt)
    case unknownCall
    /// The id was used for something else.
    case otherContent
}

/// What the sender of an event is told.
public struct EventReceipt: Equatable, Sendable {
    /// `committed` or `refused`.
    public var outcome: String
    /// Why; empty where there is nothing to say.
    public var rule: String
    /// Our id of the text; empty: none was taken on.
    public var message: String
    /// The event had come before.
    public var isRepeat: Bool

    public var json: String {
        JSON.object([
            "outcome": .string(outcome), "rule": .string(rule), "message": .string(message),
            "repeated": .boolean(isRepeat),
        ]).canonical + "\n"
    }
}

extension Ledger {
    /// Takes an event on, and the text that it brings about, in one transaction. The same event is answered alike.
    public func raise(_ event: RaisedEvent) async throws -> EventOutcome {
        let (messaging, now) = (messaging, now())
        return try await transact(takesOnTexts: true) { db in
            try Self.raise(event, db, messaging, now: now)
        }
    }

    private static func raise(
        _ event: RaisedEvent, _ db: Database, _ messaging: Messaging, now: Int64
    ) throws -> EventOutcome {
        if let before = try Row.fetchOne(
            db, sql: "SELECT hash, outcome FROM triggers WHERE id = ?", arguments: [event.id])
        {
            guard before["hash"] == event.hash else { return .otherContent }
            let parts = (before["outcome"] as String).split(separator: "\n", omittingEmptySubsequences: false)
            return .decided(
                EventReceipt(
                    outcome: String(parts.first ?? ""), rule: parts.count > 1 ? String(parts[1]) : "",
                    message: parts.count > 2 ? String(parts[2]) : "", isRepeat: true))
        }
        let call = try String.fetchOne(
            db,
            sql: """
                SELECT id FROM calls WHERE id = ?
                UNION ALL SELECT id FROM calls WHERE provider_call = ? AND provider_call <> '' LIMIT 1
                """,
            arguments: [event.call, event.call])
        guard let call else { return .unknownCall }
        let invocation = ActionInvocation(
            number: 0, generation: Generation(0), turn: TurnID(0),
            request: ActionRequest(name: event.trigger.rawValue, arguments: event.arguments))
        var store = DatabaseStore(db)
        let decisions = ActionDecisions(messaging: messaging, now: { now })
        let (receipt, _) = try decisions.run(invocation, event: event.id, call: call, at: .zero, in: &store)
        let told: EventReceipt
        switch receipt.outcome {
        case .committed, .answered:
            told = EventReceipt(
                outcome: "committed", rule: receipt.rule, message: receipt.text?.id ?? "", isRepeat: false)
        case .refused(let rule), .failed(let rule):
            told = EventReceipt(outcome: "refused", rule: rule, message: "", isRepeat: false)
        }
        try db.execute(
            sql: "INSERT INTO triggers (id, name, call, hash, outcome, at) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                event.id, event.trigger.rawValue, call, event.hash,
                [told.outcome, told.rule, told.message].joined(separator: "\n"), now,
            ])
        return .decided(told)
    }
}
