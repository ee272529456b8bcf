import Foundation
import GRDB
import ParleyActions
import ParleyCore
import ParleyMessaging
import Synchronization

@testable import ParleyLedger

/// A folder for one test's ledger, gone with the test.
final class Folder: Sendable {
    let path: String
    private let isOurs: Bool
    var ledger: String { path + "/ledger.sqlite" }

    /// Another process's folder, left as it is.
    init(of path: String) {
        self.path = path
        isOurs = false
    }

    init() throws {
        isOurs = true
        path = NSTemporaryDirectory() + "parley-ledger-" + ULID.make(at: 0)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        guard isOurs else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The file as `sqlite3` would see it.
    func sql<T: DatabaseValueConvertible & Sendable>(_ query: String, as type: T.Type = T.self) throws -> [T] {
        try DatabaseQueue(path: ledger).read { try T.fetchAll($0, sql: query) }
    }
}

/// A wall clock that a test sets.
final class WallClock: Sendable {
    private let time = Mutex<Int64>(1_773_500_966_000)  // 2026-03-14 15:09:26 UTC
    var now: Int64 { time.withLock { $0 } }
    func advance(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}

extension Ledger {
    static func open(
        _ folder: Folder, clock: WallClock = WallClock(), messaging: Messaging = .recording,
        limits: Limits = .forTests, healthChanged: @escaping @Sendable (Status) -> Void = { _ in }
    ) throws -> Ledger {
        try Ledger(
            path: folder.ledger, messaging: messaging, limits: limits, now: { clock.now }, healthChanged: healthChanged)
    }

    /// One round of a sender that works without a network: every claimed text comes to this.
    ///
    /// - Returns: the texts whose bytes would have left.
    @discardableResult
    func carry(_ outcome: RequestOutcome? = .accepted(providerID: "SM1"), now: Int64? = nil) async throws
        -> [TextMessage]
    {
        let time = now ?? WallClock().now
        var left: [TextMessage] = []
        for claim in try await outbox.claim(ClaimRoom(owner: process, limit: 100), now: time).claims {
            guard case .send(let text, _, _) = try await outbox.begin(claim, now: time),
                case .write = try await outbox.lastLook(claim, now: time)
            else { continue }
            left.append(text)
            if let outcome { _ = try await outbox.settle(outcome, of: claim, random: 0, now: time) }
        }
        return left
    }

    func settle() async -> Bool {
        await withCheckedContinuation { continuation in flush { continuation.resume(returning: $0) } }
    }

    func run(_ name: String, _ arguments: String, turn: UInt32, call: String = "CALL1", number: UInt32 = 1) async
        -> ActionReceipt
    {
        let invocation = ActionInvocation(
            number: number, generation: Generation(turn), turn: TurnID(turn),
            request: ActionRequest(name: name, arguments: arguments))
        return await withCheckedContinuation { continuation in
            commit(invocation, call: call, at: .milliseconds(9_000)) { continuation.resume(returning: $0) }
        }
    }

    func start(_ call: String = "CALL1", caller: String = "+12125550123") {
        record(
            .callStarted(
                CallStart(
                    id: call, provider: "twilio", providerCall: "CA1", stream: "MZ1", caller: caller,
                    called: "+15555550100", agent: "dentist", startedAt: 1_773_500_966_000)))
    }

    func say(
        _ text: String, turn: UInt32, call: String = "CALL1", isKeyed: Bool = false, isBackchannel: Bool = false
    ) {
        let began = CallTime.milliseconds(Int(turn) * 2_000)
        let caller = CallerTurn(
            turn: TurnID(turn), text: text, isKeyed: isKeyed, isBackchannel: isBackchannel, began: began,
            ended: began + .milliseconds(800))
        record(.note(call: call, at: caller.ended, .callerTurn(caller)))
    }

    func reply(_ heard: String, unheard: String = "", generation: UInt32, call: String = "CALL1") {
        let began = CallTime.milliseconds(Int(generation) * 2_000 - 1_000)
        let turn = AgentTurn(
            generation: Generation(generation), heard: heard, unheard: unheard, began: began,
            ended: began + .milliseconds(900))
        record(.note(call: call, at: turn.ended, .agentTurn(turn)))
    }

    /// A caller who was asked and said yes in turn 2.
    func agreeing(_ call: String = "CALL1", caller: String = "+12125550123") async -> ActionReceipt {
        start(call, caller: caller)
        reply("May we text you the confirmation?", generation: 2, call: call)
        say("Yes, please.", turn: 2, call: call)
        return await run("record_consent", #"{"wording":"May we text you the confirmation?"}"#, turn: 2, call: call)
    }
}

extension Ledger.Messaging {
    /// Nobody carries its texts.
    static let recording = Ledger.Messaging(
        plan: MessagingPlan(Channel(name: "+15555550100", senderName: "Riverside Dental")))
    /// Somebody has to.
    static let carrying = Ledger.Messaging(
        plan: MessagingPlan(
            Channel(name: "sms", provider: .twilio, sender: "+12125550100", senderName: "Riverside Dental")))
}

extension Ledger.Limits {
    static var forTests: Ledger.Limits {
        var limits = Ledger.Limits()
        limits.minFreeBytes = 0
        limits.retryDelay = 1_000_000
        return limits
    }
}

extension Folder {
    func write(_ sql: String) throws { try DatabaseQueue(path: ledger).write { try $0.execute(sql: sql) } }
}
