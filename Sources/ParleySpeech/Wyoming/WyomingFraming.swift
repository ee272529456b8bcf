import ParleyWire

/// One event of the Wyoming protocol: a type, some JSON, some bytes.
package struct WyomingEvent: Equatable, Sendable {
    package var type: String
    /// The header's own `data`: an object's text, or empty.
    package var inline: [UInt8]
    /// What followed the header: an object's text, or empty. Its keys win over the header's.
    package var data: [UInt8]
    /// Audio, mostly.
    package var payload: [UInt8]

    package init(_ type: String, inline: [UInt8] = [], data: [UInt8] = [], payload: [UInt8] = []) {
        self.type = type
        self.inline = inline
        self.data = data
        self.payload = payload
    }

    /// The text of a key. `nil`: there is none, or the data is no JSON object.
    package func text(_ key: StaticString) -> String? {
        find(key) { json throws(JSONError) in try json.kind() == .string ? try json.string().string : nil }
    }

    /// The whole number of a key. `nil`: there is none, or the data is no JSON object.
    package func whole(_ key: StaticString) -> Int? {
        find(key) { json throws(JSONError) in try json.kind() == .number ? try json.integer() : nil }
    }

    private func find<Value>(
        _ key: StaticString, _ read: (inout JSONScanner) throws(JSONError) -> Value?
    ) -> Value? {
        Self.find(key, in: data, read) ?? Self.find(key, in: inline, read)
    }

    private static func find<Value>(
        _ key: StaticString, in object: [UInt8], _ read: (inout JSONScanner) throws(JSONError) -> Value?
    ) -> Value? {
        guard !object.isEmpty else { return nil }
        return object.withUnsafeBytes { bytes in
            var json = JSONScanner(bytes, limits: WyomingReader.jsonLimits)
            var found: Value?
            do {
                try json.enterObject()
                while let next = try json.nextKey() {
                    if next == key, let value = try read(&json) { found = value } else { try json.skip() }
                }
                try json.finish()
                return found
            } catch {
                return nil
            }
        }
    }

    /// Writes the event as the reference library does: the data after the header.
    ///
    /// - Parameter data: an object's text, or empty.
    package static func append(_ type: String, data: [UInt8] = [], payload: [UInt8] = [], to out: inout [UInt8]) {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", type)
        if !data.isEmpty { json.field("data_length", data.count) }
        if !payload.isEmpty { json.field("payload_length", payload.count) }
        json.endObject()
        out += json.bytes
        out.append(UInt8(ascii: "\n"))
        out += data
        out += payload
    }
}

/// What cannot be the Wyoming protocol. Where the next event begins is not known any more: the connection is of no use.
package enum WyomingFault: Error, Equatable, Sendable, CustomStringConvertible {
    case lineTooLong
    case dataTooLong
    case payloadTooLong
    /// The header is no JSON object with a `type` and lengths that are counters.
    case badHeader

    package var description: String {
        switch self {
        case .lineTooLong: "a header of more than 64 KiB"
        case .dataTooLong: "an event with more than 1 MiB of data"
        case .payloadTooLong: "an event with more than 1 MiB of payload"
        case .badHeader: "a header that is none"
        }
    }
}

/// Cuts the bytes of a Wyoming connection into events, however they come.
///
/// A header is one JSON line; then come `data_length` bytes of JSON and `payload_length` bytes. The protocol sets no limits, so
/// that these are ours.
package struct WyomingReader: Sendable {
    package static let longestLine = 64 << 10
    package static let longestData = 1 << 20
    package static let longestPayload = 1 << 20
    /// A server's `info` names every voice that it has.
    static let jsonLimits = JSONScanner.Limits(maxKeys: 4_096)

    private struct Header {
        var event: WyomingEvent
        var dataLength = 0
        var payloadLength = 0
    }

    private var waiting: [UInt8] = []
    /// Bytes of `waiting` that have been given out.
    private var taken = 0
    /// Bytes of `waiting` in which no line ends.
    private var searched = 0
    private var header: Header?

    package init() {}

    package mutating func receive(_ bytes: UnsafeRawBufferPointer) { waiting += bytes }

    /// The next event that is whole; `nil` until more has come. After a fault nothing sensible follows.
    package mutating func next() throws(WyomingFault) -> WyomingEvent? {
        if header == nil {
            guard let line = try takeLine() else { return nil }
            header = try Self.read(line)
        }
        guard let header, waiting.count - taken >= header.dataLength + header.payloadLength else {
            dropTaken()
            return nil
        }
        var event = header.event
        event.data = take(header.dataLength)
        event.payload = take(header.payloadLength)
        self.header = nil
        return event
    }

    private mutating func takeLine() throws(WyomingFault) -> [UInt8]? {
        searched = max(searched, taken)
        guard let end = waiting[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            guard waiting.count - taken <= Self.longestLine else { throw .lineTooLong }
            dropTaken()
            searched = waiting.count
            return nil
        }
        guard end - taken <= Self.longestLine else { throw .lineTooLong }
        let line = take(end - taken)
        taken += 1
        return line
    }

    private mutating func take(_ count: Int) -> [UInt8] {
        defer { taken += count }
        return count == 0 ? [] : Array(waiting[taken..<taken + count])
    }

    private mutating func dropTaken() {
        waiting.removeFirst(taken)
        taken = 0
        searched = 0
    }

    private static func read(_ line: [UInt8]) throws(WyomingFault) -> Header {
        let header: Header? = line.withUnsafeBytes { bytes in
            do {
                return try read(bytes)
            } catch {
                return nil
            }
        }
        guard let header else { throw .badHeader }
        guard header.dataLength <= longestData else { throw .dataTooLong }
        guard header.payloadLength <= longestPayload else { throw .payloadTooLong }
        return header
    }

    private static func read(_ line: UnsafeRawBufferPointer) throws(JSONError) -> Header? {
        var json = JSONScanner(line, limits: jsonLimits)
        var header = Header(event: WyomingEvent(""))
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "type" {
                header.event.type = try json.string().string
            } else if key == "data", try json.kind() == .object {
                header.event.inline = Array(try json.skip())
            } else if key == "data_length", try json.kind() != .null {
                guard let length = try json.counter() else { return nil }
                header.dataLength = length
            } else if key == "payload_length", try json.kind() != .null {
                guard let length = try json.counter() else { return nil }
                header.payloadLength = length
            } else {
                try json.skip()
            }
        }
        try json.finish()
        return header.event.type.isEmpty ? nil : header
    }
}
