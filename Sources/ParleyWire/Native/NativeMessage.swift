import ParleyCore

/// One text message of the native dialect, of either side, whatever the order of its fields. Strings are lent.
struct NativeMessage {
    var event: JSONString?
    var name: JSONString?
    var digit: JSONString?
    var call: JSONString?
    var kind: JSONString?
    var from: JSONString?
    var codec: JSONString?
    var sampleRate = 0
    var parameters: [String: String] = [:]

    init(_ text: UnsafeRawBufferPointer) throws(JSONError) {
        var json = JSONScanner(text)
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "event" {
                event = try json.optionalString()
            } else if key == "name" {
                name = try json.optionalString()
            } else if key == "digit" {
                digit = try json.optionalString()
            } else if key == "call" {
                call = try json.optionalString()
            } else if key == "kind" {
                kind = try json.optionalString()
            } else if key == "from" {
                from = try json.optionalString()
            } else if key == "format" {
                try readFormat(&json)
            } else if key == "parameters" {
                parameters = try json.texts()
            } else {
                try json.skip()
            }
        }
        try json.finish()
    }

    private mutating func readFormat(_ json: inout JSONScanner) throws(JSONError) {
        guard try json.kind() == .object else {
            try json.skip()
            return
        }
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "codec" {
                codec = try json.optionalString()
            } else if key == "sample_rate" {
                sampleRate = try json.counter() ?? 0
            } else {
                try json.skip()
            }
        }
    }

    /// The format that a start asks for.
    func agreedFormat() throws(WireError) -> LegFormat {
        guard let codec else { throw .missingField("format.codec", event: "start") }
        let name = codec.string
        guard let known = LegFormat.Codec(rawValue: name), known != .mulaw, sampleRate == 8_000 || sampleRate == 16_000
        else {
            throw .unsupportedFormat(String(name.unicodeScalars.prefix(16)) + " \(sampleRate) Hz")
        }
        return LegFormat(codec: known, sampleRate: sampleRate)
    }
}
