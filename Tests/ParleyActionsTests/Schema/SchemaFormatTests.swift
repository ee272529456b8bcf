import Testing

@testable import ParleyActions

@Suite("Formats are asserted")
struct SchemaFormatTests {
    @Test(
        "A text of the format fits",
        arguments: [
            (
                "date",
                ["1963-06-19", "2020-01-31", "2020-02-29", "2000-02-29", "2024-12-31", "0000-02-29", "9999-12-31"]
            ),
            (
                "time",
                [
                    "14:30", "00:00", "23:59", "14:30:00", "14:30:00.5", "08:30:06Z", "08:30:06z", "23:59:60Z",
                    "23:59:60+00:00", "01:29:60+01:30", "23:29:60+23:30", "15:59:60-08:00", "00:29:60-23:30",
                    "08:30:06.283185Z", "08:30:06+00:20", "12:34:56-00:00", "14:30Z",
                ]
            ),
            (
                "date-time",
                [
                    "1963-06-19T08:30:06.283185Z", "1963-06-19T08:30:06Z", "1937-01-01T12:00:27.87+00:20",
                    "1990-12-31T15:59:50.123-08:00", "1998-12-31T23:59:60Z", "1998-12-31T15:59:60.123-08:00",
                    "1963-06-19t08:30:06.283185z", "1985-04-12T00:59:59.999999999999999Z", "2024-02-29T00:00:00Z",
                ]
            ),
            (
                "email",
                [
                    "joe.bloggs@example.com", "te~st@example.com", "~test@example.com", "te.s.t@example.com",
                    "a+b@x.example", "o'neill@example.ie", "user@xn--mnchen-3ya.example", "a@1.example",
                ]
            ),
            (
                "uri",
                [
                    "http://foo.bar/?baz=qux#quux", "http://foo.com/blah_(wikipedia)_blah#cite-1",
                    "http://foo.bar/?q=Test%20URL-encoded%20stuff", "http://xn--nw2a.xn--j6w193g/",
                    "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com", "http://223.255.255.254",
                    "ftp://ftp.is.co.za/rfc/rfc1808.txt", "ldap://[2001:db8::7]/c=GB?objectClass?one",
                    "mailto:John.Doe@example.com", "news:comp.infosystems.www.servers.unix", "tel:+1-816-555-1212",
                    "urn:oasis:names:specification:docbook:dtd:xml:4.1.2", "https://example.com:8443/a?b=c&d=/?",
                    "HTTPS://EXAMPLE.COM", "file:///etc/x",
                ]
            ),
            ("e164", ["+15555550123", "+49301234567", "+12345678", "+123456789012345"]),
            ("phone", ["+15555550123"]),
            (
                "uuid",
                [
                    "2EB8AA08-AA98-11EA-B4AA-73B441D16380", "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
                    "00000000-0000-0000-0000-000000000000", "99c17cbb-656f-f64a-940f-1a4568f03487",
                ]
            ),
        ] as [(String, [String])])
    func fits(name: String, texts: [String]) throws {
        let format = try #require(StringFormat(rawValue: name))
        for text in texts { #expect(format.fits(text), "\(name): \(text)") }
    }

    @Test(
        "Any other text does not",
        arguments: [
            (
                "date",
                [
                    "", "2020-01-32", "2021-02-29", "1900-02-29", "2020-02-30", "2020-04-31", "2020-13-01",
                    "2020-00-01",
                    "2020-01-00", "06/19/1963", "2013-350", "1998-1-20", "1998-01-1", "20230328", "2023-W01",
                    "1963-06-1৪", "1963-06-19 ", " 1963-06-19", "1963-06-19T00:00:00Z", "+11963-06-19", "１９６３-06-19",
                ]
            ),
            (
                "time",
                [
                    "", "008:030:006Z", "8:3:6Z", "8:30", "2 pm", "14.30", "1430", "24:00", "24:00:00Z", "00:60",
                    "00:00:61Z",
                    "22:59:60Z", "23:58:60Z", "23:59:60+01:00", "23:59:60+00:30", "23:59:60-01:00", "23:59:60",
                    "01:02:03+24:00", "01:02:03+00:60", "01:02:03Z+00:30", "08:30:06 PST", "01:01:01,1111",
                    "1২:00:00Z", "08:30:06#00:20", "ab:cd:ef", "08:30:06+0130", "08:30:06+01", "08:30:06Z\n",
                    "12:00:00.",
                    "2020-11-28T23:55:45Z", "14:30:00.1234567890123456",
                ]
            ),
            (
                "date-time",
                [
                    "1998-12-31T23:59:61Z", "1998-12-31T23:58:60Z", "1998-12-31T22:59:60Z",
                    "1990-02-31T15:59:59.123-08:00",
                    "1990-12-31T15:59:59-24:00", "1963-06-19T08:30:06.28123+01:00Z", "1990-12-31T24:00:00Z",
                    "1990-12-31T10:00:00+10:60", "06/19/1963 08:30:06 PST", "2013-350T01:01:01",
                    "1963-6-19T08:30:06.283185Z",
                    "1963-06-11T0৪:00:00Z", "+11963-06-19T08:30:06.283185Z", "1963-06-19T08:30:06", "1963-06-19T08:30Z",
                    "1963-06-19 08:30:06Z", "2023-02-29T00:00:00Z",
                ]
            ),
            (
                "email",
                [
                    "", "2962", "joe@", "@example.com", ".test@example.com", "test.@example.com", "te..st@example.com",
                    "\"joe bloggs\"@example.com", "joe@[127.0.0.1]", "joe@invalid=domain.com", "joe@localhost",
                    "a@b@example.com",
                    "joe@127.0.0.1", "joe bloggs@example.com", "joe@-x.example", "joe@x-.example", "joe@x..example",
                    "joe@example.com.", "joe@例え.example", "jürgen@example.com", "joe@example.com\n", "joe@example.com>",
                ]
            ),
            (
                "uri",
                [
                    "", "//foo.bar/?baz=qux#quux", "/abc", "\\\\WINDOWS\\fileshare", "abc", "http:// shouldfail.com",
                    ":// should fail", "bar,baz:foo", "https://[@example.org/test.txt",
                    "https://example.org/foobar\\.txt",
                    "https://example.org/foobar<>.txt", "https://example.org/{x}", "https://example.org/^x",
                    "https://example.org/`x", "https://example.org/a b", "https://example.org/a|b", "http://x/%zz",
                    "http://x/%2",
                    "https://", "https:x", "http://x:80a/", "http://a@b@c/", "http://[::1/", "http://[::1]x/",
                    "http://x/#a#b",
                    "https://例え.example/", "https://example.org/é", "1http://x", "https://x/\r\nHost:y", "http://x/[1]",
                ]
            ),
            (
                "e164",
                [
                    "", "+", "15555550123", "+05555550123", "+1234567", "+1234567890123456", "+1 555 555 0123",
                    "+1-5555550123",
                    "0015555550123", "+１5555550123", "+15555550123\n", "+1555555012a", "911",
                ]
            ),
            (
                "uuid",
                [
                    "", "2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08-aa98-11ea-73b441d16380",
                    "2eb8aa08-aa98-11ea-b4ga-73b441d16380", "2eb8aa08aa9811eab4aa73b441d16380",
                    "2eb8aa08aa98-11ea-b4aa73b441d16380",
                    "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}", "2eb8-aa08-aa98-11ea-b4aa73b44-1d16380",
                ]
            ),
        ] as [(String, [String])])
    func fails(name: String, texts: [String]) throws {
        let format = try #require(StringFormat(rawValue: name))
        for text in texts { #expect(!format.fits(text), "\(name): \(text)") }
    }

    @Test("A mailbox and its parts end where RFC 5321 ends them; a URI at 2,048 bytes")
    func lengths() {
        func label(_ count: Int) -> String { String(repeating: "a", count: count) }
        #expect(StringFormat.email.fits("\(label(64))@example.com"))
        #expect(!StringFormat.email.fits("\(label(65))@example.com"))
        #expect(StringFormat.email.fits("a@\(label(63)).example"))
        #expect(!StringFormat.email.fits("a@\(label(64)).example"))
        let host = "\(label(63)).\(label(63)).\(label(61))"
        #expect(StringFormat.email.fits("\(label(64))@\(host)"))
        #expect(!StringFormat.email.fits("\(label(64))@\(host)a"))
        #expect(StringFormat.uri.fits("https://x/" + label(2_038)))
        #expect(!StringFormat.uri.fits("https://x/" + label(2_039)))
    }

    @Test("Other types are left alone, and a fault shows how the format looks", arguments: StringFormat.allCases)
    func words(format: StringFormat) throws {
        let text = #"{"format":"\#(format.rawValue)"}"#
        for value in ["12", "13.7", "{}", "[]", "false", "null"] { #expect(try fault(text, value) == "") }
        #expect(try fault(text, #""no""#) == "the outermost value must be \(format.words)")
        let example = try #require(format.words.split(separator: " ").last)
        #expect(format.fits(String(example)))
    }
}
