import ParleyWire

/// A JSON text read value by value, as the scanner's users do. Numbers stay as they are written.
indirect enum JSONTree: Equatable {
    case object([Member])
    case array([JSONTree])
    case string(String)
    case number(String)
    case bool(Bool)
    case null

    struct Member: Equatable {
        var key: String
        var value: JSONTree
    }

    static func read(_ input: [UInt8]) -> Result<JSONTree, JSONError> {
        lend(input) { bytes in
            Result { () throws(JSONError) in
                var json = JSONScanner(UnsafeRawBufferPointer(bytes))
                let tree = try value(&json)
                try json.finish()
                return tree
            }
        }
    }

    /// The scanner's limit on depth bounds the recursion.
    private static func value(_ json: inout JSONScanner) throws(JSONError) -> JSONTree {
        switch try json.kind() {
        case .object:
            var members: [Member] = []
            try json.enterObject()
            while let key = try json.nextKey() { members.append(Member(key: key.string, value: try value(&json))) }
            return .object(members)
        case .array:
            var values: [JSONTree] = []
            try json.enterArray()
            while try json.nextElement() { values.append(try value(&json)) }
            return .array(values)
        case .string: return .string(try json.string().string)
        case .number: return .number(String(decoding: try json.number(), as: UTF8.self))
        case .bool: return .bool(try json.bool())
        case .null:
            try json.skip()
            return .null
        }
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .object(let members):
            json.beginObject()
            for member in members {
                json.key(member.key)
                member.value.write(to: &json)
            }
            json.endObject()
        case .array(let values):
            json.beginArray()
            for value in values { value.write(to: &json) }
            json.endArray()
        case .string(let string): json.value(string)
        case .number(let number): json.raw(number)
        case .bool(let value): json.value(value)
        case .null: json.null()
        }
    }
}
