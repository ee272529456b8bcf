import ParleyWire

/// A message of ElevenLabs' server: a piece of sound with the times of its letters, the end, or an error.
struct ElevenLabsMessage: Equatable {
    var audio: [UInt8]?
    /// Of the text as it was sent.
    var letters: [LetterTimes.Letter] = []
    var isFinal = false
    var fault: VoiceFault?

    /// `nil`: nothing that the protocol has.
    init?(_ text: UnsafeRawBufferPointer) {
        guard let message = readVoiceMessage(text, { json throws(JSONError) in try Self(&json) }) ?? nil else {
            return nil
        }
        self = message
    }

    private init?(_ json: inout JSONScanner) throws(JSONError) {
        var (error, said): (String?, String?)
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "audio" {
                guard let encoded = try json.stringOrSkip() else { continue }
                guard let octets = encoded.octets else { return nil }
                audio = octets
            } else if key == "alignment" {
                letters = try Self.letters(&json)
            } else if key == "isFinal" {
                isFinal = try json.flagOrSkip() ?? false
            } else if key == "error" {
                error = try json.textOrSkip()
            } else if key == "message" {
                said = try json.textOrSkip()
            } else {
                try json.skip()
            }
        }
        if let error {
            fault = VoiceFault(said.map { "\(error): \($0)" } ?? error, isRetryable: Self.isRetryable(error))
        }
    }

    private static func letters(_ json: inout JSONScanner) throws(JSONError) -> [LetterTimes.Letter] {
        var (texts, starts, durations): ([String], [Int], [Int]) = ([], [], [])
        try json.fieldsOrSkip { key, json throws(JSONError) in
            if key == "chars" {
                texts = try json.strings()
            } else if key == "charStartTimesMs" {
                starts = try json.milliseconds()
            } else if key == "charDurationsMs" || key == "charsDurationsMs" {
                // The vendor's pages have it in both spellings.
                durations = try json.milliseconds()
            } else {
                try json.skip()
            }
        }
        return zip(texts, zip(starts, durations)).map { text, times in
            LetterTimes.Letter(text: text, end: min(times.0, times.1) < 0 ? -1 : times.0 + times.1)
        }
    }

    /// What is the account's own business, and not the moment's, stays as it is.
    private static func isRetryable(_ error: String) -> Bool {
        ["concurrent", "rate", "busy", "internal", "timeout", "unavailable"].contains { error.contains($0) }
    }
}
