import Foundation
import ParleyCore
import ParleyLedger
import ParleyMessaging

/// Carries a call's actions to the ledger, those that are webhooks from there to their servers, and what became of them back.
struct ActionDesk: Sendable {
    let ledger: Ledger
    let webhooks: WebhookDesk
    let call: String
    let caller: String
    let inbox: CallInbox

    func run(_ invocation: ActionInvocation, at time: CallTime) {
        let (caller, call, inbox, webhooks) = (caller, call, inbox, webhooks)
        ledger.commit(invocation, call: call, at: time) { receipt in
            if let order = receipt.order {
                return webhooks.carry(order, of: call) { ending in
                    inbox.deliver(
                        ActionResult(number: invocation.number, outcome: ending.outcome),
                        notes: [.action(name: invocation.request.name, outcome: ending.name)])
                }
            }
            inbox.deliver(
                ActionResult(number: invocation.number, outcome: receipt.outcome),
                notes: Self.notes(invocation.request, receipt, caller: caller))
        }
    }

    private static func notes(_ request: ActionRequest, _ receipt: ActionReceipt, caller: String) -> [CallWatch] {
        var notes: [CallWatch] = [.action(name: request.name, outcome: receipt.outcome.name)]
        guard receipt.outcome == .committed else { return notes }
        if request.name == "record_consent",
            let asked = try? JSONDecoder().decode(Consent.self, from: Data(request.arguments.utf8))
        {
            notes.append(
                .consent(
                    purpose: asked.purpose ?? ConsentPurpose.transactionalInCall.rawValue,
                    isGranted: asked.granted ?? true, wording: asked.wording ?? ""))
        }
        if let text = receipt.text {
            notes.append(
                .message(
                    to: PhoneNumber.masked(caller), body: text.body, state: "recorded", segments: text.segments))
        }
        return notes
    }

    /// What is left out means what it means to the ledger.
    private struct Consent: Decodable {
        var purpose: String?
        var granted: Bool?
        var wording: String?
    }
}

extension WebhookEnding {
    /// As of any action; and `unknown: FAULT`, which an agent is told as failed.
    fileprivate var name: String {
        if case .unknown(let fault) = self { "unknown: \(fault)" } else { outcome.name }
    }
}

extension ActionResult.Outcome {
    /// `committed`, `answered`, `refused: RULE`, `failed: FAULT`.
    fileprivate var name: String {
        switch self {
        case .committed: "committed"
        case .answered: "answered"
        case .refused(let rule): "refused: \(rule)"
        case .failed(let fault): "failed: \(fault)"
        }
    }
}
