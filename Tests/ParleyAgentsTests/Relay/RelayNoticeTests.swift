import ParleyCore
import ParleyMessaging
import ParleyNetwork
import Testing

@testable import ParleyAgents

@Suite("What an application is told")
struct RelayNoticeTests {
    private static func text(_ notice: RelayNotice) -> String { String(decoding: notice.json, as: UTF8.self) }

    @Test(
        "Each message is as documented",
        arguments: [
            (
                .prompt("I would like to move my appointment.", language: "en-US", isLast: true),
                #"{"type":"prompt","voicePrompt":"I would like to move my appointment.","lang":"en-US","last":true}"#
            ),
            (.dtmf("5"), #"{"type":"dtmf","digit":"5"}"#),
            (
                .interrupt(heard: "Your appointment is on", milliseconds: 684),
                #"{"type":"interrupt","utteranceUntilInterrupt":"Your appointment is on","durationUntilInterruptMs":684}"#
            ),
            (
                .info("agentSpeaking", "on", at: 1_795_212_345_678),
                #"{"type":"info","name":"agentSpeaking","value":"on","ts":1795212345678}"#
            ),
            (
                .info("tokensPlayed", "Your appointment is on", at: nil),
                #"{"type":"info","name":"tokensPlayed","value":"Your appointment is on"}"#
            ),
            (
                .error(#"Invalid message received, code: 64107, {"foo":1}"#),
                #"{"type":"error","description":"Invalid message received, code: 64107, {\"foo\":1}"}"#
            ),
        ] as [(RelayNotice, String)])
    func vectors(notice: RelayNotice, json: String) { #expect(Self.text(notice) == json) }

    @Test("Setup has every field, as a string, and parameters; a stream's token is not among them")
    func setup() throws {
        var machine = RelayMachine(
            try RelayScript.settings { $0.parameters = ["tenant": "7"] }, call: RelayScript.facts)
        _ = machine.handle(.began, at: .zero)
        let sent = machine.handle(.opened, at: .zero).compactMap { effect in
            if case .send(let notice) = effect { Self.text(notice) } else { nil }
        }
        let ids = RelayIdentifiers(name: "app", callID: "01JB0000000000000000000000")
        #expect(
            sent == [
                #"{"type":"setup","sessionId":"\#(ids.session(1))","accountSid":"\#(ids.account)","callSid":"\#(ids.call)","#
                    + #""parentCallSid":"","from":"+15550100001","to":"+15550100002","forwardedFrom":"","callerName":"","#
                    + #""direction":"inbound","callType":"PSTN","callStatus":"RINGING","#
                    + #""customParameters":{"callReference":"ref-204","tenant":"7"}}"#
            ])
    }

    @Test("Ids have the protocol's shape; a call keeps its own, and each session has another")
    func identifiers() {
        let ids = RelayIdentifiers(name: "app", callID: "01JB0000000000000000000000")
        for (id, letters) in [(ids.session(1), "VX"), (ids.account, "AC"), (ids.call, "CA")] {
            #expect(id.hasPrefix(letters) && id.count == 34)
            #expect(id.dropFirst(2).allSatisfy { $0.isHexDigit && !$0.isUppercase })
        }
        #expect(ids == RelayIdentifiers(name: "app", callID: "01JB0000000000000000000000"))
        #expect(ids.session(1) != ids.session(2))
        #expect(ids.call != RelayIdentifiers(name: "app", callID: "01JB0000000000000000000001").call)
    }

    @Test("Signatures are those of the vectors")
    func signatures() {
        let key = Secret("parley-test-auth-token")
        #expect(
            RelaySignature.make("wss://voice.example.org/media/twilio", key: key) == "iDjiHOkqa59UL3ToVgE7isfK1ss=")
        let form = FormFields([
            "CallSid": "CA0123456789abcdef0123456789abcdef", "From": "+15550100001", "To": "+15550100002",
            "Digits": "1",
        ])
        #expect(
            RelaySignature.make("https://voice.example.org/hooks/call?tenant=7", form: form, key: key)
                == "IX8Z5aFmJTIB0ixvg1FiA4O/7QM=")
    }

    @Test("The callback's form")
    func form() {
        let ending = RelayEnding(
            status: .ended, session: "VX1", seconds: 12, handoff: #"{"a":"b c"}"#, fault: nil, isCallOver: false)
        #expect(
            ending.form(account: "AC1", call: "CA1", from: "+15550100001", to: "").formText
                == "AccountSid=AC1&ApiVersion=2010-04-01&CallSid=CA1&CallStatus=in-progress&Direction=inbound"
                + "&From=%2B15550100001&To=&SessionId=VX1&SessionStatus=ended&SessionDuration=12"
                + "&HandoffData=%7B%22a%22%3A%22b+c%22%7D")
        let lost = RelayEnding(
            status: .failed, session: "VX1", seconds: 0, handoff: nil, fault: .cannotConnect, isCallOver: true)
        #expect(
            lost.form(account: "AC1", call: "CA1", from: "", to: "").formText.hasSuffix(
                "&CallStatus=completed&Direction=inbound&From=&To=&SessionId=VX1&SessionStatus=failed&SessionDuration=0"
                    + "&ErrorCode=64102&ErrorMessage=Cannot+connect+to+the+WebSocket+URL"))
    }
}
