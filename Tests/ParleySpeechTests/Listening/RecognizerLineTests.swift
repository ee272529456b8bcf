import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("A recogniser's connection and the call's turns on it")
struct RecognizerLineTests {
    @Test("It connects before the first word, and audio goes out as it comes")
    func plainTurn() {
        var rig = LineRig()
        #expect(rig.start() == ["connect"])
        #expect(rig.open() == ["open"])
        #expect(rig.hear("ready") == [])
        #expect(rig.feed(2) == ["audio 1 20", "audio 1 20"])
        #expect(rig.hear("partial 1 book a") == ["<partial 1 book a>"])
        #expect(rig.pause(1) == ["pause 1"])
        #expect(rig.finish(1) == ["finish 1 quiet 0"])
        #expect(rig.hear("final 1  book a table ") == ["<final 1 book a table>"])
        #expect(rig.hear("final 1 book a table") == [])
        #expect(rig.finish(1) == [])
        #expect(rig.feed() == ["audio 2 20"])
        #expect(rig.hear("partial 2 for two") == ["<partial 2 for two>"])
    }

    @Test("Batches hold what the engine wants; a turn's end sends the rest")
    func batches() {
        var rig = LineRig.ready(batch: 60)
        #expect(rig.feed(7) == ["audio 1 60", "audio 1 60"])
        #expect(rig.finish(1) == ["audio 1 20", "finish 1 quiet 0"])
        #expect(rig.feed(3) == ["audio 2 60"])
    }

    @Test("What is said before it is ready is held, and sent in order")
    func held() {
        var rig = LineRig()
        _ = rig.start()
        #expect(rig.feed(2) == [])
        #expect(rig.finish(1) == [])
        #expect(rig.feed() == [])
        #expect(rig.open() == ["open"])
        #expect(rig.hear("ready") == ["audio 1 20", "audio 1 20", "finish 1 quiet 0", "audio 2 20"])
    }

    @Test("More than fifteen seconds are not held for a connection: the oldest goes, and that is news")
    func gap() {
        var rig = LineRig()
        _ = rig.start()
        #expect(rig.feed(800) == [])
        _ = rig.open()
        let sent = rig.hear("ready") + rig.wait(1_250)
        #expect(sent.first == "<gap: 1000 ms of audio dropped>")
        #expect(sent.dropFirst() == ArraySlice(repeating: "audio 1 20", count: 750))
    }

    @Test("An engine that is slower than the caller may be five seconds behind; what had waited for it is not counted")
    func lag() {
        var dialect = PlainDialect()
        dialect.room = 1
        var rig = LineRig.ready(dialect)
        #expect(rig.feed(301) == ["audio 1 20"])
        #expect(rig.hear("more") == ["<gap: 1000 ms of audio dropped>", "audio 1 20"])

        var late = LineRig(dialect)
        _ = late.start()
        _ = late.feed(500)
        _ = late.open()
        #expect(late.hear("ready") == ["audio 1 20"])
        // What waits stays, and does not grow.
        #expect(late.feed(1) == [])
        #expect(late.hear("more") == ["<gap: 20 ms of audio dropped>", "audio 1 20"])
    }

    @Test("What was kept is given at once up to five seconds, and the rest at eight times its speed")
    func paced() {
        var rig = LineRig()
        _ = rig.start()
        _ = rig.feed(750)
        _ = rig.finish(1)
        _ = rig.open()
        #expect(rig.hear("ready").count == 251)
        var most = 0
        var sent: [String] = []
        for _ in 0..<125 {
            let now = rig.wait(10)
            most = max(most, now.count)
            sent += now
        }
        #expect(most <= 5)
        #expect(sent.filter { $0 == "audio 1 20" }.count == 499)
        #expect(sent.last == "finish 1 quiet 0")
        // A caller who speaks on is never held up by it.
        #expect(rig.feed() == ["audio 2 20"])
    }

    @Test("A turn that nothing was fed for is empty, and the engine is not asked")
    func unheardTurn() {
        var rig = LineRig.ready()
        #expect(rig.finish(1) == ["<final 1 >"])
    }

    @Test("Answers come in the order of the turns")
    func order() {
        var rig = LineRig.ready()
        _ = rig.feed()
        _ = rig.finish(1)
        _ = rig.feed()
        _ = rig.finish(2)
        #expect(rig.finish(3) == [])
        #expect(rig.hear("final 2 two") == [])
        #expect(rig.hear("final 1 one") == ["<final 1 one>", "<final 2 two>", "<final 3 >"])
    }

    @Test("A turn's number is the one after the last, until it is told: keys take numbers too")
    func numbers() {
        var rig = LineRig.ready()
        _ = rig.feed()
        #expect(rig.hear("partial 1 yes") == ["<partial 1 yes>"])
        _ = rig.pause(4)
        #expect(rig.hear("partial 1 yes please") == ["<partial 4 yes please>"])
        _ = rig.finish(4)
        #expect(rig.hear("final 1 yes please") == ["<final 4 yes please>"])
    }

    @Test("The end of a turn says how long it has been quiet: 15 dB below its loudest")
    func quiet() {
        var rig = LineRig.ready()
        _ = rig.feed(10, level: 4_000)
        _ = rig.feed(5, level: 600)
        #expect(rig.finish(1).last == "finish 1 quiet 100")
        _ = rig.feed(2, level: 600)
        #expect(rig.finish(2).last == "finish 2 quiet 0")
    }

    // MARK: Signs of life

    @Test("A message without words tells the words so far again, not more than twice a second")
    func life() {
        var rig = LineRig.ready()
        _ = rig.wait(1_000)
        #expect(rig.hear("alive") == [])
        _ = rig.feed()
        #expect(rig.hear("alive") == ["<partial 1 >"])
        #expect(rig.hear("alive") == [])
        #expect(rig.hear("partial 1 book") == ["<partial 1 book>"])
        #expect(rig.hear("partial 1 book") == [])
        _ = rig.wait(499)
        #expect(rig.hear("alive") == [])
        _ = rig.wait(1)
        #expect(rig.hear("alive") == ["<partial 1 book>"])
    }

    // MARK: Cancel and close

    @Test("After a cancel nothing of the turn is told, and what was not sent of it is not sent")
    func cancel() {
        var rig = LineRig.ready(batch: 40)
        _ = rig.feed(3)
        #expect(rig.cancel(1) == ["cancel 1"])
        #expect(rig.hear("partial 1 book") == [])
        #expect(rig.hear("final 1 book") == [])
        #expect(rig.feed(2) == ["audio 2 40"])
        _ = rig.finish(2)
        #expect(rig.cancel(2) == ["cancel 2"])
        #expect(rig.hear("final 2 a table") == [])
        #expect(rig.cancel(2) == [])
    }

    @Test("A turn that is cancelled before it was sent leaves no trace")
    func cancelHeld() {
        var rig = LineRig()
        _ = rig.start()
        _ = rig.feed(3)
        #expect(rig.cancel(1) == [])
        _ = rig.feed()
        _ = rig.open()
        #expect(rig.hear("ready") == ["audio 2 20"])
    }

    @Test("An owed turn is cancelled while the next is being fed")
    func cancelOwed() {
        var rig = LineRig.ready()
        _ = rig.feed()
        _ = rig.finish(1)
        _ = rig.feed()
        #expect(rig.cancel(1) == ["cancel 1"])
        _ = rig.finish(2)
        #expect(rig.hear("final 2 two") == ["<final 2 two>"])
    }

    @Test("After close nothing is told; the engine hears a goodbye and has two seconds")
    func close() {
        var rig = LineRig.ready()
        _ = rig.feed()
        _ = rig.finish(1)
        #expect(rig.close() == ["goodbye"])
        #expect(rig.hear("final 1 late") == [])
        #expect(rig.feed() == [])
        #expect(rig.wait(1_999) == [])
        #expect(rig.wait(1) == ["close"])
        #expect(rig.line.nextDeadline == nil)
    }

    @Test("Close without a goodbye, while connecting, and twice")
    func closeElsewhere() {
        var silent = PlainDialect()
        silent.saysGoodbye = false
        var rig = LineRig.ready(silent)
        #expect(rig.close() == ["close"])
        #expect(rig.close() == [])
        var young = LineRig()
        _ = young.start()
        #expect(young.close() == ["drop"])
        #expect(young.lose() == [])
        #expect(young.line.nextDeadline == nil)
    }

    // MARK: Time

    @Test("A connection that is not ready in two seconds is given up; the wait doubles to five seconds")
    func connectTimeout() {
        var rig = LineRig()
        _ = rig.start()
        _ = rig.open()
        #expect(rig.wait(2_000) == ["drop", "<failed: not ready within 2000 ms>"])
        var waits: [Int] = []
        for _ in 0..<7 {
            let before = rig.now
            while rig.wait(10).isEmpty {}
            waits.append((rig.now - before).milliseconds)
            #expect(rig.log.last == "connect")
            #expect(rig.lose("refused") == [])
        }
        #expect(waits == [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000])
    }

    @Test("Where a connection is lost between turns, it is made again: one word when it stands")
    func idleLoss() {
        var rig = LineRig.ready()
        #expect(rig.lose("it went") == [])
        #expect(rig.wait(249) == [])
        #expect(rig.wait(1) == ["connect"])
        _ = rig.open()
        #expect(rig.hear("ready") == ["<reconnected: it went>"])
    }

    @Test("A caller who begins to speak does not wait for the next try")
    func audioConnects() {
        var rig = LineRig.ready()
        _ = rig.lose("it went")
        #expect(rig.feed() == ["connect"])
        _ = rig.open()
        #expect(rig.hear("ready") == ["<reconnected: it went>", "audio 1 20"])
    }

    @Test("While nothing else is sent, it is kept alive")
    func keepAlive() {
        var rig = LineRig.ready()
        #expect(rig.wait(3_999) == [])
        #expect(rig.wait(1) == ["keep alive"])
        #expect(rig.wait(2_000) == [])
        _ = rig.feed()
        #expect(rig.wait(3_999) == [])
        #expect(rig.wait(4_001) == ["keep alive", "keep alive"])
    }

    @Test("An answer that may be missing is not waited for longer than the dialect says")
    func conclude() {
        var rig = LineRig.ready()
        _ = rig.feed()
        _ = rig.finish(1)
        _ = rig.hear("expect 1")
        #expect(rig.wait(499) == [])
        #expect(rig.wait(1) == ["<final 1 what was there>"])
    }

    @Test("No answer in ten seconds: the connection is of no use")
    func noAnswer() {
        var rig = LineRig.ready()
        _ = rig.feed()
        _ = rig.finish(1)
        #expect(rig.wait(9_999).filter { $0 != "keep alive" } == [])
        #expect(rig.wait(1) == ["drop", "<failed: no answer within 10 s>", "<failed 1>"])
    }

    // MARK: Faults

    @Test("A lost connection fails every turn that is not settled, oldest first, also the one being fed")
    func loss() {
        var rig = LineRig.ready()
        _ = rig.feed()
        _ = rig.finish(1)
        _ = rig.feed()
        #expect(rig.lose("it broke") == ["<failed: it broke>", "<failed 1>", "<failed 2>"])
        #expect(rig.feed() == [])
        #expect(rig.finish(2) == [])
        // The next turn has another connection.
        #expect(rig.feed() == ["connect"])
        _ = rig.open()
        #expect(rig.hear("ready") == ["<reconnected: it broke>", "audio 3 20"])
    }

    @Test("A turn that failed under another turn's number fails under its own, once")
    func lossOfUnnamed() {
        var rig = LineRig.ready()
        _ = rig.feed()
        #expect(rig.lose().contains("<failed 1>"))
        #expect(rig.pause(3) == ["<failed 3>"])
        #expect(rig.finish(3) == [])
    }

    @Test("A connection that never stands fails what waits for it")
    func refused() {
        var rig = LineRig()
        _ = rig.start()
        _ = rig.feed()
        _ = rig.finish(1)
        #expect(rig.lose("401") == ["<failed: 401>", "<failed 1>"])
        #expect(rig.feed() == ["connect"])
        #expect(rig.lose("401") == ["<failed: 401>", "<failed 2>"])
        #expect(rig.feed(10) == [])
    }

    @Test("The engine fails one turn; the connection goes on")
    func oneFails() {
        var rig = LineRig.ready()
        _ = rig.feed()
        _ = rig.finish(1)
        _ = rig.feed()
        #expect(rig.hear("failed 1 no speech") == ["<failed: no speech>", "<failed 1>"])
        _ = rig.finish(2)
        #expect(rig.hear("final 2 two") == ["<final 2 two>"])
    }

    @Test("An error of the engine's ends the connection")
    func fault() {
        var rig = LineRig.ready()
        _ = rig.feed()
        #expect(rig.hear("fault") == ["drop", "<failed: it said so>", "<failed 1>"])
    }

    @Test("Garbage is dropped; ten pieces in ten seconds end the connection")
    func garbage() {
        var rig = LineRig.ready()
        _ = rig.feed()
        for _ in 0..<9 { #expect(rig.hear("?") == ["<garbage: >"]) }
        _ = rig.wait(10_001)
        for _ in 0..<9 { #expect(rig.hear("?") == ["<garbage: >"]) }
        #expect(rig.hear("partial 1 book") == ["<partial 1 book>"])
        #expect(
            rig.hear("?") == [
                "<garbage: >", "drop", "<failed: 10 messages in 10 s that are not of its protocol>", "<failed 1>",
            ])
    }

    @Test("Garbage counts over connections that were done: a peer with one for each turn is no better for it")
    func garbageOfTurns() {
        var rig = LineRig.ready()
        for turn in 1...9 {
            _ = rig.feed()
            #expect(rig.hear("?") == ["<garbage: >"])
            _ = rig.finish(turn)
            #expect(rig.hear("final \(turn) yes") == ["<final \(turn) yes>"])
            #expect(rig.hear("done") == ["drop", "connect"])
            _ = rig.open()
            _ = rig.hear("ready")
        }
        _ = rig.feed()
        #expect(rig.hear("?").contains("<failed: 10 messages in 10 s that are not of its protocol>"))
        // The connection after that begins anew.
        _ = rig.finish(10)
        #expect(rig.feed() == ["connect"])
        _ = rig.open()
        _ = rig.hear("ready")
        #expect(rig.hear("?") == ["<garbage: >"])
    }

    @Test("A connection that is done is replaced at once; what waits goes over the new one")
    func done() {
        var dialect = PlainDialect()
        dialect.room = 1
        var rig = LineRig.ready(dialect)
        _ = rig.feed()
        _ = rig.hear("more")
        _ = rig.finish(1)
        _ = rig.feed(2)
        #expect(rig.hear("final 1 one") == ["<final 1 one>"])
        #expect(rig.hear("done") == ["drop", "connect"])
        #expect(rig.open() == ["open"])
        #expect(rig.hear("ready") == ["audio 2 20"])
    }

    @Test("What the peer cannot take yet is held until it can")
    func room() {
        var dialect = PlainDialect()
        dialect.room = 1
        var rig = LineRig.ready(dialect)
        #expect(rig.feed(2) == ["audio 1 20"])
        #expect(rig.finish(1) == [])
        #expect(rig.hear("more") == ["audio 1 20"])
        #expect(rig.hear("more") == ["finish 1 quiet 0"])
    }

    @Test("A turn that was only held outlives the connection that the one before was lost with")
    func heldOutlives() {
        var dialect = PlainDialect()
        dialect.room = 1
        var rig = LineRig.ready(dialect)
        _ = rig.feed()
        _ = rig.finish(1)
        _ = rig.feed()
        #expect(rig.lose("it broke") == ["<failed: it broke>", "<failed 1>", "connect"])
        _ = rig.open()
        #expect(rig.hear("ready") == ["<reconnected: it broke>", "audio 2 20"])
    }

    @Test("A thousand messages in a second take the time of other calls")
    func flood() {
        var rig = LineRig.ready()
        _ = rig.feed()
        for _ in 0..<999 { _ = rig.hear("alive") }
        _ = rig.wait(1_000)
        for _ in 0..<1_000 { _ = rig.hear("alive") }
        #expect(rig.hear("alive") == ["drop", "<failed: more than 1000 messages in a second>", "<failed 1>"])
    }

    @Test("A peer that does not read is given nothing more until it does")
    func slowPeer() {
        var rig = LineRig.ready()
        rig.line.isPeerSlow = true
        #expect(rig.feed(2) == [])
        #expect(rig.wait(100) == [])
        rig.line.isPeerSlow = false
        #expect(rig.ring() == ["audio 1 20", "audio 1 20"])
    }

    @Test("A turn that was cancelled behind others is cancelled in its place")
    func cancelInPlace() {
        var dialect = PlainDialect()
        dialect.room = 1
        var rig = LineRig.ready(dialect)
        #expect(rig.feed(2) == ["audio 1 20"])
        #expect(rig.cancel(1) == [])
        _ = rig.feed()
        #expect(rig.hear("more") == ["cancel 1", "audio 2 20"])
    }
}
