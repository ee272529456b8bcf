import Crypto
import Foundation
import Testing

@testable import ParleyGateway
import ParleyNetwork

@Suite("Call tokens")
struct CallTokenTests {
    private func refusal(
        _ tokens: CallTokens, _ token: String?, call: String, now: Int64
    ) -> CallTokens.Refusal? {
        do throws(CallTokens.Refusal) {
            try tokens.redeem(token, for: call, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("A token lets its call in once, for a minute")
    func once() {
        let tokens = CallTokens()
        let token = tokens.issue(for: "CA1", now: 1_000)
        #expect(token.utf8.count == 75)
        #expect(refusal(tokens, token, call: "CA1", now: 1_059) == nil)
        #expect(refusal(tokens, token, call: "CA1", now: 1_059) == .reused)
        let late = tokens.issue(for: "CA1", now: 1_000)
        #expect(refusal(tokens, late, call: "CA1", now: 1_060) == .expired)
    }

    @Test("No token, another call's, another process's: refused, and the right call can still use it")
    func others() {
        let tokens = CallTokens()
        let token = tokens.issue(for: "CA1", now: 0)
        #expect(refusal(tokens, nil, call: "CA1", now: 0) == .missing)
        #expect(refusal(tokens, "", call: "CA1", now: 0) == .missing)
        #expect(refusal(tokens, token, call: "CA2", now: 0) == .forged)
        #expect(refusal(CallTokens(), token, call: "CA1", now: 0) == .forged)
        #expect(refusal(tokens, String(repeating: "A", count: 200), call: "CA1", now: 0) == .malformed)
        #expect(refusal(tokens, token + "=", call: "CA1", now: 0) == .malformed)
        #expect(refusal(tokens, token, call: "CA1", now: 0) == nil)
    }

    @Test("Every single flipped bit is refused")
    func bits() throws {
        let tokens = CallTokens()
        let token = tokens.issue(for: "CA1", now: 0)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        for (index, character) in token.enumerated() {
            let value = try #require(alphabet.firstIndex(of: character))
            for bit in 0..<6 {
                var changed = Array(token)
                changed[index] = alphabet[value ^ (1 << bit)]
                let refusal = refusal(tokens, String(changed), call: "CA1", now: 0)
                #expect(refusal == .forged || refusal == .malformed)
            }
        }
        #expect(refusal(tokens, token, call: "CA1", now: 0) == nil)
    }

    @Test("What is remembered is bounded, and forgotten when it has expired")
    func bounded() {
        let tokens = CallTokens(capacity: 2)
        for _ in 0..<2 { #expect(refusal(tokens, tokens.issue(for: "C", now: 0), call: "C", now: 0) == nil) }
        #expect(refusal(tokens, tokens.issue(for: "C", now: 0), call: "C", now: 0) == .tooMany)
        #expect(refusal(tokens, tokens.issue(for: "C", now: 60), call: "C", now: 60) == nil)
    }
}

@Suite("Twilio's signature")
struct TwilioSignatureTests {
    private let check = TwilioSignature(tokens: [Secret("parley-test-auth-token")])
    private let url = "https://voice.example.org/hooks/call?tenant=7"
    private let fields = [
        FormField("To", "+15550100002"), FormField("CallSid", "CA0123456789abcdef0123456789abcdef"),
        FormField("From", "+15550100001"), FormField("Digits", "1"),
    ]
    private let formSignature = "IX8Z5aFmJTIB0ixvg1FiA4O/7QM="
    private let socketURL = "wss://voice.example.org/media/twilio"
    private let socketSignature = "iDjiHOkqa59UL3ToVgE7isfK1ss="

    @Test("The published vectors hold: form, socket, JSON")
    func vectors() {
        #expect(check.isValid(formSignature, url: url, parameters: fields))
        #expect(check.isValidHandshake(socketSignature, url: socketURL))
        let hash = "4062edaf750fb8074e7e83e0c9028c94e32468a8b6f1614774328ef045150f93"
        let json = "https://voice.example.org/hooks/json?bodySHA256=\(hash)"
        #expect(check.isValid("7oFXorn7nKapcpPBaMbb53FH6zs=", url: json, body: Data(#"{"ok":true}"#.utf8)))
        #expect(!check.isValid("7oFXorn7nKapcpPBaMbb53FH6zs=", url: json, body: Data(#"{"ok":false}"#.utf8)))
    }

    @Test("The signer's port does not matter, nor a socket's last slash")
    func variants() {
        #expect(
            check.isValid(formSignature, url: "https://voice.example.org:443/hooks/call?tenant=7", parameters: fields))
        #expect(
            check.isValid(formSignature, url: "https://voice.example.org:8443/hooks/call?tenant=7", parameters: fields))
        #expect(check.isValidHandshake(socketSignature, url: "wss://voice.example.org:443/media/twilio"))
        #expect(check.isValidHandshake(socketSignature, url: "wss://voice.example.org/media/twilio/"))
        #expect(!check.isValid(formSignature, url: "http://voice.example.org/hooks/call?tenant=7", parameters: fields))
        #expect(
            TwilioSignature.portVariants(of: "wss://u:p@h.example:99/x?y")
                == ["wss://u:p@h.example:99/x?y", "wss://u:p@h.example/x?y", "wss://u:p@h.example:443/x?y"])
    }

    @Test("While a token is being replaced both are good, and a third is not")
    func rotation() {
        let both = TwilioSignature(tokens: [Secret("new"), Secret("parley-test-auth-token")])
        #expect(both.isValidHandshake(socketSignature, url: socketURL))
        #expect(!TwilioSignature(tokens: [Secret("new")]).isValidHandshake(socketSignature, url: socketURL))
        #expect(!TwilioSignature(tokens: []).isValidHandshake(socketSignature, url: socketURL))
    }

    @Test("One changed thing anywhere is refused")
    func flips() throws {
        var signature = try #require(Data(base64Encoded: formSignature))
        for index in signature.indices {
            for bit in 0..<8 {
                signature[index] ^= 1 << bit
                #expect(!check.isValid(signature.base64EncodedString(), url: url, parameters: fields))
                signature[index] ^= 1 << bit
            }
        }
        #expect(!check.isValid(nil, url: url, parameters: fields))
        #expect(!check.isValid("", url: url, parameters: fields))
        #expect(!check.isValid(" " + formSignature, url: url, parameters: fields))
        #expect(!check.isValid(formSignature, url: url + "1", parameters: fields))
        #expect(!check.isValid(formSignature, url: url, parameters: fields + [FormField("X", "")]))
        #expect(!check.isValid(formSignature, url: url, parameters: Array(fields.dropLast())))
    }

    @Test("Names sort by bytes, repeated names by value, each distinct value once")
    func joining() {
        let fields = [
            FormField("b", "2"), FormField("a", "z"), FormField("B", "é"), FormField("a", "y"), FormField("a", "z"),
            FormField("empty", ""),
        ]
        #expect(TwilioSignature.joined(fields) == "Bé" + "ay" + "az" + "b2" + "empty")
    }

    @Test("A shared key may sign with SHA-256; other algorithms are refused")
    func algorithms() {
        let key = SymmetricKey(data: Data("parley-test-auth-token".utf8))
        let code = Data(HMAC<SHA256>.authenticationCode(for: Data(socketURL.utf8), using: key)).base64EncodedString()
        #expect(TwilioSignature.Algorithm(settings: "key=K1,algorithm=HMAC_SHA256") == .sha256)
        #expect(TwilioSignature.Algorithm(settings: "key=K1") == .sha1)
        #expect(TwilioSignature.Algorithm(settings: nil) == .sha1)
        #expect(TwilioSignature.Algorithm(settings: "algorithm=NONE") == nil)
        #expect(check.isValidHandshake(code, url: socketURL, algorithm: .sha256))
        #expect(!check.isValidHandshake(code, url: socketURL, algorithm: .sha1))
    }
}

@Suite("Forms and TwiML")
struct FormTests {
    @Test("A form is decoded; what is not a form is refused with the byte")
    func forms() throws {
        #expect(
            try FormBody.parse(Array("a=1+2&b=%2B%26&c&=d&&e=f=g".utf8)) == [
                FormField("a", "1 2"), FormField("b", "+&"), FormField("c", ""), FormField("", "d"),
                FormField("e", "f=g"),
            ])
        #expect(throws: FormError.badPercentEncoding(offset: 2)) { try FormBody.parse(Array("a=%4".utf8)) }
        #expect(throws: FormError.badPercentEncoding(offset: 2)) { try FormBody.parse(Array("a=%zz".utf8)) }
        #expect(throws: FormError.notUTF8) { try FormBody.parse(Array("a=%ff".utf8)) }
        #expect(throws: FormError.tooManyFields) {
            try FormBody.parse(Array(repeatElement("a=1&", count: 257).joined().utf8))
        }
    }

    @Test("Nothing that a caller sends can leave its attribute")
    func escaping() {
        let xml = TwiML(streamURL: "wss://h/media/twilio", parameters: [("from", "\"><Hangup/>'&\n\u{0}")]).xml()
        #expect(xml.contains(#"<Parameter name="from" value="&quot;&gt;&lt;Hangup/&gt;&apos;&amp;&#10;"/>"#))
        #expect(!xml.contains("<Hangup/>"))
    }
}

/// What Twilio would send for this text with the test account's token.
func testSignature(_ text: String) -> String {
    let key = SymmetricKey(data: Data("parley-test-auth-token".utf8))
    return Data(HMAC<Insecure.SHA1>.authenticationCode(for: Data(text.utf8), using: key)).base64EncodedString()
}
