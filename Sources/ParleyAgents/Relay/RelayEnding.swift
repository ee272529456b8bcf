import ParleyMessaging

/// How an application's sessions in one call came to their end: what the callback tells (protocols.md 2.6).
struct RelayEnding: Equatable, Sendable {
    enum Status: String, Sendable {
        /// The call was over.
        case completed
        /// The application ended it.
        case ended
        /// The connection was lost, or never stood.
        case failed
    }
    enum Fault: Int, Sendable {
        case cannotConnect = 64102
        case connectionEnded = 64105

        var message: String {
            switch self {
            case .cannotConnect: "Cannot connect to the WebSocket URL"
            case .connectionEnded: "Websocket ended"
            }
        }
    }

    var status: Status
    /// The last session's.
    var session: String
    /// Of that session, from its `setup`.
    var seconds: Int
    /// As the application gave it.
    var handoff: String?
    var fault: Fault?
    var isCallOver: Bool

    func form(account: String, call: String, from: String, to: String) -> FormFields {
        FormFields([
            "AccountSid": account, "ApiVersion": "2010-04-01", "CallSid": call,
            "CallStatus": isCallOver ? "completed" : "in-progress", "Direction": "inbound", "From": from, "To": to,
            "SessionId": session, "SessionStatus": status.rawValue, "SessionDuration": "\(seconds)",
            "HandoffData": handoff, "ErrorCode": fault.map { "\($0.rawValue)" }, "ErrorMessage": fault?.message,
        ])
    }
}
