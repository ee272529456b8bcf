import ParleyActions
import Testing

@testable import ParleyMessaging

/// A value's whole way: an action's arguments, the template, the composed text, the bytes for a provider.
@Suite("Hostile values on their way into a request")
struct HostileValueTests {
    private let composer = TextComposer(senderName: "Riverside Dental", maxSegments: 10)

    private func render(_ value: String) throws -> String {
        let arguments = JSON.object(["x": .string(value)]).canonical
        let root = JSON.object([
            "parameters": try JSON(parsing: arguments, maxBytes: 1 << 20, maxDepth: 4),
            "contact": .object(["name": .string("CANARY-NAME"), "number": .string("CANARY-NUMBER")]),
        ])
        return try Template("Booked: {{ .parameters.x }}, see you.", name: "t").render(root)
    }

    /// The bodies that a value makes, with the slot's rule and without; none where it is refused.
    private func bodies(_ value: String) throws -> [String] {
        var bodies: [String] = []
        for slot in [value, try? SlotRule().value(value)].compactMap(\.self) {
            let words: String
            do {
                words = try render(slot)
            } catch let fault as TemplateFault {
                #expect(fault.rule == .outputTooLong)
                continue
            }
            #expect(words.utf8.elementsEqual("Booked: \(slot), see you.".utf8))
            do throws(TextComposer.Fault) {
                bodies.append(try composer.compose(words).body)
            } catch {
                #expect(error.rule.hasPrefix("text_too_long"))
            }
        }
        return bodies
    }

    @Test("There are 200 and more, each another one")
    func corpus() {
        #expect(HostileValues.all.count >= 200)
        #expect(Set(HostileValues.all.map { Array($0.utf8) }).count == HostileValues.all.count)
    }

    @Test(
        "Each stays one value of one field, for one recipient, with every provider",
        arguments: HostileValues.all.indices)
    func stays(index: Int) throws {
        let benign = try Sample.text(body: "Riverside Dental: Booked: BK-1, see you. Reply STOP to opt out")
        for body in try bodies(HostileValues.all[index]) {
            #expect(body.utf8.starts(with: "Riverside Dental: Booked: ".utf8))
            #expect(body.utf8.reversed().starts(with: "see you. Reply STOP to opt out".utf8.reversed()))
            #expect(!body.contains("CANARY"))
            for scalar in body.unicodeScalars {
                #expect(
                    ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
                        scalar.properties.generalCategory))
            }
            let text = try Sample.text(body: body)
            for format in try Sample.formats() {
                let call = format.request(for: text, at: Sample.now)
                let plain = format.request(for: benign, at: Sample.now)
                #expect(call.url == plain.url)
                #expect(call.headers.map(\.name) == plain.headers.map(\.name))
                #expect(
                    call.headers.filter { $0.name != "Parley-Signature" }
                        == plain.headers.filter { $0.name != "Parley-Signature" })
                #expect(!call.body.contains { $0 < 0x20 || $0 == 0x7F })
                if format.name == "twilio" {
                    try checkForm(call, plain, body)
                } else {
                    try checkObject(call, plain, body, isBare: format.name == "vonage")
                }
            }
        }
    }

    private func checkForm(_ call: HTTPCall, _ plain: HTTPCall, _ body: String) throws {
        let form = try #require(FormFields(reading: call.body))
        #expect(form.fields.map(\.name) == ["To", "From", "Body", "StatusCallback", "ValidityPeriod"])
        #expect(call.body.count { $0 == UInt8(ascii: "&") } == 4)
        #expect(call.body.count { $0 == UInt8(ascii: "=") } == 5)
        #expect(call.body.allSatisfy { (0x21...0x7E).contains($0) })
        let other = try #require(FormFields(reading: plain.body))
        for (ours, theirs) in zip(form.fields, other.fields) where ours.name != "Body" { #expect(ours == theirs) }
        #expect(form["To"] == "+12125550123")
        #expect(form["Body"].map { Array($0.utf8) } == Array(body.utf8))
    }

    private func checkObject(_ call: HTTPCall, _ plain: HTTPCall, _ body: String, isBare: Bool) throws {
        func members(_ bytes: [UInt8]) throws -> [String: JSON] {
            let text = try #require(String(validating: bytes, as: UTF8.self))
            // Refuses repeated keys and anything behind the object.
            guard case .object(let members) = try JSON(parsing: text, maxBytes: 1 << 20, maxDepth: 1) else {
                return [:]
            }
            return members
        }
        var ours = try members(call.body)
        var theirs = try members(plain.body)
        #expect(ours["to"] == .string(isBare ? "12125550123" : "+12125550123"))
        let name = ours["body"] == nil ? "text" : "body"
        guard case .string(let said)? = ours.removeValue(forKey: name) else {
            Issue.record("no text")
            return
        }
        #expect(said.utf8.elementsEqual(body.utf8))
        theirs[name] = nil
        #expect(ours == theirs)
    }

    @Test("What is no JSON text never comes to a template", arguments: HostileValues.brokenJSON)
    func broken(text: String) {
        #expect(throws: JSON.Fault.self) { try JSON(parsing: text, maxBytes: 1 << 20, maxDepth: 4) }
    }

    @Test("No link of these passes the rules")
    func links() throws {
        let rules = try LinkRules(hosts: ["clinic.example"])
        for value in [
            "https://evil.com", "http://evil.com", "evil.com", "https://clinic.example@evil.com",
            "https://clin\u{456}c.example", "https://clinic.example.evil.com", "https://bit.ly/x",
            "https://192.168.0.1",
            "https:\\\\evil.com", "//evil.com", "https://clinic%2eexample", "https://\u{FF45}vil.com",
            "xn--e1afmkfd.com",
        ] {
            for body in try bodies(value) { #expect(!rules.faults(in: body).isEmpty, "\(value)") }
        }
    }

    private static let head = "Riverside+Dental%3A+Booked%3A+"
    private static let tail = "%2C+see+you.+Reply+STOP+to+opt+out"

    @Test(
        "The bytes of a form",
        arguments: [
            ("BK-204815", "BK-204815"), ("&To=+19005550100", "%26To%3D%2B19005550100"),
            ("x\r\nTo: +19005550100", "x+To%3A+%2B19005550100"), ("%0d%0aTo:", "%250d%250aTo%3A"),
            ("{{ .contact.name }}", "%7B%7B+.contact.name+%7D%7D"), ("\u{202E}x\u{0}", "x"),
            ("é😀", "%C3%A9%F0%9F%98%80"),
            ("\",\"to\":\"", "%22%2C%22to%22%3A%22"),
        ])
    func formBytes(value: String, bytes: String) throws {
        let text = try Sample.text(body: try composer.compose(try render(value)).body)
        let call = Sample.twilio.request(for: text, at: Sample.now)
        let callback = PercentCoding.encode(Sample.statusURL, isForm: true)
        #expect(
            String(decoding: call.body, as: UTF8.self)
                == "To=%2B12125550123&From=%2B15550100002&Body=\(Self.head)\(bytes)\(Self.tail)"
                + "&StatusCallback=\(callback)&ValidityPeriod=900")
    }

    @Test(
        "The bytes of an object",
        arguments: [
            ("BK-204815", "BK-204815"), ("\",\"to\":\"+19005550100", #"\",\"to\":\"+19005550100"#),
            ("\\u0022", #"\\u0022"#), ("a\nb", "a b"), ("\\\"}", #"\\\"}"#),
            ("{{ .contact.name }}", "{{ .contact.name }}"),
            ("\u{2028}x", "x"), ("</script>", "</script>"),
        ])
    func objectBytes(value: String, bytes: String) throws {
        let text = try Sample.text(body: try composer.compose(try render(value)).body)
        let said = "Riverside Dental: Booked: \(bytes), see you. Reply STOP to opt out"
        #expect(
            String(decoding: try Sample.telnyx().request(for: text, at: Sample.now).body, as: UTF8.self)
                == #"{"to":"+12125550123","from":"+15550100002","text":"\#(said)","#
                + #""webhook_url":"\#(Sample.statusURL)"}"#
        )
        #expect(
            String(decoding: Sample.webhook.request(for: text, at: Sample.now).body, as: UTF8.self)
                == #"{"type":"message","id":"\#(Sample.id)","correlation":"\#(Sample.correlation.text)","#
                + #""from":"+15550100002","to":"+12125550123","body":"\#(said)","status_url":"\#(Sample.statusURL)","#
                + #""validity_seconds":900}"#)
    }
}
