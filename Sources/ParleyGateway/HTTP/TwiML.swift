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
        text += "    <Stream url=\"\(TwiML.escape(streamURL))\""
        if let statusCallback {
            text += " statusCallback=\"\(TwiML.escape(statusCallback))\" statusCallbackMethod=\"POST\""
        }
        text += ">\n"
        for (name, value) in parameters where name.count + value.count <= 500 {
            text += "      <Parameter name=\"\(TwiML.escape(name))\" value=\"\(TwiML.escape(value))\"/>\n"
        }
        return text + "    </Stream>\n  </Connect>\n</Response>\n"
    }

    /// For attributes in double quotes. What XML 1.0 cannot carry at all is left out.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            default:
                let isForbidden = scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF
                if !isForbidden { escaped.unicodeScalars.append(scalar) }
            }
        }
        return escaped
    }
}
