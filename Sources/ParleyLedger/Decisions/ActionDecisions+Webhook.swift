import ParleyActions
import ParleyCore

/// A call over HTTPS: whether it may be made, and what it carries.
extension ActionDecisions {
    func webhook(
        _ webhook: WebhookAction, _ action: CheckedAction, _ request: Request, _ call: CallOnRecord,
        on facts: some ActionFacts
    ) throws -> Decision {
        if call.isOver, webhook.isAbandonable { return .refused("call_is_over") }
        let variables = try facts.variables(of: request.call)
        let contact = TextAction.Contact(
            name: variables["name"] ?? variables["contact_name"] ?? "", number: call.caller)
        let reference = TextAction.Call(id: request.call, reference: CallReference.make(callID: request.call))
        var decision = Decision(.committed)
        do throws(RequestRefusal) {
            let sent = try webhook.request(
                key: request.key, parameters: action.arguments, variables: .object(variables.mapValues(JSON.string)),
                contact: contact, call: reference)
            decision.receipt.order = WebhookOrder(key: request.key, request: sent)
            return decision
        } catch {
            return .refused(error.rule)
        }
    }
}
