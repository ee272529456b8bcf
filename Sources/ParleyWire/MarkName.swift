import ParleyCore

/// The wire name of a mark, `u<generation>-<index>`: the same in every dialect.
extension Mark {
    /// Reads a wire name. Nothing is allocated.
    ///
    /// - Returns: `nil` for any name that `appendName` does not write.
    public init?(name: UnsafeRawBufferPointer) {
        guard name.count >= 4, name[0] == UInt8(ascii: "u") else { return nil }
        guard let dash = name.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        guard let generation = Self.number(name[1..<dash]), let index = Self.number(name[(dash + 1)...]) else {
            return nil
        }
        self.init(generation: Generation(generation), index: index)
    }

    /// Appends the wire name: ASCII, 22 bytes at most, nothing that JSON escapes.
    public func appendName(to out: inout [UInt8]) {
        out.append(UInt8(ascii: "u"))
        JSONWriter.appendNumber(generation.number, to: &out)
        out.append(UInt8(ascii: "-"))
        JSONWriter.appendNumber(index, to: &out)
    }

    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt32? {
        // One way to write a number, so that a name and its mark are the same thing.
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        return JSONString.counter(UnsafeRawBufferPointer(rebasing: digits)).flatMap { UInt32(exactly: $0) }
    }
}
