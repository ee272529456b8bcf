import ParleyWire

/// A message of Cartesia's server.
struct CartesiaMessage: Equatable {
    enum Body: Equatable {
        case chunk([UInt8])
        case words([TimedWord])
        case done
        case error(VoiceFault)
        /// A flush that is done, or a type that came later than this was written.
        case other
    }

    var context: String?
    var body = Body.other

    /// `nil`: nothing that the protocol has.
    init?(_ text: UnsafeRawBufferPointer) {
        guard let message = readVoiceMessage(text, { json throws(JSONError) in try Self(&json) }) ?? nil else {
            return nil
        }
        self = message
    }

    private init?(_ json: inout JSONScanner) throws(JSONError) {
        var type = ""
        var data: JSONString?
        var words: [TimedWord] = []
        var status = 0
        var said: [String] = []
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "type" {
                type = try json.textOrSkip() ?? ""
            } else if key == "context_id" {
                context = try json.textOrSkip()
            } else if key == "data" {
                data = try json.stringOrSkip()
            } else if key == "word_timestamps" {
                words = try Self.words(&json)
            } else if key == "status_code" {
                status = try json.counter() ?? 0
            } else if key == "title" || key == "message" || key == "error" {
                // Versions before 2026 have all of it in `error`.
                if let text = try json.textOrSkip() { said.append(text) }
            } else {
                try json.skip()
            }
        }
        switch type {
        case "chunk":
            guard let octets = data?.octets else { return nil }
            body = .chunk(octets)
        case "timestamps": body = .words(words)
        case "done": body = .done
        case "error": body = .error(.status(status, said.joined(separator: ": ")))
        case "": return nil
        default: body = .other
        }
    }

    /// Seconds from the context's start.
    private static func words(_ json: inout JSONScanner) throws(JSONError) -> [TimedWord] {
        var (texts, ends): ([String], [Int]) = ([], [])
        try json.fieldsOrSkip { key, json throws(JSONError) in
            if key == "words" {
                texts = try json.strings()
            } else if key == "end" {
                ends = try json.milliseconds(times: 1_000)
            } else {
                try json.skip()
            }
        }
        return zip(texts, ends).map { TimedWord($0, end: $1) }
    }
}
