/// Finds an alias (`*name`) of an anchor (`&name`) in YAML before it is parsed: aliases of aliases make a page of text a
/// value that no machine can walk through, and the parser itself walks through it where it is a key.
///
/// Every alias that the parser would follow is found. Text that only looks like one is taken for it, where it has the
/// same name behind a `&` and behind a `*`.
public struct YAMLAlias: Equatable, Sendable {
    public var name: String
    /// From 1.
    public var line: Int

    /// For people, with the mend.
    public var problem: String { "`*\(name)` repeats `&\(name)`, and aliases are not taken; write the value out" }

    public static func first(in text: String) -> YAMLAlias? {
        var anchors: Set<String> = []
        var found: YAMLAlias?
        var text = text
        text.withUTF8 { bytes in
            var line = 1
            for index in bytes.indices where found == nil {
                switch bytes[index] {
                case UInt8(ascii: "\n"): line += 1
                case UInt8(ascii: "&"): if let name = name(behind: index, in: bytes) { anchors.insert(name) }
                case UInt8(ascii: "*"):
                    guard !anchors.isEmpty, let name = name(behind: index, in: bytes) else { continue }
                    if anchors.contains(name) { found = YAMLAlias(name: name, line: line) }
                default: break
                }
            }
        }
        return found
    }

    /// The name behind a mark that begins a word: letters, digits, `_` and `-`, as in libyaml's scanner.
    private static func name(behind mark: Int, in bytes: UnsafeBufferPointer<UInt8>) -> String? {
        if mark > 0, isLetterOrDigit(bytes[mark - 1]) { return nil }
        let name = bytes[(mark + 1)...].prefix {
            isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
