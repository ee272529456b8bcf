/// Which links a text may hold: `https`, to a host on the list, and plain to see.
///
/// A link is what a telephone makes one of: anything with a scheme (`https://...`), `www.` with a name, a name that
/// ends in a known top-level domain, four numbers of an IP address. A plain mail address is none.
public struct LinkRules: Equatable, Sendable {
    /// What is wrong with a link; says nothing of the link.
    public enum Fault: String, Error, Sendable, CaseIterable {
        /// Also for a bare name, which telephones open as `http`.
        case notHTTPS = "link_not_https"
        case hostNotAllowed = "link_host_not_allowed"
        case hostNotASCII = "link_host_not_ascii"
        case userInfo = "link_user_info"
        case publicShortener = "link_public_shortener"
        case address = "link_ip_address"
        /// Escapes in the host, backslashes, empty labels, a port that is no number: what two readers may read in two
        /// ways.
        case malformed = "link_malformed"
    }

    /// An entry of the list that can be no host: a URL, an address, a top-level domain, a public shortener, not ASCII.
    public struct HostFault: Error, Equatable, Sendable {
        /// In the list.
        public let index: Int
    }

    /// In lower case. A host's subdomains are allowed with it.
    public let hosts: [String]
    private let endings: Set<String>

    /// No link at all.
    public static let none = LinkRules(checked: [])

    /// - Parameter hosts: names such as `clinic.example`; an internationalised one in its `xn--` form.
    public init(hosts: [String]) throws(HostFault) {
        var checked: [String] = []
        for (index, host) in hosts.enumerated() {
            let host = host.lowercased()
            guard Self.isHostName(host), !PublicShorteners.contains(host) else { throw HostFault(index: index) }
            checked.append(host)
        }
        self.init(checked: checked)
    }

    private init(checked: [String]) {
        hosts = checked
        endings = Set(checked.compactMap { $0.split(separator: ".").last.map(String.init) })
    }

    /// Each rule that some link breaks, once, in the order of the cases; none for a text without links.
    public func faults(in body: String) -> [Fault] {
        let found = links(in: Array(body.unicodeScalars)).reduce(into: Set<Fault>()) { $0.formUnion(faults(of: $1)) }
        return Fault.allCases.filter(found.contains)
    }

    func links(in scalars: [Unicode.Scalar]) -> [Link] {
        var scanner = LinkScanner(scalars, endings: endings)
        return scanner.links()
    }

    func faults(of link: Link) -> Set<Fault> {
        var found = link.faults
        if link.scheme != "https" { found.insert(.notHTTPS) }
        if PublicShorteners.contains(link.host) { found.insert(.publicShortener) }
        if !hosts.contains(where: { link.host == $0 || link.host.hasSuffix("." + $0) }) {
            found.insert(.hostNotAllowed)
        }
        return found
    }

    /// Two labels or more of letters, digits and hyphens (RFC 1123 section 2.1); the last is no number.
    private static func isHostName(_ host: String) -> Bool {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, host.utf8.count <= 253 else { return false }
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { $0.isDigit || $0.isLetter || $0 == UInt8(ascii: "-") }
        }
        return areLabels && !(labels.last?.allSatisfy(\.isDigit) ?? true)
    }
}

/// One link as it stands in a text.
struct Link: Equatable, Sendable {
    /// In Unicode scalars of the text, without the marks that close a sentence.
    let range: Range<Int>
    /// In lower case; `nil` for a bare name.
    let scheme: String?
    /// In lower case, look-alikes folded, without closing dots.
    let host: String
    /// What is wrong with its form, whatever the list says.
    let faults: Set<LinkRules.Fault>
}
