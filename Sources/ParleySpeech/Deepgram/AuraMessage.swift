import ParleyWire

/// A text message of Aura's server.
enum AuraMessage: Equatable {
    case flushed
    case cleared
    case warning(code: String, String)
    case error(String)
    /// Metadata, or a type that came later than this was written.
    case other

    /// `nil`: nothing that the protocol has.
    init?(_ text: UnsafeRawBufferPointer) {
        guard let message = readVoiceMessage(text, { json throws(JSONError) in try Self(&json) }) ?? nil else {
            return nil
        }
        self = message
    }

    private init?(_ json: inout JSONScanner) throws(JSONError) {
        var (type, code, said) = ("", "", "")
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "type" {
                type = try json.textOrSkip() ?? ""
            } else if key == "code" || key == "err_code" {
                code = try json.textOrSkip() ?? ""
            } else if key == "description" || key == "message" || key == "err_msg" {
                said = try json.textOrSkip() ?? ""
            } else {
                try json.skip()
            }
        }
        switch type {
        case "Flushed": self = .flushed
        case "Cleared": self = .cleared
        case "Warning": self = .warning(code: code, said)
        case "Error": self = .error([code, said].filter { !$0.isEmpty }.joined(separator: ": "))
        case "": return nil
        default: self = .other
        }
    }
}
