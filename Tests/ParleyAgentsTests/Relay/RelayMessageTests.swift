import Testing

@testable import ParleyAgents

@Suite("What an application may say")
struct RelayMessageTests {
    private static let plain = RelayMessage.Manner()

    private static func read(_ json: String) -> RelayMessage? {
        Array(json.utf8).withUnsafeBytes { RelayMessage.read($0) }
    }

    @Test(
        "Each message of the documentation is read",
        arguments: [
            (#"{"type":"text","token":"Sure, ","last":false}"#, .text("Sure, ", isLast: false, language: nil, plain)),
            (
                #"{"type":"text","token":"which day suits you?","last":true,"interruptible":true,"preemptible":false}"#,
                .text(
                    "which day suits you?", isLast: true, language: nil,
                    RelayMessage.Manner(interruptible: true, preemptible: false))
            ),
            (#"{"type":"text","token":""}"#, .text("", isLast: false, language: nil, plain)),
            (#"{"type":"text","token":"x","lang":"sv-SE"}"#, .text("x", isLast: false, language: "sv-SE", plain)),
            (#"{"token":"x","more":[1,{"a":null}],"type":"text"}"#, .text("x", isLast: false, language: nil, plain)),
            (#"{"type":"text","token":"x","last":null,"lang":null}"#, .text("x", isLast: false, language: nil, plain)),
            (
                #"{"type":"play","source":"https://cdn.example.org/hold.mp3","loop":1,"preemptible":true,"interruptible":true}"#,
                .play(
                    "https://cdn.example.org/hold.mp3", times: 1,
                    RelayMessage.Manner(interruptible: true, preemptible: true))
            ),
            (#"{"type":"play","source":"http://a/b","loop":0}"#, .play("http://a/b", times: 1_000, plain)),
            (#"{"type":"play","source":"http://a/b","loop":4000}"#, .play("http://a/b", times: 1_000, plain)),
            (#"{"type":"sendDigits","digits":"9ww1234#"}"#, .sendDigits("9ww1234#")),
            (
                #"{"type":"language","ttsLanguage":"sv-SE","transcriptionLanguage":"sv-SE"}"#,
                .language(speech: "sv-SE", transcription: "sv-SE")
            ),
            (#"{"type":"language","ttsLanguage":"sv-SE"}"#, .language(speech: "sv-SE", transcription: nil)),
            (
                #"{"type":"end","handoffData":"{\"reasonCode\":\"live-agent\"}"}"#,
                .end(handoff: #"{"reasonCode":"live-agent"}"#)
            ),
            (#"{"type":"end"}"#, .end(handoff: nil)),
        ] as [(String, RelayMessage)])
    func valid(json: String, message: RelayMessage) { #expect(Self.read(json) == message) }

    @Test(
        "What the documentation forbids is none",
        arguments: [
            "", "hello", "[]", "null", "{", "{}", #"{"type":"text","token":"x"} x"#, #"{"type":"txet","token":"x"}"#,
            #"{"type":7,"token":"x"}"#, #"{"type":null}"#, #"{"type":"text"}"#, #"{"type":"text","token":null}"#,
            #"{"type":"text","token":5}"#, #"{"type":"text","token":{"a":"b"}}"#,
            #"{"type":"text","token":"x","last":"true"}"#, #"{"type":"text","token":"x","last":1}"#,
            #"{"type":"text","token":"x","lang":5}"#, #"{"type":"text","token":"x","interruptible":"any"}"#,
            #"{"type":"text","token":"x","preemptible":0}"#, #"{"type":"text","token":"x","token":"y"}"#,
            #"{"type":"play"}"#, #"{"type":"play","source":null}"#, #"{"type":"play","source":"file:///etc/passwd"}"#,
            #"{"type":"play","source":"hold.mp3"}"#, #"{"type":"play","source":"http://a/b c"}"#,
            #"{"type":"play","source":"http://a/b","loop":-1}"#, #"{"type":"play","source":"http://a/b","loop":1.5}"#,
            #"{"type":"play","source":"http://a/b","loop":"2"}"#, #"{"type":"sendDigits"}"#,
            #"{"type":"sendDigits","digits":""}"#, #"{"type":"sendDigits","digits":"12a"}"#,
            #"{"type":"sendDigits","digits":12}"#, #"{"type":"language"}"#,
            #"{"type":"language","ttsLanguage":null}"#, #"{"type":"language","ttsLanguage":true}"#,
            #"{"type":"end","handoffData":{"reason":"x"}}"#, #"{"type":"end","handoffData":5}"#,
        ])
    func invalid(json: String) { #expect(Self.read(json) == nil) }

    @Test("No cut of a message is one, and no byte of it crashes")
    func cuts() {
        let whole = Array(#"{"type":"text","token":"Sure, \u00e9","last":false}"#.utf8)
        for end in 0..<whole.count {
            #expect(whole[..<end].withUnsafeBytes { RelayMessage.read($0) } == nil)
        }
        for index in whole.indices {
            for byte in [UInt8(0), 0x22, 0x5C, 0x7B, 0x7D, 0xFF] {
                var spoilt = whole
                spoilt[index] = byte
                _ = spoilt.withUnsafeBytes { RelayMessage.read($0) }
            }
        }
    }
}
