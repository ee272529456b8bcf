/// The host of a URL, where there is one way to read it: a name of the domain name system, or an address in its plain spelling.
public enum PlainHost: Equatable, Sendable {
    case name(String)
    case address(IPAddress)

    /// - Parameter text: without the brackets of an IPv6 address; `nil` where another reader may see another host: numbers in
    ///   octal, hexadecimal or fewer than four parts, zones, and what is not ASCII.
    public init?(_ text: String) {
        if let address = IPAddress(text) {
            self = .address(address)
            return
        }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...253).contains(text.utf8.count), labels.allSatisfy(Self.isLabel), let last = labels.last,
            !Self.isNumber(last)
        else { return nil }
        self = .name(text.lowercased())
    }

    /// Letters, digits, `-` and `_`, which stands in names of some clusters.
    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x5F
            }
    }

    /// What old resolvers take for a part of an IPv4 address. Source: the URL standard, "ends in a number".
    private static func isNumber(_ label: Substring) -> Bool {
        if label.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        guard label.hasPrefix("0x") || label.hasPrefix("0X") else { return false }
        return label.dropFirst(2).utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
        }
    }
}
