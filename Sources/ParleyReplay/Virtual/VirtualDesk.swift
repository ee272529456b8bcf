import Dispatch
import Foundation
import ParleyActions
import ParleyAgents
import ParleyCaller
import ParleyCore
import ParleyLedger
import ParleyMessaging

/// A virtual call's actions, decided by a real ledger that is thrown away afterwards: consent, gate and texts are those of
/// live calls. The clock stands still until a commit is durable.
final class VirtualDesk {
    private let ledger: Ledger
    private let folder: String
    private let call: String
    private let caller: String

    /// - Parameter began: wall-clock time of the call's beginning, seconds since 1970-01-01 UTC.
    init(call: CallFacts, agent: any Agent, began: Double, clock: VirtualClock) throws(LedgerFault) {
        self.call = call.callID
        caller = call.from
        folder = FileManager.default.temporaryDirectory.path + "/parley-virtual-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let name = (agent as? FlowAgent)?.flow.settings.name ?? "Parley"
        var limits = Ledger.Limits()
        limits.minFreeBytes = 0
        ledger = try Ledger(
            path: folder + "/ledger.sqlite",
            messaging: .recordOnly(name), limits: limits,
            now: { Int64(began * 1_000) + Int64(clock.now.milliseconds) })
        ledger.record(
            .callStarted(
                CallStart(
                    id: call.callID, provider: "virtual", providerCall: "", stream: "", caller: call.from,
                    called: call.to, agent: agent.name, startedAt: Int64(began * 1_000))))
    }

    deinit {
        ledger.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func record(_ note: CallNote, at now: CallTime) { ledger.record(.note(call: call, at: now, note)) }

    /// Returns when it is decided and durable: what became of it, and what a watcher is told.
    func run(_ invocation: ActionInvocation, at now: CallTime) -> (ActionResult, [GatewayNote]) {
        let done = DispatchSemaphore(value: 0)
        let box = Box()
        ledger.commit(invocation, call: call, at: now) { receipt in
            box.receipt = receipt
            done.signal()
        }
        done.wait()
        guard let receipt = box.receipt else { preconditionFailure("a commit is answered once") }
        return (
            ActionResult(number: invocation.number, outcome: receipt.outcome), notes(invocation.request, receipt)
        )
    }

    private final class Box: @unchecked Sendable {
        var receipt: ActionReceipt?
    }

    private func notes(_ request: ActionRequest, _ receipt: ActionReceipt) -> [GatewayNote] {
        let outcome =
            switch receipt.outcome {
            case .committed: "committed"
            case .answered: "answered"
            case .refused(let rule): "refused: \(rule)"
            case .failed(let fault): "failed: \(fault)"
            }
        var notes = [GatewayNote.action(name: request.name, outcome: outcome)]
        guard receipt.outcome == .committed else { return notes }
        if request.name == ActionSchema.recordConsent.name,
            let asked = try? JSONDecoder().decode(Consent.self, from: Data(request.arguments.utf8))
        {
            notes.append(
                .consent(.init(purpose: asked.purpose, granted: asked.granted, wording: asked.wording ?? "")))
        }
        if let text = receipt.text {
            notes.append(
                .message(
                    .init(recordedTo: PhoneNumber.masked(caller), body: text.body, segments: text.segments)))
        }
        return notes
    }

    private struct Consent: Decodable {
        var purpose: String
        var granted: Bool
        var wording: String?
    }
}
