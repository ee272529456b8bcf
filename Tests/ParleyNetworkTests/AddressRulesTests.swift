import ParleyNetwork
import Testing

@Suite("Where a request may go")
struct AddressRulesTests {
    /// Addresses and spellings of them, with why nothing is sent there; `host`: it is no host at all.
    static let closed: [(host: String, why: String)] = [
        // Loopback, in IPv4 and what is said to mean it.
        ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"), ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"), ("::ffff:7f00:1", "loopback"), ("::127.0.0.1", "translated"),
        ("2130706433", "host"), ("017700000001", "host"), ("0x7f000001", "host"), ("0x7F.0.0.1", "host"),
        ("0177.0.0.1", "host"), ("127.1", "host"), ("127.0.1", "host"), ("127.0.0.01", "host"), ("127.0.0.0x1", "host"),
        ("127.0.0.1.", "host"), ("0", "host"), ("１２７.0.0.1", "host"), ("127。0。0。1", "host"), ("①②⑦.0.0.1", "host"),
        ("127.0.0.256", "host"), ("[::1]", "host"), ("::1%lo", "host"), ("0:0:0:0:0:0:0:1", "loopback"),
        ("0000:0000:0000:0000:0000:0000:0000:0001", "loopback"), (":::1", "host"), ("1::2::3", "host"),
        // Nowhere, and everywhere.
        ("0.0.0.0", "unspecified"), ("0.1.2.3", "unspecified"), ("::", "unspecified"), ("::0.0.0.0", "unspecified"),
        ("255.255.255.255", "broadcast"), ("224.0.0.1", "multicast"), ("239.255.255.250", "multicast"),
        ("ff02::1", "multicast"), ("ff0e::1", "multicast"), ("240.0.0.1", "reserved"),
        // Of one's own network.
        ("10.0.0.1", "private"), ("10.255.255.255", "private"), ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"), ("::ffff:192.168.1.1", "private"), ("::ffff:c0a8:101", "private"),
        ("fc00::1", "private"), ("fd12:3456:789a::1", "private"), ("fec0::1", "private"),
        ("100.64.0.1", "shared"), ("100.127.255.255", "shared"),
        ("169.254.0.1", "link_local"), ("fe80::1", "link_local"), ("febf::1", "link_local"),
        // Where clouds keep credentials.
        ("169.254.169.254", "metadata"), ("169.254.170.2", "metadata"), ("169.254.170.23", "metadata"),
        ("100.100.100.200", "metadata"), ("168.63.129.16", "metadata"), ("192.0.0.192", "metadata"),
        ("fd00:ec2::254", "metadata"), ("fd20:ce::254", "metadata"), ("::ffff:169.254.169.254", "metadata"),
        ("::ffff:a9fe:a9fe", "metadata"), ("0xa9fea9fe", "host"), ("2852039166", "host"),
        ("0251.0376.0251.0376", "host"),
        // What is translated on the way.
        ("64:ff9b::10.0.0.1", "translated"), ("64:ff9b::a9fe:a9fe", "translated"), ("64:ff9b:1::8.8.8.8", "translated"),
        ("2002:7f00:1::", "translated"), ("2002:a9fe:a9fe::1", "translated"), ("2002:808:808::1", "translated"),
        ("2001:0:7f00:1::1", "translated"), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "translated"),
        ("::ffff:0:127.0.0.1", "translated"), ("192.88.99.1", "translated"), ("2600::5efe:10.0.0.1", "translated"),
        ("2600::200:5efe:127.0.0.1", "translated"), ("::8.8.8.8", "translated"),
        // Examples, measurements, what nobody has.
        ("192.0.2.1", "documentation"), ("198.51.100.7", "documentation"), ("203.0.113.9", "documentation"),
        ("2001:db8::1", "documentation"), ("3fff:1::1", "documentation"), ("198.18.0.1", "benchmark"),
        ("198.19.255.255", "benchmark"), ("2001:2::1", "benchmark"), ("192.0.0.8", "reserved"), ("100::1", "reserved"),
        ("2001:10::1", "reserved"), ("5f00::1", "reserved"), ("4000::1", "reserved"), ("8000::1", "reserved"),
    ]

    @Test("Nothing is sent to these", arguments: AddressRulesTests.closed)
    func refused(host: String, why: String) {
        switch PlainHost(host) {
        case nil: #expect(why == "host")
        case .name(let name): Issue.record("\(host) is taken for the name \(name)")
        case .address(let address): #expect(AddressRules().refusal(of: address)?.rawValue == why)
        }
    }

    @Test("There are sixty of them and more, each once")
    func count() {
        #expect(Set(Self.closed.map(\.host)).count == Self.closed.count)
        #expect(Self.closed.count >= 60)
    }

    @Test(
        "The open Internet is open, to its edges",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
            "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
            "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111",
            "2001:4860:4860::8888", "2001:200::1", "2003::1", "3ffe::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
            "2600::5efe:8.8.8.8",
        ])
    func open(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressRules().refusal(of: address) == nil)
    }

    @Test("What the operator opened is open, in each spelling of it, and nothing beside it")
    func allowed() throws {
        let ranges = ["10.20.0.0/16", "127.0.0.1", "fd12:3456::/32", "169.254.0.0/16", "100.64.0.0/10"]
        let rules = AddressRules(allowing: try ranges.map { try #require(AddressRange($0)) })
        func refusal(_ text: String) throws -> AddressRules.Refusal? {
            rules.refusal(of: try #require(IPAddress(text)))
        }
        for text in ["10.20.255.1", "127.0.0.1", "::ffff:127.0.0.1", "fd12:3456:7::1", "169.254.1.1", "100.64.1.1"] {
            #expect(try refusal(text) == nil)
        }
        #expect(try refusal("10.21.0.1") == .privateUse)
        #expect(try refusal("127.0.0.2") == .loopback)
        #expect(try refusal("fd12:3457::1") == .privateUse)
        // Not even so.
        #expect(try refusal("169.254.169.254") == .metadata)
        #expect(try refusal("100.100.100.200") == .metadata)
        #expect(try refusal("64:ff9b::10.20.0.1") == .translated)
    }

    @Test("No range opens what is nobody's machine")
    func never() throws {
        let all = AddressRules(allowing: try ["0.0.0.0/0", "::/0"].map { try #require(AddressRange($0)) })
        for text in ["0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "169.254.169.254", "2002::1", "ff02::1"] {
            #expect(all.refusal(of: try #require(IPAddress(text))) != nil)
        }
        #expect(all.refusal(of: try #require(IPAddress("10.0.0.1"))) == nil)
    }

    @Test(
        "Names are names, whatever they lead to",
        arguments: [
            ("localhost", "localhost"), ("API.Example.org", "api.example.org"), ("1e100.net", "1e100.net"),
            ("127.0.0.1.nip.io", "127.0.0.1.nip.io"), ("my_service.default.svc", "my_service.default.svc"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("0x7f.example", "0x7f.example"),
        ])
    func names(text: String, name: String) { #expect(PlainHost(text) == .name(name)) }

    @Test(
        "What is neither is no host",
        arguments: [
            "", ".", "a..b", "-a.example", "a-.example", "a b", "a/b", "a@b", "bücher.example", "a.0x", "a.0XFF", "a.1",
            "exa\u{200B}mple.org", "a\u{0}b", String(repeating: "a", count: 64) + ".example", "user:pass@host",
        ])
    func noHost(text: String) { #expect(PlainHost(text) == nil) }

    @Test(
        "Ranges are whole, and written plainly",
        arguments: [
            ("10.0.0.0/8", true), ("10.0.0.1/8", false), ("10.0.0.1", true), ("10.0.0.0/33", false),
            ("10.0.0.0/", false),
            ("10.0.0.0/8/8", false), ("10/8", false), ("fd00::/8", true), ("fd00::1/8", false), ("::/0", true),
            ("::1/128", true), ("::1/129", false), ("10.0.0.0/+8", false), ("10.0.0.0/ 8", false),
        ])
    func ranges(text: String, isOne: Bool) { #expect((AddressRange(text) != nil) == isOne) }

    @Test(
        "An address is written out as one that is read the same again", arguments: AddressRulesTests.closed.map(\.host))
    func written(text: String) {
        guard let address = IPAddress(text) else { return }
        #expect(IPAddress(address.description) == address)
    }
}
