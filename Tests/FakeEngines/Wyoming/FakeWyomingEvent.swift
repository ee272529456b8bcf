/// One event of the Wyoming protocol: a line of JSON, more JSON, bytes (protocols.md 6.6).
public struct FakeWyomingEvent: Equatable, Sendable {
    public var type: String
    public var data: [String: FakeJSON]
    public var payload: [UInt8]

    public init(_ type: String, _ data: [String: FakeJSON] = [:], payload: [UInt8] = []) {
        self.type = type
        self.data = data
        self.payload = payload
    }

    /// As the reference library writes it: the data after the line.
    public var bytes: [UInt8] {
        var head: [String: FakeJSON] = ["type": .string(type), "version": "1.10.2"]
        let more = data.isEmpty ? [] : Array(FakeJSON.object(data).text.utf8)
        if !more.isEmpty { head["data_length"] = .number(Double(more.count)) }
        if !payload.isEmpty { head["payload_length"] = .number(Double(payload.count)) }
        return Array((FakeJSON.object(head).text + "\n").utf8) + more + payload
    }

    /// Of exactly these bytes, as `bytes` writes them.
    init?(whole bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: 10), let head = FakeJSON(bytes: Array(bytes[..<end])),
            let type = head["type"]?.string
        else { return nil }
        let dataEnd = end + 1 + (head["data_length"]?.whole ?? 0)
        let data = dataEnd > end + 1 ? FakeJSON(bytes: Array(bytes[(end + 1)..<dataEnd]))?.object : [:]
        guard let data else { return nil }
        self.init(type, data, payload: Array(bytes[dataEnd...]))
    }

    /// The next of a connection.
    ///
    /// - Returns: nil where it has ended; a problem where what came is no event.
    public static func next(_ reader: inout FakeByteReader) async -> Result<Self, FakeWyomingProblem>? {
        guard let line = await reader.line() else { return nil }
        func problem(_ what: String) -> Result<Self, FakeWyomingProblem> { .failure(FakeWyomingProblem(what: what)) }
        guard let head = FakeJSON(bytes: line), let fields = head.object else {
            return problem("a line that is no JSON object: \(String(decoding: line.prefix(80), as: UTF8.self))")
        }
        let known: Set<String> = ["type", "data", "data_length", "payload_length", "version"]
        if let name = Set(fields.keys).subtracting(known).first { return problem("\(name) in an event's line") }
        guard let type = head["type"]?.string else { return problem("an event without a type") }
        var data: [String: FakeJSON] = [:]
        if let inline = head["data"] {
            guard let fields = inline.object else { return problem("data of \(type) that is no object") }
            data = fields
        }
        if let length = head["data_length"] {
            guard let count = length.whole, count >= 0 else { return problem("data_length of \(type)") }
            guard let bytes = await reader.take(count) else { return nil }
            if count > 0 {
                guard let fields = FakeJSON(bytes: bytes)?.object else {
                    return problem("data of \(type) that is no object")
                }
                data.merge(fields) { _, later in later }
            }
        }
        var payload: [UInt8] = []
        if let length = head["payload_length"] {
            guard let count = length.whole, count >= 0 else { return problem("payload_length of \(type)") }
            guard let bytes = await reader.take(count) else { return nil }
            payload = bytes
        }
        return .success(FakeWyomingEvent(type, data, payload: payload))
    }
}

/// What came instead of an event.
public struct FakeWyomingProblem: Error, Equatable, Sendable {
    public let what: String
}
