import ParleyCore

@testable import ParleyActions

/// What is sent for one run of an action.
func webhookRequest(
    _ url: String, method: WebhookAction.Method = .post, headers: [WebhookAction.Header] = [], body: String? = nil,
    parameters: String = #"{"type":"object","additionalProperties":true}"#, given: String, variables: String = "{}",
    idempotencyHeader: String? = nil
) throws -> WebhookRequest {
    let action = try WebhookAction(
        name: "look_up", description: "Looks it up.", parameters: try JSONSchema(json(parameters)), method: method,
        target: try WebhookTarget(url, name: "url"), headers: headers,
        body: try body.map { try WebhookBody(try json($0), name: "body") }, idempotencyHeader: idempotencyHeader)
    let checked = try ActionRegistry(webhooks: [action]).check(ActionRequest(name: "look_up", arguments: given))
    return try action.request(
        key: InvocationKey(call: "01J", turn: TurnID(1), action: checked), parameters: checked.arguments,
        variables: try json(variables), contact: .init(name: "Ana", number: "+12125550123"),
        call: .init(id: "01J", reference: "K4M"))
}
