import ParleyWire

/// What is read of a message of OpenAI Realtime while it transcribes.
struct TranscriptionMessage {
    struct Problem {
        var code = ""
        var message = ""
        /// Of the message that it is about.
        var eventID = ""
    }

    var type = ""
    var item: String?
    var delta: String?
    var transcript: String?
    var problem: Problem?

    /// `nil`: it is no JSON object with a type.
    init?(_ text: UnsafeRawBufferPointer) {
        var message = TranscriptionMessage()
        let isWhole = JSONScanner.message(text) { key, json throws(JSONError) in
            if key == "type" {
                message.type = try json.textOrSkip() ?? ""
            } else if key == "item_id" {
                message.item = try json.textOrSkip()
            } else if key == "delta" {
                message.delta = try json.textOrSkip()
            } else if key == "transcript" {
                message.transcript = try json.textOrSkip()
            } else if key == "error", try json.kind() == .object {
                message.problem = try Self.problem(&json)
            } else {
                try json.skip()
            }
        }
        guard isWhole, !message.type.isEmpty else { return nil }
        self = message
    }

    private init() {}

    private static func problem(_ json: inout JSONScanner) throws(JSONError) -> Problem {
        var problem = Problem()
        try json.fieldsOrSkip { key, json throws(JSONError) in
            if key == "code" {
                problem.code = try json.textOrSkip() ?? ""
            } else if key == "message" {
                problem.message = try json.textOrSkip() ?? ""
            } else if key == "event_id" {
                problem.eventID = try json.textOrSkip() ?? ""
            } else {
                try json.skip()
            }
        }
        return problem
    }
}
