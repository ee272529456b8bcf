import ParleyWire

/// A message to the application (protocols.md 2.3).
enum RelayNotice: Equatable, Sendable {
    case setup(RelaySetup)
    /// What the caller said: all of the turn so far, or (`isLast`) all of it.
    case prompt(String, language: String, isLast: Bool)
    case dtmf(Character)
    /// The caller stopped what was played: the words heard of it, and after how many milliseconds.
    case interrupt(heard: String, milliseconds: Int)
    /// `at`: milliseconds since 1970; `nil` where that is not told.
    case info(String, String, at: Int64?)
    case error(String)

    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        switch self {
        case .setup(let setup): setup.write(to: &json)
        case .prompt(let words, let language, let isLast):
            json.field("type", "prompt")
            json.field("voicePrompt", words)
            json.field("lang", language)
            json.field("last", isLast)
        case .dtmf(let key):
            json.field("type", "dtmf")
            json.field("digit", String(key))
        case .interrupt(let heard, let milliseconds):
            json.field("type", "interrupt")
            json.field("utteranceUntilInterrupt", heard)
            json.field("durationUntilInterruptMs", milliseconds)
        case .info(let name, let value, let time):
            json.field("type", "info")
            json.field("name", name)
            json.field("value", value)
            if let time { json.field("ts", time) }
        case .error(let description):
            json.field("type", "error")
            json.field("description", description)
        }
        json.endObject()
        return json.bytes
    }
}

/// What an application is told first. What is not known is empty, not missing.
struct RelaySetup: Equatable, Sendable {
    var session: String
    var account: String
    var call: String
    var from: String
    var to: String
    /// A session before was lost: the call is not new.
    var isAgain: Bool
    var parameters: [String: String]

    fileprivate func write(to json: inout JSONWriter) {
        json.field("type", "setup")
        json.field("sessionId", session)
        json.field("accountSid", account)
        json.field("callSid", call)
        json.field("parentCallSid", "")
        json.field("from", from)
        json.field("to", to)
        json.field("forwardedFrom", "")
        json.field("callerName", "")
        json.field("direction", "inbound")
        json.field("callType", "PSTN")
        json.field("callStatus", isAgain ? "IN_PROGRESS" : "RINGING")
        json.key("customParameters")
        json.beginObject()
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
        json.endObject()
    }
}
