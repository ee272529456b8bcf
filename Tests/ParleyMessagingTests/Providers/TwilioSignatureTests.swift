import Testing

@testable import ParleyMessaging

@Suite("Webhooks that Twilio signs")
struct TwilioWebhookSignatureTests {
    let signature = TwilioWebhookSignature(tokens: [ProviderSecret("old"), ProviderSecret("parley-test-auth-token")])

    private func webhook(
        _ url: String, _ body: String, _ code: String, more: [HTTPHeader] = [], method: String = "POST"
    ) -> ProviderWebhook {
        ProviderWebhook(
            method: method, url: url, headers: [HTTPHeader("X-Twilio-Signature", code)] + more, body: Array(body.utf8))
    }

    private let call =
        "To=%2B15550100002&CallSid=CA0123456789abcdef0123456789abcdef&From=%2B15550100001&Digits=1"

    @Test(
        "The reference vector passes with any spelling of the port, and with either of two tokens",
        arguments: [
            "https://voice.example.org/hooks/call?tenant=7", "https://voice.example.org:443/hooks/call?tenant=7",
        ])
    func vector(url: String) {
        #expect(signature.refusal(of: webhook(url, call, "IX8Z5aFmJTIB0ixvg1FiA4O/7QM=")) == nil)
    }

    @Test("Repeated, empty and non-ASCII fields are signed as they are decoded")
    func fields() {
        let body = "From=&Body=a&Body=Z%c3%bcrich+%C3%A9&Body=a"
        #expect(
            signature.refusal(of: webhook("https://voice.example.org:8443/in", body, "k4oIhjOW8LWSe2yckgAPXzOTQiM="))
                == nil)
    }

    @Test("A shared key signs with SHA-256 when its settings say so")
    func sha256() {
        let body = "MessageSid=SM00112233445566778899aabbccddeeff&MessageStatus=delivered"
        let code = "COrb+MRsg19HbelUUh+jH2dR1HbsFWFMPaNBD1+7/ZI="
        let url = "https://voice.example.org/sms/status"
        func refusal(_ settings: String) -> WebhookRefusal? {
            let more = [HTTPHeader("x-twilio-webhooks-signature-settings", settings)]
            return signature.refusal(of: webhook(url, body, code, more: more))
        }
        #expect(refusal("key=k1,algorithm=HMAC_SHA256") == nil)
        #expect(refusal("key=k1, algorithm=HMAC_SHA256") == nil)
        #expect(refusal("key=k1") == .mismatch)
        #expect(refusal("algorithm=HMAC_SHA1") == .mismatch)
        #expect(refusal("algorithm=HMAC_MD5") == .malformed)
    }

    @Test("What cannot be right is refused, by reason")
    func refused() {
        let url = "https://voice.example.org/hooks/call?tenant=7"
        let code = "IX8Z5aFmJTIB0ixvg1FiA4O/7QM="
        #expect(signature.refusal(of: ProviderWebhook(url: url, headers: [], body: [])) == .unsigned)
        let twice = [HTTPHeader("x-twilio-signature", code)]
        #expect(signature.refusal(of: webhook(url, call, code, more: twice)) == .unsigned)
        #expect(signature.refusal(of: webhook(url, call, "!")) == .malformed)
        #expect(signature.refusal(of: webhook(url, call, code, method: "GET")) == .malformed)
        #expect(signature.refusal(of: webhook(url, "a=%zz", code)) == .malformed)
        #expect(signature.refusal(of: webhook(url + "&a=1", call, code)) == .mismatch)
        #expect(signature.refusal(of: webhook("http" + url.dropFirst(5), call, code)) == .mismatch)
        #expect(signature.refusal(of: webhook(url, call, "")) == .mismatch)
    }

    @Test("A signature made for the scheme's own port, or for none, is not one for another port")
    func ports() {
        let own = "zX1m+o7aMdCLF+GS7p4nD0oWyWU="
        let none = "k82m0h3Z+FUTP9vhBfty8G91Zvo="
        func refusal(_ authority: String, _ code: String) -> WebhookRefusal? {
            signature.refusal(of: webhook("https://\(authority)/in", "A=b", code))
        }
        #expect(refusal("voice.example.org", own) == nil)
        #expect(refusal("voice.example.org:443", own) == nil)
        #expect(refusal("voice.example.org:8443", own) == .mismatch)
        #expect(refusal("voice.example.org:8443", none) == nil)
        #expect(refusal("voice.example.org", none) == nil)
    }

    @Test("Without a token nothing passes, also what an empty token signed")
    func noTokens() {
        for tokens in [[], [ProviderSecret("")]] {
            let signature = TwilioWebhookSignature(tokens: tokens)
            #expect(
                signature.refusal(
                    of: webhook(
                        "https://voice.example.org/hooks/call?tenant=7", call, "IX8Z5aFmJTIB0ixvg1FiA4O/7QM="))
                    == .mismatch)
        }
    }
}
