import Testing

@testable import ParleySpeechLocal

@Suite("What is left of the machine")
struct CoreShareTests {
    /// Seconds of a two-core machine, each with the share of it that everything but opinions keeps busy, in tenths.
    ///
    /// - Returns: `o` for a second after which opinions may run, `.` for one after which they may not.
    private func play(_ busy: String, opinions: Int = 10, each: Duration = .milliseconds(10)) -> String {
        var share = CoreShare(cores: 2, cost: each)
        var usage = CoreShare.Usage(processor: .zero, wall: .zero, opinions: .zero)
        share.handle(usage, running: opinions)
        return String(
            busy.map { tenths in
                let judged = share.isOpen ? each * opinions : .zero
                usage.wall += .seconds(1)
                usage.opinions += judged
                usage.processor += .milliseconds(200) * (tenths.wholeNumberValue ?? 10) + judged
                return share.handle(usage, running: opinions) ? "o" : "."
            })
    }

    @Test("Opinions begin below half of the cores, stop above 70 %, and in between stay as they are")
    func timeline() {
        // One column is a second. Ten opinions of 10 ms are another 5 %.
        #expect(play("44446666888866664333") == "oooooooo.........ooo")
    }

    @Test("One busy second stops nothing")
    func spike() {
        #expect(play("222292222") == "ooooooooo")
    }

    @Test("Stopping frees what the opinions took; that alone does not start them again")
    func noFlapping() {
        // The rest takes 40 %, forty opinions of 20 ms as much again: too much together, and it stays so.
        #expect(play("000000", opinions: 40, each: .milliseconds(20)) == "oooooo")
        #expect(play("444444444", opinions: 40, each: .milliseconds(20)) == ".........")
    }

    @Test("Before a second has been measured nothing is known, and nothing begins")
    func unknown() {
        var share = CoreShare(cores: 4)
        #expect(!share.isOpen && !share.admits(running: 0) && share.busy(with: 1) == nil)
        share.handle(.init(processor: .seconds(9), wall: .seconds(5), opinions: .zero), running: 0)
        #expect(!share.isOpen)
        share.handle(.init(processor: .seconds(9), wall: .seconds(5), opinions: .zero), running: 0)  // told twice
        #expect(!share.isOpen)
        share.handle(.init(processor: .seconds(10), wall: .seconds(6), opinions: .zero), running: 0)
        #expect(share.isOpen && share.admits(running: 0))
    }

    @Test(
        "A call is admitted while it still leaves half of the cores",
        arguments: [(0, true), (8, true), (9, false), (200, false)])
    func admits(running: Int, isAdmitted: Bool) {
        // Two cores, 40 % busy with the rest, 20 ms of a core each second for an opinion: 1 % of the machine.
        var share = CoreShare(cores: 2, cost: .milliseconds(20))
        share.handle(.init(processor: .zero, wall: .zero, opinions: .zero), running: 0)
        share.handle(.init(processor: .milliseconds(801), wall: .seconds(1), opinions: .zero), running: 0)
        #expect(share.admits(running: running) == isAdmitted)
    }

    @Test("What an opinion really costs replaces what was assumed")
    func measures() throws {
        var share = CoreShare(cores: 1, cost: .milliseconds(4))
        var usage = CoreShare.Usage(processor: .zero, wall: .zero, opinions: .zero)
        for _ in 0..<12 {
            share.handle(usage, running: 10)
            usage.wall += .seconds(1)
            usage.opinions += .milliseconds(200)
            usage.processor += .milliseconds(300)
        }
        #expect(abs(try #require(share.busy(with: 10)) - 0.3) < 0.01)
        #expect(abs(try #require(share.busy(with: 20)) - 0.5) < 0.01)
    }
}
