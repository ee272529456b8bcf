import ParleyCore
import ParleyWire

/// What is read of a message of Deepgram's live recognition.
struct DeepgramMessage {
    var type = ""
    /// Of the audio that the result is for.
    var start: CallTime?
    var duration: CallTime?
    var isFinal = false
    var isFromFinalize = false
    /// Of the likeliest reading.
    var transcript: String?
    var words: [SpanTranscript.Word] = []
    var problem: String?

    /// `nil`: it is no JSON object with a type.
    init?(_ text: UnsafeRawBufferPointer) {
        var message = DeepgramMessage()
        let isWhole = JSONScanner.message(text) { key, json throws(JSONError) in
            if key == "type" {
                message.type = try json.textOrSkip() ?? ""
            } else if key == "start" {
                message.start = try json.secondsOrSkip()
            } else if key == "duration" {
                message.duration = try json.secondsOrSkip()
            } else if key == "is_final" {
                message.isFinal = try json.flagOrSkip() ?? false
            } else if key == "from_finalize" {
                message.isFromFinalize = try json.flagOrSkip() ?? false
            } else if key == "channel" {
                try message.readChannel(&json)
            } else if key == "description" || key == "message" {
                message.problem = try json.textOrSkip() ?? message.problem
            } else {
                try json.skip()
            }
        }
        guard isWhole, !message.type.isEmpty else { return nil }
        self = message
    }

    private init() {}

    private mutating func readChannel(_ json: inout JSONScanner) throws(JSONError) {
        try json.fieldsOrSkip { key, json throws(JSONError) in
            guard key == "alternatives" else {
                try json.skip()
                return
            }
            try json.elementsOrSkip { json throws(JSONError) in
                if transcript == nil { try readAlternative(&json) } else { try json.skip() }
            }
        }
    }

    private mutating func readAlternative(_ json: inout JSONScanner) throws(JSONError) {
        try json.fieldsOrSkip { key, json throws(JSONError) in
            if key == "transcript" {
                transcript = try json.textOrSkip()
            } else if key == "words" {
                try json.elementsOrSkip { json throws(JSONError) in try readWord(&json) }
            } else {
                try json.skip()
            }
        }
    }

    private mutating func readWord(_ json: inout JSONScanner) throws(JSONError) {
        var plain: String?
        var written: String?
        var start: CallTime?
        var end: CallTime?
        try json.fieldsOrSkip { key, json throws(JSONError) in
            if key == "word" {
                plain = try json.textOrSkip()
            } else if key == "punctuated_word" {
                written = try json.textOrSkip()
            } else if key == "start" {
                start = try json.secondsOrSkip()
            } else if key == "end" {
                end = try json.secondsOrSkip()
            } else {
                try json.skip()
            }
        }
        if let text = written ?? plain, let start, let end, start <= end {
            words.append(SpanTranscript.Word(text, start, end))
        }
    }
}
