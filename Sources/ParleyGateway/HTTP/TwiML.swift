import ParleyCore

/// The answer to Twilio's voice webhook: connect the call's audio to a media socket.
public struct TwiML: Sendable {
    /// `wss`, without a query (protocols.md 1.1).
    public var streamURL: String
    public var statusCallback: String?
    /// Passed on in the start message. Name and value together hold at most 500 characters.
    public var parameters: [(name: String, value: String)]

    public init(streamURL: String, statusCallback: String? = nil, parameters: [(name: String, value: String)]) {
        self.streamURL = streamURL
        self.statusCallback = statusCallback
        self.parameters = parameters
    }

    public func xml() -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n  <Connect>\n"
        text += "    <Stream url=\"\(attribute(streamURL))\""
        if let statusCallback {
            text += " statusCallback=\"\(attribute(statusCallback))\" statusCallbackMethod=\"POST\""
        }
        text += ">\n"
        for (name, value) in parameters where name.count + value.count <= 500 {
            text += "      <Parameter name=\"\(attribute(name))\" value=\"\(attribute(value))\"/>\n"
        }
        return text + "    </Stream>\n  </Connect>\n</Response>\n"
    }

    private func attribute(_ text: String) -> String { Markup.escaped(text, inAttribute: true) }
}
