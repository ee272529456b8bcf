import ParleyWire

/// What the messages of voices have in common.
extension JSONScanner {
    /// A second of linear sound in base64 has 64 000 characters and more.
    static let limitsOfVoices = Limits(maxStringBytes: 1 << 20)

    /// A string; a value of any other kind is skipped.
    mutating func stringOrSkip() throws(JSONError) -> JSONString? {
        guard try kind() == .string else {
            try skip()
            return nil
        }
        return try string()
    }

    /// The numbers of a list, each times `factor`, as whole milliseconds; what is no time of a clause becomes -1.
    mutating func milliseconds(times factor: Double = 1) throws(JSONError) -> [Int] {
        var times: [Int] = []
        try elementsOrSkip { json throws(JSONError) in
            let time = try json.numberOrSkip().map { ($0 * factor).rounded() } ?? -1
            times.append((0...1e7).contains(time) ? Int(time) : -1)
        }
        return times
    }

    /// The strings of a list; what is none becomes empty.
    mutating func strings() throws(JSONError) -> [String] {
        var strings: [String] = []
        try elementsOrSkip { json throws(JSONError) in strings.append(try json.textOrSkip() ?? "") }
        return strings
    }
}

extension JSONString {
    /// The bytes that it writes in base64, straight from the message; `nil` where it is none.
    var octets: [UInt8]? {
        guard hasEscapes else { return Self.decoded(bytes) }
        // Some writers put a backslash before each slash.
        return Array(string.utf8).withUnsafeBytes { Self.decoded($0) }
    }

    private static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let count = Base64.decodedCount(text) else { return nil }
        var isGood = false
        let octets = [UInt8](unsafeUninitializedCapacity: max(1, count)) { buffer, written in
            let result = Base64.decode(text, into: UnsafeMutableRawBufferPointer(buffer))
            isGood = result != nil
            written = result ?? 0
        }
        return isGood ? octets : nil
    }
}

/// Reads a whole message; `nil` where it is not the JSON that was expected.
func readVoiceMessage<Value>(
    _ message: UnsafeRawBufferPointer, _ read: (inout JSONScanner) throws(JSONError) -> Value
) -> Value? {
    var json = JSONScanner(message, limits: JSONScanner.limitsOfVoices)
    do {
        let value = try read(&json)
        try json.finish()
        return value
    } catch {
        return nil
    }
}

extension VoiceMessage {
    /// A text message that is one JSON object.
    static func object(_ write: (inout JSONWriter) -> Void) -> VoiceMessage {
        var json = JSONWriter()
        json.beginObject()
        write(&json)
        json.endObject()
        return .text(json.bytes)
    }
}
