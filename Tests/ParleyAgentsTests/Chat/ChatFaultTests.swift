import ParleyCore
import Testing

@testable import ParleyAgents

@Suite struct ChatFaultTests {
    private let busy = ChatFault.status(429, retryAfter: .milliseconds(500))

    private func talk(models: [String] = ["first", "second"]) -> ChatTalk {
        var talk = ChatTalk(models: models)
        talk.say("hello")
        return talk
    }

    @Test(
        "What failed before it began is tried again, once, after the time that the server asks for",
        arguments: [
            (ChatFault.status(429, retryAfter: .milliseconds(500)), 500), (.status(429, retryAfter: .seconds(60)), 800),
            (.status(503, retryAfter: nil), 250), (.unreachable("nothing answers there"), 250),
            (.broken("the stream ended too soon"), 250),
        ])
    func retried(fault: ChatFault, delay: Int) {
        var talk = talk()
        talk.fail(fault)
        #expect(!talk.hasSent)
        talk.wait(.milliseconds(delay - 1))
        #expect(!talk.hasSent)
        talk.wait(.milliseconds(101))
        #expect(talk.hasSent && talk.request?.model == 0)
        talk.fail(fault)
        #expect(talk.hasSent && talk.request?.model == 1)
        #expect(talk.rows.last == "switched second")
        #expect(talk.now <= .seconds(3))
        talk.stream(.text("Hi."), .ended(.stop, []))
        #expect(talk.spoken == "Hi.")
    }

    @Test("A wrong key or request is not tried again", arguments: [400, 401, 403, 404, 422])
    func notRetried(status: Int) {
        var talk = talk()
        talk.fail(.status(status, retryAfter: nil))
        #expect(talk.hasSent && talk.request?.model == 1)
    }

    @Test("A connection that took two seconds to fail is not waited for again where another model stands by")
    func slowFailure() {
        var talk = talk()
        talk.now = .seconds(2)
        talk.fail(.unreachable("no connection in time"))
        #expect(talk.hasSent && talk.request?.model == 1)
        var alone = self.talk(models: ["first"])
        alone.now = .seconds(2)
        alone.fail(.unreachable("no connection in time"))
        alone.wait(.seconds(1))
        #expect(alone.requests.count == 2)
    }

    @Test("The caller waited in vain and is asked to say it again: the second model answers, and the first is rested")
    func waitedInVain() {
        var talk = talk()
        talk.wait(.milliseconds(3_900))
        #expect(talk.rows == [])
        talk.tell(.retracted(talk.generation))
        #expect(talk.rows == ["stalled no answer in time", "switched second"])
        #expect(
            talk.effects.contains(.fared(model: 0, .failed("no answer in time", isStall: true))), "for its breaker")
        talk.say("hello again")
        #expect(talk.request?.model == 1)
        #expect(talk.request?.messages == [.system("S"), .user("hello again")])
        talk.stream(.text("Hi."), .ended(.stop, []))
        #expect(talk.parts == [.text("Hi.\n"), .done])
        // It stays with what works, until that fails.
        talk.say("and now")
        #expect(talk.request?.model == 1)
        talk.fail(.status(401, retryAfter: nil))
        #expect(talk.parts == [.failed])
        talk.say("and now")
        #expect(talk.request?.model == 0)
    }

    @Test("A caller who speaks on at once rests no model, and an only one is asked again")
    func spokeOn() {
        var talk = talk()
        talk.wait(.milliseconds(2_900))
        talk.tell(.retracted(talk.generation))
        #expect(talk.rows == [])
        var alone = self.talk(models: ["first"])
        alone.wait(.milliseconds(3_900))
        alone.tell(.retracted(alone.generation))
        #expect(alone.rows == ["stalled no answer in time"])
        alone.say("hello again")
        #expect(alone.request?.model == 0)
    }

    @Test("When all have failed the reply has, and it is not remembered")
    func allFailed() {
        var talk = talk()
        for _ in 0..<2 {
            talk.fail(busy)
            talk.wait(.seconds(1))
            talk.fail(busy)
        }
        #expect(talk.parts == [.failed] && talk.machine.nextDeadline == nil)
        talk.tell(.retracted(talk.generation))
        talk.say("hello?")
        #expect(talk.request?.messages == [.system("S"), .user("hello?")])
        #expect(talk.request?.model == 0)
    }

    @Test("A model whose circuit is open is passed over at once, without a row of its own")
    func passedOver() {
        var talk = talk()
        talk.fail(.passedOver)
        #expect(talk.hasSent && talk.request?.model == 1 && talk.rows == ["switched second"])
        #expect(!talk.all.contains { if case .fared = $0 { true } else { false } })
        talk.fail(.passedOver)
        #expect(talk.parts == [.failed])
    }

    @Test("The breaker hears of each request that was waited for")
    func fared() {
        var talk = talk()
        talk.fail(busy)
        talk.wait(.seconds(1))
        talk.stream(.text("Hi"), .text("."), .ended(.stop, []))
        let fared = talk.all.filter { if case .fared = $0 { true } else { false } }
        guard case .fared(0, .began(let latency))? = fared.dropFirst().first else { return #expect(Bool(false)) }
        #expect(latency > .milliseconds(300) && latency < .milliseconds(500))
        #expect(
            fared == [
                .fared(model: 0, .failed("the server answered 429", isStall: false)),
                .fared(model: 0, .began(after: latency)), .fared(model: 0, .succeeded),
            ])
    }

    @Test("A first token later than 4 s: the next model is asked")
    func lateToken() {
        var talk = talk()
        talk.wait(.milliseconds(3_999))
        #expect(!talk.hasSent)
        talk.wait(.milliseconds(1))
        #expect(talk.hasSent && talk.request?.model == 1 && talk.stopped == [1])
        #expect(talk.rows == ["stalled no answer in time", "switched second"])
        // What the first one says now is nobody's.
        talk.tell(.stream(1, .text("Late.")))
        #expect(talk.effects == [])
    }

    @Test("A stream that stalls: what is whole was spoken, and the next model goes on behind it, repeating nothing")
    func stalled() {
        var talk = talk()
        talk.stream(.text("We are open today. Tomorrow we are closed, as it is a Sun"))
        talk.wait(.seconds(3))
        talk.stream(.text("day "))
        talk.wait(.seconds(3))
        #expect(!talk.hasSent)
        talk.wait(.seconds(1))
        #expect(talk.spoken == "We are open today.")
        #expect(talk.request?.model == 1)
        #expect(talk.request?.messages.suffix(2) == [.assistant("We are open today.", []), .user(ChatPrompt.goOn)])
        talk.stream(.text("We are open today. Tomorrow not."), .ended(.stop, []))
        #expect(talk.spoken == "We are open today. Tomorrow not." && talk.parts.last == .done)
    }

    @Test("Where no model is left what was said stands, and the reply is over")
    func stalledAlone() {
        var talk = talk(models: ["first"])
        talk.stream(.text("We are open today. Tomorrow"))
        talk.fail(.broken("the peer closed the connection"))
        #expect(talk.requests.count == 2)
        talk.fail(.status(500, retryAfter: nil))
        #expect(talk.parts == [.done] && talk.spoken == "We are open today.")
    }

    @Test("A turn has 20 s, whatever it is waiting for")
    func turnDeadline() {
        var silent = talk()
        silent.wait(.seconds(21))
        #expect(silent.allParts == [.failed])
        var endless = talk()
        for _ in 0..<30 {
            endless.wait(.milliseconds(900))
            endless.stream(.text("word "))
        }
        #expect(endless.stopped == [1] && endless.allParts.last == .failed)
        var acting = talk()
        acting.stream(.text("One moment."), .ended(.stop, [.text()]))
        acting.wait(.seconds(21))
        #expect(acting.allParts.last == .done)
        acting.settle()
        #expect(acting.effects == [.nudge])
    }

    @Test("An empty or filtered answer is a fault")
    func empty() {
        var talk = talk()
        talk.stream(.ended(.stop, []))
        #expect(talk.rows == ["failed the answer is empty"])
        talk.wait(.seconds(1))
        talk.stream(.ended(.filtered, []))
        #expect(talk.request?.model == 1)
        let isCounted = talk.all.contains { if case .fared(_, .failed) = $0 { true } else { false } }
        #expect(!isCounted, "what one caller says shuts nobody else out")
    }

    @Test("A call does not open with an empty answer: another one is asked for, and then it has failed")
    func emptyOpening() {
        var talk = ChatTalk()
        talk.ask(.opening)
        talk.stream(.ended(.stop, []))
        #expect(talk.rows == ["failed the answer is empty"] && talk.parts == [])
        talk.wait(.seconds(1))
        #expect(talk.hasSent)
        talk.stream(.text("**"), .ended(.stop, []))
        #expect(talk.parts == [.failed])
    }

    @Test("Whatever comes in whatever order: one end a reply, nothing after it, nothing of a cancelled one")
    func randomWalk() {
        for seed in 0..<2_000 {
            var random = SplitMix64(seed: UInt64(seed))
            var talk = ChatTalk()
            talk.say("hello")
            for _ in 0..<60 {
                switch Int.random(in: 0..<14, using: &random) {
                case 0: talk.say("and \(seed)")
                case 1: talk.tell(.cancelled(talk.generation))
                case 2: talk.tell(.retracted(talk.generation))
                case 3: talk.fail(.status(500, retryAfter: nil))
                case 4: talk.fail(.broken("x"))
                case 5: talk.stream(.tool("send_sms"))
                case 6: talk.stream(.ended(.stop, [.text("\(Int.random(in: 0..<3, using: &random))")]))
                case 7: talk.stream(.ended(.stop, [ModelCall(name: "what", arguments: "{")]))
                case 8: talk.stream(.ended(.stop, []))
                case 9: talk.settle(Int.random(in: 0..<30, using: &random))
                case 10: talk.wait(random.time(upTo: .seconds(5)))
                case 11: talk.ask(.nudged)
                default: talk.stream(.text("Some words. "))
                }
            }
            var ended: Set<Generation> = []
            var keys: Set<String> = []
            for effect in talk.all {
                guard case .reply(let generation, let part) = effect else { continue }
                #expect(!ended.contains(generation), "seed \(seed): a part after the end")
                if part == .done || part == .failed { ended.insert(generation) }
            }
            for (generation, request) in talk.actions {
                #expect(keys.insert("\(generation.number) \(request)").inserted, "seed \(seed): done twice")
            }
            for request in talk.requests {
                #expect(hasResults(request.messages), "seed \(seed): a call without its result")
            }
        }
    }

    /// As servers check it: behind each call its result.
    private func hasResults(_ messages: [ChatMessage]) -> Bool {
        var open: [String] = []
        for message in messages {
            switch message {
            case .tool(let id, _):
                guard open.first == id else { return false }
                open.removeFirst()
            case .assistant(_, let calls):
                guard open.isEmpty else { return false }
                open = calls.map(\.id)
            default: guard open.isEmpty else { return false }
            }
        }
        return open.isEmpty
    }
}
