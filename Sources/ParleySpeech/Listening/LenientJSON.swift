import ParleyCore
import ParleyWire

// Engines write a number as a string, or `null` for what is not there: that is no reason to lose the rest of a message.
extension JSONScanner {
    /// A string; anything else is skipped.
    package mutating func textOrSkip() throws(JSONError) -> String? {
        if try kind() == .string { return try string().string }
        try skip()
        return nil
    }

    /// True or false; anything else is skipped.
    package mutating func flagOrSkip() throws(JSONError) -> Bool? {
        if try kind() == .bool { return try bool() }
        try skip()
        return nil
    }

    /// A number, or a string that is one; anything else, and what is not finite, is skipped.
    package mutating func numberOrSkip() throws(JSONError) -> Double? {
        let value: Double?
        switch try kind() {
        case .number: value = Double(String(decoding: try number(), as: UTF8.self))
        case .string: value = Double(try string().string)
        default:
            try skip()
            return nil
        }
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A place in the audio, in seconds; anything else, and what no call reaches, is skipped.
    package mutating func secondsOrSkip() throws(JSONError) -> CallTime? {
        guard let seconds = try numberOrSkip(), (0...1e6).contains(seconds) else { return nil }
        return .seconds(seconds)
    }

    /// Reads an object's fields; where the value is none, it is skipped.
    ///
    /// - Parameter read: reads or skips exactly one value.
    package mutating func fieldsOrSkip(
        _ read: (JSONString, inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try kind() == .object else {
            try skip()
            return
        }
        try enterObject()
        while let key = try nextKey() { try read(key, &self) }
    }

    /// Reads a list's elements; where the value is none, it is skipped.
    ///
    /// - Parameter read: reads or skips exactly one value.
    package mutating func elementsOrSkip(
        _ read: (inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try kind() == .array else {
            try skip()
            return
        }
        try enterArray()
        while try nextElement() { try read(&self) }
    }

    /// A whole message, an object, field by field. `false`: it is none, or broken.
    package static func message(
        _ text: UnsafeRawBufferPointer, _ read: (JSONString, inout JSONScanner) throws(JSONError) -> Void
    ) -> Bool {
        // The words of a long turn have five fields each.
        var json = JSONScanner(text, limits: Limits(maxKeys: 8_192))
        do {
            guard try json.kind() == .object else { return false }
            try json.fieldsOrSkip(read)
            try json.finish()
            return true
        } catch {
            return false
        }
    }
}
