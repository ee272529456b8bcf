import ParleyCore
import ParleyWire

/// What the dialects are made of, on the input as it is: JSON, base64, the names of marks, what a peer says of itself.
enum TextTarget {
    static func check(_ input: [UInt8]) throws(Broken) {
        try checkJSON(input)
        try checkBase64(input)
        try lend(input) { bytes -> Result<Void, Broken> in
            let bytes = UnsafeRawBufferPointer(bytes)
            return Result { () throws(Broken) in
                if let mark = Mark(name: bytes) {
                    var name: [UInt8] = []
                    mark.appendName(to: &name)
                    try require(name == input, "a mark has two names")
                }
            }
        }.get()
        let line = PeerText.line(String(decoding: input, as: UTF8.self))
        try require(line.unicodeScalars.count <= PeerText.longest, "a line that is too long")
        try require(PeerText.line(line) == line, "a line that is cleaned twice changes")
    }

    // MARK: JSON

    private static func checkJSON(_ input: [UInt8]) throws(Broken) {
        let walked = JSONTree.read(input)
        let skipped = lend(input, shift: 1) { bytes in
            Result { () throws(JSONError) in
                var json = JSONScanner(UnsafeRawBufferPointer(bytes))
                try json.skip()
                try json.finish()
            }
        }
        switch (walked, skipped) {
        case (.failure(let one), .failure(let other)):
            try require(one == other, "what is walked fails with \(one), what is skipped with \(other)")
            try require((0...input.count).contains(one.offset), "an error at byte \(one.offset) of \(input.count)")
        case (.success(let tree), .success):
            // Bytes that are no UTF-8 never get here from a socket; their repair may make two keys the same.
            guard String(validating: input, as: UTF8.self) != nil else { break }
            var writer = JSONWriter()
            tree.write(to: &writer)
            let again = JSONTree.read(writer.bytes)
            try require(again == .success(tree), "what was written is not what is read")
        default: throw Broken("what may be walked may not be skipped, or the other way round")
        }
        try PeakMemory.require("a JSON text", ofBytes: input.count) {
            input.withUnsafeBytes { bytes in
                var json = JSONScanner(bytes)
                _ = try? json.skip()
            }
        }
    }

    // MARK: base64

    private static func checkBase64(_ input: [UInt8]) throws(Broken) {
        let decoded = lend(input, shift: 1) { text -> [UInt8]? in
            let text = UnsafeRawBufferPointer(text)
            guard let count = Base64.decodedCount(text) else { return nil }
            var out = [UInt8](repeating: 0, count: count)
            let written = out.withUnsafeMutableBytes { Base64.decode(text, into: $0) }
            return written == count ? out : nil
        }
        let isValid = lend(input) { Base64.isValid(UnsafeRawBufferPointer($0)) }
        try require(isValid == (decoded != nil), "base64 that is valid and does not decode, or the other way round")
        if let decoded {
            var text: [UInt8] = []
            Base64.append(decoded.span, to: &text)
            try require(text == input, "bytes have two forms in base64")
        }
        var text: [UInt8] = []
        Base64.append(input.span, to: &text)
        try require(text.count == Base64.encodedCount(input.count), "base64 of another length than was said")
        let back = lend(text) { text -> [UInt8]? in
            var out = [UInt8](repeating: 0, count: input.count)
            let count = out.withUnsafeMutableBytes { Base64.decode(UnsafeRawBufferPointer(text), into: $0) }
            return count == input.count ? out : nil
        }
        try require(back == input, "base64 that we wrote does not come back")
    }
}
