import ParleyCore
import ParleyWire

/// A reply of the Vosk server.
struct VoskMessage: Equatable {
    enum Kind: Equatable { case partial, result }

    var kind: Kind
    var text: String
    /// Of its first and its last word, where there are any with times.
    var start: CallTime?
    var end: CallTime?

    /// `nil`: it is no reply of that server.
    init?(_ message: UnsafeRawBufferPointer) {
        var partial: String?
        var text: String?
        var likeliest: String?
        var start: CallTime?
        var end: CallTime?
        let isWhole = JSONScanner.message(message) { key, json throws(JSONError) in
            if key == "partial" {
                partial = try json.textOrSkip()
            } else if key == "text" {
                text = try json.textOrSkip()
            } else if key == "result" {
                try json.elementsOrSkip { json throws(JSONError) in
                    try json.fieldsOrSkip { key, json throws(JSONError) in
                        if key == "start" {
                            let place = try json.secondsOrSkip()
                            start = start ?? place
                        } else if key == "end" {
                            end = try json.secondsOrSkip() ?? end
                        } else {
                            try json.skip()
                        }
                    }
                }
            } else if key == "alternatives" {
                try json.elementsOrSkip { json throws(JSONError) in
                    try json.fieldsOrSkip { key, json throws(JSONError) in
                        guard key == "text" else {
                            try json.skip()
                            return
                        }
                        let words = try json.textOrSkip()
                        likeliest = likeliest ?? words
                    }
                }
            } else {
                try json.skip()
            }
        }
        guard isWhole, let words = text ?? likeliest ?? partial else { return nil }
        kind = text == nil && likeliest == nil ? .partial : .result
        self.text = words
        self.start = start
        self.end = end
    }
}
