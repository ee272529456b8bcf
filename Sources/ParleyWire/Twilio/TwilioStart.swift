import ParleyCore

/// Reads the `start` object. What a peer leaves out is what Twilio always says: mu-law, 8 kHz, the inbound track.
enum TwilioStart {
    /// - Parameter streamID: the `streamSid` beside the object, which repeats the one in it.
    static func read(_ text: UnsafeRawBufferPointer, streamID: String?) throws(WireError) -> LegStart {
        var fields = Fields()
        do { try fields.read(text) } catch { throw .malformed(error) }

        guard let streamID = streamID ?? fields.streamID, isName(streamID) else {
            throw .missingField("streamSid", event: "start")
        }
        let callID = fields.callID ?? streamID
        guard isName(callID) else { throw .missingField("callSid", event: "start") }
        guard fields.accountID.utf8.count <= TwilioDialect.maxNameBytes else {
            throw .missingField("accountSid", event: "start")
        }
        guard fields.encoding == "audio/x-mulaw", fields.sampleRate == 8_000, fields.channels == 1 else {
            throw .unsupportedFormat(
                String(fields.encoding.unicodeScalars.prefix(16)) + " \(fields.sampleRate) Hz x\(fields.channels)")
        }
        return LegStart(
            streamID: streamID, callID: callID, accountID: fields.accountID, format: .telephone,
            tracks: fields.tracks, parameters: fields.parameters)
    }

    private static func isName(_ name: String) -> Bool { (1...TwilioDialect.maxNameBytes).contains(name.utf8.count) }

    private struct Fields {
        var streamID: String?
        var callID: String?
        var accountID = ""
        var encoding = "audio/x-mulaw"
        var sampleRate = 8_000
        var channels = 1
        var tracks: [LegStart.Track] = [.inbound]
        var parameters: [String: String] = [:]

        mutating func read(_ text: UnsafeRawBufferPointer) throws(JSONError) {
            var json = JSONScanner(text)
            try json.enterObject()
            while let key = try json.nextKey() {
                if key == "streamSid" {
                    streamID = try json.optionalString()?.string
                } else if key == "callSid" {
                    callID = try json.optionalString()?.string
                } else if key == "accountSid" {
                    accountID = try json.optionalString()?.string ?? ""
                } else if key == "tracks" {
                    try readTracks(&json)
                } else if key == "mediaFormat" {
                    try readFormat(&json)
                } else if key == "customParameters" {
                    parameters = try json.texts()
                } else {
                    try json.skip()
                }
            }
        }

        private mutating func readTracks(_ json: inout JSONScanner) throws(JSONError) {
            guard try json.kind() == .array else {
                try json.skip()
                return
            }
            tracks = []
            try json.enterArray()
            while try json.nextElement() {
                guard let track = try json.optionalString().flatMap({ LegStart.Track(rawValue: $0.string) }) else {
                    continue
                }
                if !tracks.contains(track) { tracks.append(track) }
            }
        }

        private mutating func readFormat(_ json: inout JSONScanner) throws(JSONError) {
            guard try json.kind() == .object else {
                try json.skip()
                return
            }
            try json.enterObject()
            while let key = try json.nextKey() {
                if key == "encoding" {
                    encoding = try json.optionalString()?.string ?? ""
                } else if key == "sampleRate" {
                    sampleRate = try json.counter() ?? 0
                } else if key == "channels" {
                    channels = try json.counter() ?? 0
                } else {
                    try json.skip()
                }
            }
        }
    }
}
