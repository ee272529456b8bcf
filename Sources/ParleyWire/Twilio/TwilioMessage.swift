/// One text message of a media stream, taken apart in one pass whatever the order of its fields. All is lent.
///
/// Source: Twilio, Media Streams WebSocket messages.
struct TwilioMessage {
    var event: JSONString?
    var streamID: JSONString?

    var hasMedia = false
    var isOutbound = false
    var chunk = -1
    var timestamp = -1
    var payload: JSONString?

    var digit: JSONString?
    var markName: JSONString?
    /// The text of the `start` object: rare and large, so that it is read once we know that it is wanted.
    var start: UnsafeRawBufferPointer?

    /// A time beyond is none: what is reckoned from it would not fit. RFC 8259 section 6: integers that everybody
    /// reads alike end at 2^53; in milliseconds that is 285,000 years.
    private static let latestTimestamp = 1 << 53

    init(_ text: UnsafeRawBufferPointer) throws(JSONError) {
        var json = JSONScanner(text)
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "event" {
                event = try json.optionalString()
            } else if key == "media" {
                try readMedia(&json)
            } else if key == "streamSid" {
                streamID = try json.optionalString()
            } else if key == "mark" {
                markName = try json.field("name")
            } else if key == "dtmf" {
                digit = try json.field("digit")
            } else if key == "start" {
                start = try json.kind() == .object ? try json.skip() : nil
                if start == nil { try json.skip() }
            } else {
                try json.skip()
            }
        }
        try json.finish()
    }

    private mutating func readMedia(_ json: inout JSONScanner) throws(JSONError) {
        guard try json.kind() == .object else {
            try json.skip()
            return
        }
        hasMedia = true
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "payload" {
                payload = try json.optionalString()
            } else if key == "timestamp" {
                timestamp = try json.counter().flatMap { $0 <= Self.latestTimestamp ? $0 : nil } ?? -1
            } else if key == "chunk" {
                chunk = try json.counter() ?? -1
            } else if key == "track" {
                isOutbound = try json.optionalString().map { $0 == "outbound" } ?? false
            } else {
                try json.skip()
            }
        }
    }
}

extension JSONScanner {
    /// A string; a value of another type is skipped.
    mutating func optionalString() throws(JSONError) -> JSONString? {
        guard try kind() == .string else {
            try skip()
            return nil
        }
        return try string()
    }

    /// One string field of an object, whose other fields are skipped; so is a value that is no object.
    mutating func field(_ name: StaticString) throws(JSONError) -> JSONString? {
        guard try kind() == .object else {
            try skip()
            return nil
        }
        var found: JSONString?
        try enterObject()
        while let key = try nextKey() {
            if key == name { found = try optionalString() } else { try skip() }
        }
        return found
    }

    /// An object of text. Numbers and Booleans become their text; other values are left out.
    mutating func texts() throws(JSONError) -> [String: String] {
        guard try kind() == .object else {
            try skip()
            return [:]
        }
        var texts: [String: String] = [:]
        try enterObject()
        while let key = try nextKey() {
            let name = key.string
            switch try kind() {
            case .string: texts[name] = try string().string
            case .number, .bool: texts[name] = String(decoding: try skip(), as: UTF8.self)
            case .object, .array, .null: try skip()
            }
        }
        return texts
    }
}
