import FakeEngines
import ParleyCore
import ParleyNetwork
import Testing

@testable import ParleyAgents

@Suite("An application over real sockets")
struct RelaySocketTests {
    private static let key = Secret("parley-test-auth-token")

    @Test("A whole call: signed, greeted, streamed, keyed, interrupted, ended, and reported once")
    func wholeCall() async throws {
        var attributes = FakeRelayApplication.Attributes()
        attributes.isSigned = true
        attributes.dtmfDetection = true
        attributes.partialPrompts = true
        attributes.events = true
        let app = FakeRelayApplication(attributes) { call in
            _ = await call.next("setup")
            await call.say("Which day?")
            while let prompt = await call.next("prompt"), prompt.fields["last"] != true {}
            await call.say("Fri", last: false)
            await call.say("day. ", last: false)
            await call.say("Press 1 to book.")
            _ = await call.next("dtmf")
            await call.say("Your booking is ", last: false)
            _ = await call.next("interrupt")
            await call.say("stale ")
            await call.socket.send("Then this is none.")
            _ = await call.next("prompt")
            await call.say("Goodbye.", last: false)
            await call.send(["type": "end", "handoffData": #"{"booked":true}"#])
            await call.drain()
        }
        try await app.start()
        let desk = FakeHTTPServer { _, response in await response.answer(200, "{}") }
        try await desk.start()
        let action = "http://127.0.0.1:\(desk.port)/done?tenant=7"
        let line = try RelayLine(app.url, key: Self.key) { settings in
            settings.detectsKeys = true
            settings.sendsPartials = true
            settings.events = [.speaker, .tokensPlayed]
            settings.action = action
        }

        line.ask(1, .opening)
        #expect(try await line.reply(1) == [.done])
        try await line.nudges.first(1)
        line.ask(2, .nudged)
        #expect(try await line.words(2) == "Which day?")
        line.note(.floor(.caller))
        line.note(.partial(TurnID(3), "On"))
        line.note(.partial(TurnID(3), "On Friday"))
        line.note(.floor(.free))
        line.ask(3, .said("On Friday."))
        #expect(try await line.reply(3) == [.text("Fri"), .text("day. "), .text("Press 1 to book."), .done])
        line.ask(4, .keyed("1"))
        try await line.parts.first { $0.part == .text("Your booking is ") }
        line.bargeIn(4, heard: "Your booking")
        let interruption = try await app.first("interrupt")
        #expect(interruption.fields["utteranceUntilInterrupt"] == "Your booking")
        #expect(interruption.fields["durationUntilInterruptMs"] == 910)
        // What came before was read.
        _ = try await app.first("error")
        line.ask(5, .said("No, the other one."))
        #expect(
            try await line.reply(5) == [
                .text("Goodbye."), .set("handoff_data", #"{"booked":true}"#), .end, .done,
            ])

        let call = try await app.server.connections.at(0)
        #expect(try await call.ended.at(0) == .closed(1000))
        let report = try await desk.requests.at(0)
        line.end(.agentEnded)
        await line.shutDown()

        #expect(app.violations.all == [])
        #expect(
            app.notices.all.map { $0.type } == [
                "setup", "info", "prompt", "prompt", "info", "prompt", "dtmf", "info", "interrupt", "error",
                "prompt",
            ])
        #expect(call.upgrade.headers["x-twilio-signature"] == RelaySignature.make(app.url, key: Self.key))
        #expect(report.method == "POST" && report.target.text == "/done?tenant=7")
        let fields = FakeTarget("?" + report.text)
        #expect(fields.value("SessionStatus") == "ended" && fields.value("HandoffData") == #"{"booked":true}"#)
        #expect(fields.value("SessionId") == app.notices.all[0].fields["sessionId"]?.string)
        #expect(fields.value("CallSid") == app.notices.all[0].fields["callSid"]?.string)
        #expect(fields.value("CallStatus") == "in-progress" && fields.value("From") == "+15550100001")
        let signed = fields.query.map { "\($0.name)\($0.value)" }.sorted().joined()
        #expect(
            report.headers["x-twilio-signature"]
                == RelaySignature.make(action + signed, key: Self.key))
        #expect(desk.requests.count == 1)
        await app.stop()
        await desk.stop()
    }

    @Test("The caller hangs up: the socket is closed, and the callback told")
    func hangUp() async throws {
        let app = FakeRelayApplication { await $0.drain() }
        try await app.start()
        let desk = FakeHTTPServer { _, response in await response.answer(204, "") }
        try await desk.start()
        let line = try RelayLine(app.url) { $0.action = "http://127.0.0.1:\(desk.port)/done" }
        line.ask(1, .opening)
        _ = try await app.first("setup")
        line.end()
        #expect(try await app.server.connections.at(0).ended.at(0) == .closed(1000))
        let report = try await desk.requests.at(0)
        let fields = FakeTarget("?" + report.text)
        #expect(fields.value("SessionStatus") == "completed" && fields.value("CallStatus") == "completed")
        #expect(report.headers["x-twilio-signature"] == nil)
        await line.shutDown()
        #expect(app.violations.all == [])
        await app.stop()
        await desk.stop()
    }

    @Test("A refused handshake is tried again, and the question reaches the session that stands")
    func refusedOnce() async throws {
        let app = FakeRelayApplication(admits: { $0 > 0 }) { call in
            _ = await call.next("prompt")
            await call.say("Here I am.")
            await call.drain()
        }
        try await app.start()
        let line = try RelayLine(app.url)
        line.ask(1, .said("Hello?"))
        #expect(try await line.words(1) == "Here I am.")
        let news = try await line.news.first(2)
        #expect(news.map(\.kind) == [.failed, .reconnected])
        #expect(news[0].detail.contains("503"))
        await line.shutDown()
        #expect(app.violations.all == [])
        await app.stop()
    }

    @Test(
        "A connection that is reset in the middle of an answer: what there is stands, the next question is answered anew"
    )
    func reset() async throws {
        let wasHeard = FakeRecord<Bool>()
        let app = FakeRelayApplication { call in
            _ = await call.next("prompt")
            await call.say("Well, ", last: false)
            guard call.socket.number == 0 else {
                await call.say("again.")
                return await call.drain()
            }
            _ = try? await wasHeard.first(1)
            await call.socket.drop()
        }
        try await app.start()
        let line = try RelayLine(app.url) { $0.reconnectAfter = .milliseconds(10) }
        line.ask(1, .said("Hello?"))
        try await line.parts.first { $0.part == .text("Well, ") }
        wasHeard.append(true)
        #expect(try await line.words(1) == "Well, ")
        line.ask(2, .said("Hello again?"))
        #expect(try await line.words(2) == "Well, again.")
        let setups = app.notices.all.filter { $0.type == "setup" }
        #expect(setups.count == 2 && setups[0].fields["sessionId"] != setups[1].fields["sessionId"])
        await line.shutDown()
        #expect(app.violations.all == [])
        await app.stop()
    }

    @Test("An application that answers no handshake: the question fails in time, and the callback says why")
    func neverAnswers() async throws {
        let app = FakeWebSocketServer(upgrade: { _ in .never }, handler: { _ in })
        try await app.start()
        let desk = FakeHTTPServer { _, response in await response.answer(200, "") }
        try await desk.start()
        let line = try RelayLine("ws://127.0.0.1:\(app.port)/") { settings in
            settings.connectTime = .milliseconds(100)
            settings.reconnects = 0
            settings.action = "http://127.0.0.1:\(desk.port)/done"
        }
        line.ask(1, .said("Hello?"))
        #expect(try await line.words(1) == "(failed)")
        let fields = FakeTarget("?" + (try await desk.requests.at(0)).text)
        #expect(fields.value("SessionStatus") == "failed" && fields.value("ErrorCode") == "64102")
        await line.shutDown()
        await app.stop()
        await desk.stop()
    }

    @Test("Ten messages that are none: the session is closed with 1007, and each was answered with an error")
    func malformed() async throws {
        let app = FakeRelayApplication { call in
            _ = await call.next("setup")
            for text in [
                "", "x", "[]", "{}", #"{"type":"text"}"#, #"{"type":"text","token":null}"#, #"{"type":"sing"}"#,
            ] {
                await call.socket.send(text)
            }
            await call.socket.send([1, 2, 3])
            await call.socket.send(#"{"type":"play","source":5}"#)
            await call.socket.send(#"{"type":"end","handoffData":{}}"#)
            await call.drain()
        }
        try await app.start()
        let line = try RelayLine(app.url) { $0.reconnects = 0 }
        #expect(try await app.server.connections.at(0).ended.at(0) == .closed(1007))
        try await app.notices.wait { $0.filter { $0.type == "error" }.count == 10 }
        await line.shutDown()
        #expect(app.violations.all == [])
        await app.stop()
    }

    @Test("A message over 64 KiB, and one that never ends, lose the connection and not the call")
    func endless() async throws {
        let app = FakeRelayApplication { call in
            _ = await call.next("setup")
            switch call.socket.number {
            case 0: await call.socket.send(String(repeating: " ", count: 70_000))
            case 1: await call.sendWithoutEnd()
            default: await call.say("Here I am.")
            }
            await call.drain()
        }
        try await app.start()
        let line = try RelayLine(app.url) { settings in
            settings.reconnects = 2
            settings.reconnectAfter = .milliseconds(10)
        }
        try await line.nudges.first(1)
        line.ask(1, .nudged)
        #expect(try await line.words(1) == "Here I am.")
        await line.shutDown()
        #expect(app.violations.all == [])
        await app.stop()
    }

    @Test("The fake refuses what the documentation forbids")
    func fakeIsStrict() async throws {
        let app = FakeRelayApplication { await $0.drain() }
        try await app.start()
        let address = try NetworkAddress(app.url, schemes: [.ws])
        let probe = try await RelayProbe.open(address)
        let bad = [
            #"{"type":"prompt","voicePrompt":"Hi.","lang":"en-US","last":true}"#,
            #"{"type":"setup"}"#,
            #"{"type":"prompt","voicePrompt":"Hi.","lang":"en-US","last":"true"}"#,
            #"{"type":"prompt","voicePrompt":"Hi.","lang":"en-US","last":true,"confidence":1}"#,
            #"{"type":"prompt","voicePrompt":"Hi.","lang":"sv-SE","last":true}"#,
            #"{"type":"prompt","voicePrompt":"Hi","lang":"en-US","last":false}"#,
            #"{"type":"dtmf","digit":"5"}"#,
            #"{"type":"interrupt","utteranceUntilInterrupt":"Hi","durationUntilInterruptMs":"460"}"#,
            #"{"type":"interrupt","durationUntilInterruptMs":460}"#,
            #"{"type":"info","name":"agentSpeaking","value":"on"}"#,
            #"{"type":"hangup"}"#,
        ]
        for message in bad { probe.send(message) }
        try await app.violations.wait { found in Set(found.map(\.what)).count >= bad.count }
        let blamed = try await app.notices.first(bad.count)
        #expect(blamed.allSatisfy { notice in app.violations.all.contains { $0.what.hasSuffix("\(notice)") } })
        probe.close()
        let other = try await RelayProbe.open(address)
        other.send(#"{"type":"setup","sessionId":"VX1","callStatus":"ringing","customParameters":{"a":1}}"#)
        let shapes = try await app.violations.wait { $0.contains { $0.what.hasPrefix("wrong callStatus") } }
        for problem in [
            "other fields", "from is no string", "sessionId has another shape", "unknown direction",
            "customParameters are no strings", "wrong callStatus",
        ] {
            #expect(shapes.contains { $0.connection == 1 && $0.what.hasPrefix(problem) }, "\(problem)")
        }
        other.close()
        await app.stop()
    }
}
