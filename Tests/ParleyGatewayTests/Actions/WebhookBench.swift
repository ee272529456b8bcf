import Foundation
import Logging
import NIOCore
import ParleyActions
import ParleyCore
import ParleyMessaging
import ParleyNetwork
import Synchronization

@testable import ParleyGateway
@testable import ParleyLedger

/// A ledger, a desk and one configured webhook, `look_up`, for the length of one test.
final class WebhookBench: Sendable {
    let ledger: Ledger
    let desk: WebhookDesk
    private let folder: String

    /// - Parameters:
    ///   - yaml: the action's keys besides its name and description.
    ///   - resolver: in place of the system's.
    ///   - clock: that an end which was not written down waits by.
    init(
        _ yaml: String, resolver: HostResolver = .system, trust: TLSTrust? = nil, environment: [String: String] = [:],
        isLive: Bool = true, clock: ManualClock = ManualClock()
    ) throws {
        let text =
            "actions:\n  - name: look_up\n    kind: webhook\n    description: Looks it up.\n"
            + yaml.split(separator: "\n").map { "    \($0)\n" }.joined()
        let setup = try MessagingFile.parse(text, file: "m.yaml", environment: environment)
        folder = NSTemporaryDirectory() + "parley-webhooks-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var limits = Ledger.Limits()
        limits.minFreeBytes = 0
        limits.retryDelay = 2_000_000
        ledger = try Ledger(
            path: folder + "/ledger.sqlite",
            messaging: Ledger.Messaging(plan: setup.plan, registry: setup.registry), limits: limits)
        let http = CheckedHTTP(trust: try trust ?? TLSTrust(), resolver: resolver)
        desk = WebhookDesk(
            ledger: ledger, access: setup.webhooks, carrier: WebhookCarrier(http: http, now: { 1_773_500_966_000 }),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            pause: { try await clock.sleep(until: clock.now + $0) })
        ledger.record(
            .callStarted(
                CallStart(
                    id: "CALL1", provider: "twilio", providerCall: "CA1", stream: "MZ1", caller: "+12125550123",
                    called: "", agent: "test", startedAt: 1_773_500_966_000)))
        if isLive { desk.began("CALL1") }
    }

    /// Asks for it, as a call does.
    func run(_ arguments: String = "{}", turn: UInt32 = 1) async -> ActionResult.Outcome {
        let invocation = ActionInvocation(
            number: 1, generation: Generation(1), turn: TurnID(turn),
            request: ActionRequest(name: "look_up", arguments: arguments))
        return await withCheckedContinuation { continuation in
            ledger.commit(invocation, call: "CALL1", at: .zero) { [desk] receipt in
                guard let order = receipt.order else { return continuation.resume(returning: receipt.outcome) }
                desk.carry(order, of: "CALL1") { continuation.resume(returning: $0.outcome) }
            }
        }
    }

    /// From now on the disk takes nothing.
    func breakDisk() { ledger.interpose { _ in throw NoRoom() } }

    /// It takes everything again, and the ledger knows.
    func mendDisk() async {
        ledger.interpose(nil)
        // Each is answered when the writer has tried the disk.
        while await !isDurable() {}
    }
    private struct NoRoom: Error {}

    private func isDurable() async -> Bool {
        await withCheckedContinuation { continuation in ledger.flush { continuation.resume(returning: $0) } }
    }

    /// Outcome and rule of its rows, in the turns' order.
    func rows() throws -> [String] {
        try ledger.reader.call("CALL1")?.actions.map { "\($0.outcome) \($0.rule)" } ?? []
    }

    /// Without waiting for what is under way.
    func close() {
        ledger.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
