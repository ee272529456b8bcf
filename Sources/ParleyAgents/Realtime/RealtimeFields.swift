import ParleyWire

/// The fields that events are made of, whichever event it is.
struct RealtimeFields {
    /// A whole answer may come in one message of audio, and a session's description holds all its tools.
    private static let limits = JSONScanner.Limits(maxDepth: 32, maxKeys: 4_096, maxStringBytes: 1 << 20)
    /// Items of a response that are looked at.
    private static let mostItems = 32

    var type: String?
    var item: String?
    var content = 0
    var responseID: String?
    var delta: JSONString?
    var transcript: String?
    var call: String?
    var name: String?
    var arguments: String?
    var status: String?
    var output: [RealtimeEvent.Item] = []
    var code: String?
    var message: String?
    var ownEvent: String?

    mutating func read(_ text: UnsafeRawBufferPointer) throws(JSONError) {
        var json = JSONScanner(text, limits: Self.limits)
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "type" {
                type = try json.string().string
            } else if key == "item_id" {
                item = try json.optionalString()
            } else if key == "response_id" {
                responseID = try json.optionalString()
            } else if key == "content_index" {
                content = max(0, try json.counter() ?? 0)
            } else if key == "delta" {
                delta = try json.kind() == .string ? json.string() : nil
                if delta == nil { try json.skip() }
            } else if key == "transcript" {
                transcript = try json.optionalString()
            } else if key == "call_id" {
                call = try json.optionalString()
            } else if key == "name" {
                name = try json.optionalString()
            } else if key == "arguments" {
                arguments = try json.optionalString()
            } else if key == "response", try json.kind() == .object {
                try readResponse(&json)
            } else if key == "item", try json.kind() == .object {
                if let item = try Self.readItem(&json) { output.append(item) }
            } else if key == "error", try json.kind() == .object {
                try readError(&json)
            } else {
                try json.skip()
            }
        }
        try json.finish()
    }

    private mutating func readResponse(_ json: inout JSONScanner) throws(JSONError) {
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "id" {
                responseID = try json.optionalString()
            } else if key == "status" {
                status = try json.optionalString()
            } else if key == "output", try json.kind() == .array {
                try json.enterArray()
                while try json.nextElement() {
                    guard try json.kind() == .object, output.count < Self.mostItems else {
                        try json.skip()
                        continue
                    }
                    if let item = try Self.readItem(&json) { output.append(item) }
                }
            } else {
                try json.skip()
            }
        }
    }

    private static func readItem(_ json: inout JSONScanner) throws(JSONError) -> RealtimeEvent.Item? {
        var (id, kind): (String?, String?)
        var item = RealtimeEvent.Item(id: "", kind: "")
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "id" {
                id = try json.optionalString()
            } else if key == "type" {
                kind = try json.optionalString()
            } else if key == "name" {
                item.name = try json.optionalString()
            } else if key == "call_id" {
                item.callID = try json.optionalString()
            } else if key == "arguments" {
                item.arguments = try json.optionalString()
            } else {
                try json.skip()
            }
        }
        guard let id, let kind else { return nil }
        (item.id, item.kind) = (id, kind)
        return item
    }

    private mutating func readError(_ json: inout JSONScanner) throws(JSONError) {
        try json.enterObject()
        while let key = try json.nextKey() {
            if key == "code" {
                code = try json.optionalString()
            } else if key == "type" {
                // Where there is no code it has to do.
                let kind = try json.optionalString()
                code = code ?? kind
            } else if key == "message" {
                message = try json.optionalString()
            } else if key == "event_id" {
                ownEvent = try json.optionalString()
            } else {
                try json.skip()
            }
        }
    }

    func needed<Value>(_ field: (RealtimeFields) -> Value?, _ name: String) throws(RealtimeEvent.Fault) -> Value {
        guard let value = field(self) else { throw .missing(name) }
        return value
    }

    func audio() throws(RealtimeEvent.Fault) -> [UInt8] {
        guard let delta else { throw .missing("delta") }
        guard delta.hasEscapes else { return try Self.octets(delta.bytes) }
        // A slash may be written with an escape.
        let text = Array(delta.string.utf8)
        do {
            return try text.withUnsafeBytes { bytes throws(RealtimeEvent.Fault) in try Self.octets(bytes) }
        } catch {
            throw .audio
        }
    }

    private static func octets(_ text: UnsafeRawBufferPointer) throws(RealtimeEvent.Fault) -> [UInt8] {
        guard let count = Base64.decodedCount(text) else { throw .audio }
        var isValid = true
        let octets = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            isValid = Base64.decode(text, into: UnsafeMutableRawBufferPointer(buffer)) != nil
            written = isValid ? count : 0
        }
        guard isValid else { throw .audio }
        return octets
    }
}

extension JSONScanner {
    /// A string; `nil` for `null`, which some servers write where others leave a field out.
    fileprivate mutating func optionalString() throws(JSONError) -> String? {
        guard try kind() == .null else { return try string().string }
        try skip()
        return nil
    }
}
