import Testing

@testable import ParleyMessaging

@Suite("Which links a text may hold")
struct LinkRulesTests {
    private let rules: LinkRules

    init() throws { rules = try LinkRules(hosts: ["clinic.example", "Pay.Example.org", "xn--bcher-kva.example"]) }

    @Test(
        "Links to hosts on the list",
        arguments: [
            "https://clinic.example", "https://clinic.example/", "See https://clinic.example/b/204815.",
            "(https://clinic.example/a_(b))", "https://www.clinic.example/x?y=1&z=a%20b#top",
            "HTTPS://CLINIC.EXAMPLE/A",
            "https://clinic.example./x", "https://clinic.example:443/x", "https://pay.example.org",
            "https://a.b.pay.example.org/é", "<https://clinic.example/x>", "Book:https://clinic.example/x,thanks",
            "https://xn--bcher-kva.example/1", "https://clinic.example, https://pay.example.org!",
            "https://clinic.example/x?u=https://evil.example", "https://clinic.example/@office",
        ])
    func allowed(text: String) { #expect(rules.faults(in: text) == []) }

    @Test(
        "No links at all",
        arguments: [
            "", "3 p.m.today", "Dr.Smith", "e.g.this", "i.e.that", "at 3 p.m. or 4 a.m.", "9.30am", "8.am", "10.30.pm",
            "U.S.A.", "Ph.D.", "St.Louis", "No.5", "v1.2.3", "12.10.2026", "$1.50", "1,234.56", "www", "www.", "a.b",
            "...",
            "wait...what", "and/or", "24/7", "w/Dr.Lee", "office@clinic.example", "Write to office@evil.com.",
            "Mail: a.b+c@evil.com?", "10:30", "Re: your visit", "Tel:212-555-0123", "summary.pdf", "Thanks.We",
            "Hi.How",
            "@riverside", "50%", "100%.", "Ok:fine", "212.555.0123", "01.23.45.67.89", "завтра.То есть", "明日です。ありがとう",
            "Bücher.Über", "año.És", "See you at 3.", "Smith & Co. will call", "https", "http", "C++", "a@b", "@", ":",
            "%2e",
            "Ihr Termin: 3.März", "Node.js", "J.P.Morgan",
        ])
    func none(text: String) { #expect(rules.faults(in: text) == [], "\(text)") }

    private static let bare: [LinkRules.Fault] = [.notHTTPS, .hostNotAllowed]

    @Test(
        "What is wrong with a link",
        arguments: [
            ("http://clinic.example/x", [.notHTTPS]), ("clinic.example", [.notHTTPS]),
            ("Clinic.Example/x", [.notHTTPS]),
            ("www.clinic.example", [.notHTTPS]), ("ftp://clinic.example", [.notHTTPS]),
            ("sms://clinic.example", [.notHTTPS]),
            ("https://evil.com", [.hostNotAllowed]), ("https://evilclinic.example", [.hostNotAllowed]),
            ("https://clinic.example.evil.com/x", [.hostNotAllowed]), ("https://example", [.hostNotAllowed]),
            ("https://clinic.example-evil.com", [.hostNotAllowed]), ("https://pay.example.org.ua", [.hostNotAllowed]),
            ("https://xn--80ak6aa92e.com/", [.hostNotAllowed]),
            ("https://clinic.example https://evil.com", [.hostNotAllowed]),
            ("https://clinic.example,evil.com", bare), ("https://clinic.example)evil.com", bare),
            ("evil.com", bare), ("EVIL.COM", bare), ("(evil.com/x)", bare), ("Visit:evil.com", bare),
            ("a=evil.com", bare),
            ("see evil.com.", bare), ("evil.com...", bare), ("evil.com.Please", bare), ("evil.com:8080/x", bare),
            ("hi..evil.com", bare), ("www.evil.unheardof", bare), ("xn--e1afmkfd.xn--p1ai", bare),
            ("evil.co.uk/x", bare),
            ("-evil.com-", bare), ("@evil.com", bare), ("evil.com@", bare), ("booked.It", bare), ("evil.it/x", bare),
            ("ev\u{200B}il.c\u{2060}om", [.notHTTPS, .hostNotAllowed, .hostNotASCII]),
            ("https://cli\u{200B}nic.example", [.hostNotASCII]),
            ("https://clin\u{456}c.example", [.hostNotASCII]), ("https://clınic.example", [.hostNotASCII]),
            ("https://clinic\u{3002}example", [.hostNotASCII]),
            ("https://bücher.example", [.hostNotAllowed, .hostNotASCII]),
            ("\u{435}vil.com", [.notHTTPS, .hostNotAllowed, .hostNotASCII]),
            ("evil.\u{441}om", [.notHTTPS, .hostNotAllowed, .hostNotASCII]),
            ("evil\u{FF0E}com", [.notHTTPS, .hostNotAllowed, .hostNotASCII]),
            ("ｅｖｉｌ.com", [.notHTTPS, .hostNotAllowed, .hostNotASCII]),
            ("\u{43F}\u{440}\u{438}\u{43C}\u{435}\u{440}.\u{440}\u{444}", [.notHTTPS, .hostNotAllowed, .hostNotASCII]),
            ("💩.la", [.notHTTPS, .hostNotAllowed, .hostNotASCII]),
            ("ｈｔｔｐ：／／clinic.example", [.notHTTPS]),
            ("https://user@clinic.example", [.userInfo]), ("https://a:b@clinic.example/x", [.userInfo]),
            ("https://clinic.example@evil.com", [.hostNotAllowed, .userInfo]),
            ("https://clinic.example,x@evil.com/", [.hostNotAllowed, .userInfo]),
            ("clinic.example@evil.com/x", [.notHTTPS, .hostNotAllowed, .userInfo]),
            ("me@evil.com:80", [.notHTTPS, .hostNotAllowed, .userInfo]),
            ("https://bit.ly/x", [.hostNotAllowed, .publicShortener]),
            ("https://WWW.TinyURL.com/x", [.hostNotAllowed, .publicShortener]),
            ("bit.ly/3abc", [.notHTTPS, .hostNotAllowed, .publicShortener]),
            ("t.co/x", [.notHTTPS, .hostNotAllowed, .publicShortener]),
            ("https://goo.gl. ", [.hostNotAllowed, .publicShortener]),
            ("https://192.168.0.1/x", [.hostNotAllowed, .address]),
            ("http://10.0.0.1", [.notHTTPS, .hostNotAllowed, .address]),
            ("https://2130706433/", [.hostNotAllowed, .address]), ("https://0x7f.1", [.hostNotAllowed, .address]),
            ("https://0x7f000001/", [.hostNotAllowed, .address]),
            ("10.20.30.40", [.notHTTPS, .hostNotAllowed, .address]),
            ("10.20.30.40:8080/x", [.notHTTPS, .hostNotAllowed, .address]),
            ("https://[::1]/x", [.hostNotAllowed, .address]),
            ("https://clinic%2eexample/", [.hostNotAllowed, .malformed]),
            ("https://%65vil.com", [.hostNotAllowed, .malformed]),
            ("evil%2ecom/x", [.notHTTPS, .hostNotAllowed, .malformed]),
            ("https:clinic.example", [.malformed]), ("https:/clinic.example", [.malformed]),
            ("https:///clinic.example", [.malformed]), ("https:\\\\clinic.example", [.malformed]),
            ("https://clinic.example\\@evil.com", [.malformed]), ("https://clinic.example:8o/x", [.malformed]),
            ("https://clinic..example", [.hostNotAllowed, .malformed]), ("https://", [.hostNotAllowed, .malformed]),
            ("https:// clinic.example", [.notHTTPS, .hostNotAllowed, .malformed]),
            ("javascript://clinic.example", [.notHTTPS]),
        ] as [(String, [LinkRules.Fault])])
    func faults(text: String, faults: [LinkRules.Fault]) {
        #expect(rules.faults(in: text) == faults)
        #expect(rules.faults(in: "Hi! \(text) Bye") == faults)
    }

    @Test("A shortener stays one beside hosts that are allowed; without a list nothing is")
    func lists() throws {
        #expect(LinkRules.none.faults(in: "https://clinic.example") == [.hostNotAllowed])
        #expect(LinkRules.none.faults(in: "clinic.example") == [])
        #expect(rules.hosts == ["clinic.example", "pay.example.org", "xn--bcher-kva.example"])
        let many = try LinkRules(hosts: ["co"].map { "a.\($0)" } + ["ly.example"])
        #expect(many.faults(in: "https://bit.ly/1") == [.hostNotAllowed, .publicShortener])
    }

    @Test(
        "What can be no host of the list",
        arguments: [
            "", "com", "localhost", "https://clinic.example", "clinic.example/x", "*.clinic.example", ".clinic.example",
            "clinic.example.", "clinic..example", "10.0.0.1", "bücher.example", "bit.ly", "www.bit.ly", "a b.example",
            "-a.example", "a.example:443", "u@a.example", String(repeating: "a", count: 64) + ".example",
        ])
    func badHosts(host: String) {
        #expect(throws: LinkRules.HostFault(index: 1)) { try LinkRules(hosts: ["clinic.example", host]) }
    }

    @Test("Faults name the rule alone")
    func names() {
        #expect(LinkRules.Fault.allCases.allSatisfy { $0.rawValue.hasPrefix("link_") })
    }

    @Test("Where a link stands: without the sentence's own marks")
    func ranges() {
        func links(_ text: String) -> [String] {
            let scalars = Array(text.unicodeScalars)
            return rules.links(in: scalars).map { link in
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars[link.range])
                return String(view)
            }
        }
        #expect(links("é See https://clinic.example/a?b. Bye") == ["https://clinic.example/a?b"])
        #expect(links("(at https://clinic.example/a_(b)).") == ["https://clinic.example/a_(b)"])
        #expect(links("https://clinic.example...") == ["https://clinic.example"])
        #expect(links("https://clinic.example/x, evil.com!") == ["https://clinic.example/x", "evil.com"])
        #expect(links("\"https://clinic.example/x\"") == ["https://clinic.example/x"])
    }

    @Test("Any text is read, in time that grows with its length")
    func long() {
        for piece in [
            "a.", "https://", "www.", "a@", ":", "%2e", "x.com ", "co.", "\u{441}\u{43E}.", "(", "https://a/)", ".",
            "1.",
            "http:", "@:", "\u{200B}",
        ] {
            _ = rules.faults(in: String(repeating: piece, count: 20_000))
        }
        for value in HostileValues.all { _ = rules.faults(in: value) }
        #expect(rules.faults(in: String(repeating: "a.", count: 20_000) + "com") == [.notHTTPS, .hostNotAllowed])
    }
}
