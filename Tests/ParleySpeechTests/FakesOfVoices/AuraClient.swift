import FakeEngines

/// What a client says to Aura, right, and wrong in one place at a time.
enum AuraClient {
    static let right = VoiceExchange(
        target: "/v1/speak?model=aura-2-thalia-en&encoding=mulaw&sample_rate=8000",
        headers: [("Authorization", "Token dg-key")],
        messages: [
            .text(#"{"type":"Speak","text":"Sure, which day "}"#), .text(#"{"type":"Speak","text":"suits you?"}"#),
            .text(#"{"type":"Flush"}"#), .text(#"{"type":"Speak","text":"Tuesday?"}"#), .text(#"{"type":"Flush"}"#),
        ])

    static let wrong: [VoiceMutation] = [
        VoiceMutation("no key") { $0.headers = [] },
        VoiceMutation("another key") { $0.headers[0].value = "Token dg" },
        VoiceMutation("another scheme") { $0.headers[0].value = "Basic dg-key" },
        VoiceMutation("another path") { $0.target.replace("/v1/speak", with: "/v1/listen") },
        VoiceMutation("an unknown model") { $0.target.replace("thalia", with: "nobody") },
        VoiceMutation("an unknown encoding") { $0.target.replace("mulaw", with: "ulaw") },
        VoiceMutation("a rate that mu-law has not") { $0.target.replace("8000", with: "24000") },
        VoiceMutation("a rate that is none") { $0.target.replace("8000", with: "eight") },
        VoiceMutation("an unknown parameter") { $0.target += "&rate=8000" },
        VoiceMutation("a parameter that comes twice") { $0.target += "&encoding=mulaw" },
        VoiceMutation("an unknown type") { $0.messages[0] = .text(#"{"type":"Say","text":"Sure."}"#) },
        VoiceMutation("a type in lowercase") { $0.messages[2] = .text(#"{"type":"flush"}"#) },
        VoiceMutation("no text") { $0.messages[0] = .text(#"{"type":"Speak"}"#) },
        VoiceMutation("an empty text") { $0.messages[0] = .text(#"{"type":"Speak","text":" "}"#) },
        VoiceMutation("an unknown field") { $0.messages[2] = .text(#"{"type":"Flush","text":"Sure."}"#) },
        VoiceMutation("a binary message") { $0.messages[0] = .binary(Array(#"{"type":"Flush"}"#.utf8)) },
        VoiceMutation("no JSON") { $0.messages[0] = .text("Sure.") },
    ]
}
