import Foundation
import ParleyCore
import Testing

@testable import ParleyBench

@Suite("The load suite")
struct LoadTests {
    private static let millisecond: Int64 = 1_000_000
    private static let frame = 20 * millisecond

    private func values(_ log: LoadLog, _ measure: LoadMeasure) -> [Int64] {
        (log.offsets[measure] ?? []).map { $0.value / Self.millisecond }
    }

    /// A reply from `start` on: its first ten frames at once, then one every 20 ms.
    private func reply(_ frames: Int, from start: Int64, into meter: inout LoadMeter) {
        for index in 0..<frames { meter.media(octets: 160, at: start + Int64(max(0, index - 9)) * Self.frame) }
    }

    @Test(
        "The edge counts from when the last frame was due to the first of the reply; the ear waits for what still plays"
    )
    func edge() {
        var meter = LoadMeter(call: 0)
        meter.lineBegan(due: 1_000 * Self.millisecond)
        meter.lineEnded(due: 1_500 * Self.millisecond)
        reply(30, from: 1_740 * Self.millisecond, into: &meter)
        meter.lineBegan(due: 9_000 * Self.millisecond)
        #expect(values(meter.log, .edge) == [240] && values(meter.log, .ear) == [240])
        #expect(meter.log.turns.map(\.outcome) == [.answered])
        #expect(meter.log.turns.map(\.interruption) == [nil])
        #expect(values(meter.log, .gap) == [])
    }

    @Test("An answer before the line has ended is talking over it, and none at all is missed; neither is an edge")
    func discards() {
        var meter = LoadMeter(call: 0)
        meter.lineBegan(due: 0)
        reply(1, from: 500 * Self.millisecond, into: &meter)
        meter.lineEnded(due: 900 * Self.millisecond)
        reply(1, from: 1_200 * Self.millisecond, into: &meter)
        meter.lineBegan(due: 5_000 * Self.millisecond)
        meter.lineEnded(due: 5_900 * Self.millisecond)
        meter.closeTurn(at: 9_000 * Self.millisecond)
        #expect(meter.log.turns.map(\.outcome) == [.talkedOver, .missed])
        #expect(values(meter.log, .edge) == [])
    }

    @Test("A hang-up within 1.5 s of a line is no missed turn; later it is")
    func hangUp() {
        for (wait, turns) in [(1_400, 0), (1_600, 1)] {
            var meter = LoadMeter(call: 0)
            meter.lineBegan(due: 0)
            meter.lineEnded(due: 0)
            meter.closeTurn(at: Int64(wait) * Self.millisecond, isHangUp: true)
            #expect(meter.log.turns.count == turns)
        }
    }

    @Test("A cut-in counts from its first frame to the clear, which gives all marks back; a clear for nothing is told")
    func bargeIn() {
        var meter = LoadMeter(call: 0)
        reply(30, from: 0, into: &meter)
        meter.mark("a", at: 390 * Self.millisecond)
        // 30 frames sent by 400 ms play until 600.
        meter.lineBegan(due: 400 * Self.millisecond)
        let marks = meter.clear(at: 520 * Self.millisecond)
        #expect(marks == ["a"])
        #expect(values(meter.log, .bargeIn) == [120])
        _ = meter.clear(at: 530 * Self.millisecond)
        #expect(meter.log.strayClears == 1)
        meter.lineEnded(due: 900 * Self.millisecond)
        reply(1, from: 1_150 * Self.millisecond, into: &meter)
        meter.closeTurn(at: 2_000 * Self.millisecond)
        #expect(values(meter.log, .edge) == [250])
        #expect(meter.log.turns.map(\.interruption) == [true])
    }

    @Test("A silence within a reply is a gap, however long up to three seconds; that before an answer is none")
    func gaps() {
        var meter = LoadMeter(call: 0)
        // The greeting: 30 frames that play until 600, and more of it later.
        reply(30, from: 0, into: &meter)
        meter.media(octets: 160, at: 1_300 * Self.millisecond)
        meter.lineBegan(due: 2_000 * Self.millisecond)
        meter.lineEnded(due: 2_500 * Self.millisecond)
        reply(1, from: 3_000 * Self.millisecond, into: &meter)
        meter.media(octets: 160, at: 3_050 * Self.millisecond)
        #expect(values(meter.log, .gap) == [700, 30])
        // The caller is asked again.
        meter.media(octets: 160, at: 6_080 * Self.millisecond)
        // What was cleared is taken up again.
        meter.lineBegan(due: 6_090 * Self.millisecond)
        _ = meter.clear(at: 6_095 * Self.millisecond)
        meter.lineEnded(due: 6_200 * Self.millisecond)
        reply(1, from: 7_000 * Self.millisecond, into: &meter)
        #expect(values(meter.log, .gap) == [700, 30])
    }

    @Test(
        "Pace is how far two frames are from 20 ms apart, behind the first burst; a mark comes back when its sound has played"
    )
    func pace() {
        var meter = LoadMeter(call: 0)
        reply(12, from: 0, into: &meter)
        meter.media(octets: 160, at: 75 * Self.millisecond)
        #expect(values(meter.log, .pace) == [0, 15])
        meter.mark("b", at: 75 * Self.millisecond)
        let early = meter.reachedMarks(at: 259 * Self.millisecond)
        #expect(early == [])
        let reached = meter.reachedMarks(at: 260 * Self.millisecond)
        #expect(reached == ["b"])
    }

    @Test("Lines are cut to their speech; one with a pause that a turn would end in is left out")
    func lines() throws {
        func tone(_ milliseconds: Int) -> [Int16] { (0..<milliseconds * 8).map { $0 % 8 < 4 ? 8_000 : -8_000 } }
        func silence(_ milliseconds: Int) -> [Int16] { [Int16](repeating: 0, count: milliseconds * 8) }
        let line = try #require(CallerLines.line(of: silence(200) + tone(610) + silence(300)))
        #expect(line.frames == 31)
        #expect(CallerLines.line(of: tone(300) + silence(150) + tone(300)) == nil)
        #expect(CallerLines.line(of: silence(900)) == nil && CallerLines.line(of: []) == nil)
    }

    @Test("No two calls send the same, and the same seed sends the same")
    func tracks() throws {
        let tone = (0..<6_400).map { Int16($0 % 8 < 4 ? 8_000 : -8_000) }
        let line = try #require(CallerLines.line(of: tone))
        let lines = CallerLines(lines: [line, line])
        func sound(_ seed: UInt64) -> (octets: [UInt8], places: [CallerTrack.Place]) {
            var track = CallerTrack(lines, seed: seed)
            var octets = [UInt8](repeating: 0, count: 160)
            var all: [UInt8] = []
            var places: [CallerTrack.Place] = []
            for _ in 0..<1_500 {
                places.append(track.next(into: &octets))
                all += octets
            }
            return (all, places)
        }
        #expect(sound(1).octets == sound(1).octets)
        #expect(sound(1).octets != sound(2).octets)
        // Where one line ends and the next begins; the last one may be cut off by the test's end.
        let places = sound(3).places
        let (first, last) = (places.firstIndex(of: .first), places.firstIndex(of: .last))
        #expect(first.flatMap { first in last.map { $0 - first + 1 } } == line.frames)
        #expect((0...1).contains(places.count { $0 == .first } - places.count { $0 == .last }))
    }
}

@Suite("The bounds of a load test")
struct LoadBoundsTests {
    private func run(_ name: String, cpu: Double = 10, edge: [Double] = []) -> LoadRun {
        var run = LoadRun(name: name, calls: 1, window: 1)
        run.framesSent = 1_000
        run.server = .init(cpu: Int64(cpu * 1_000_000), memory: 0, threadsChanged: false, allocations: 500)
        run.offsets["edge"] = edge
        return run
    }

    @Test(
        "Each bound is judged by the median of its rounds; a ratio, round by round; what was not measured does not hold"
    )
    func verdicts() throws {
        let bounds = try LoadBounds.parse(
            """
            bounds:
              - {title: ratio, run: parley, measure: cpu_per_frame, over: floor, most: 1.5}
              - {title: answer, run: parley, measure: edge, percentile: 95, beyond: 200, most: 30}
              - {title: memory, run: parley, measure: allocations_per_frame, most: 0.4}
              - {title: other, run: nobody, measure: failed, most: 0}
              - {title: failed, run: parley, measure: failed, most: 0}
            """, file: "slo.yaml")
        let verdicts = bounds.judge([
            run("parley", cpu: 14, edge: [210, 220]), run("parley", cpu: 30, edge: [230, 240]),
            run("parley", cpu: 11, edge: [205, 225]), run("floor", cpu: 10), run("floor", cpu: 10),
            run("floor", cpu: 10),
        ])
        #expect(verdicts.map(\.holds) == [true, true, false, false, true])
        #expect(verdicts[0].spread == [1.4, 3, 1.1] && verdicts[0].value == 1.4)
        #expect(verdicts[1].value == 25)
        #expect(verdicts[3].line == "FAIL  other: nothing was measured, at most 0")
        #expect(verdicts.junit.contains("failures=\"2\""))
    }

    @Test("A percentile is the smallest value that so many do not exceed")
    func percentiles() {
        let run = run("parley", edge: Array(stride(from: 1, through: 100, by: 1)))
        #expect(run.percentile(95, of: .edge) == 95 && run.percentile(50, of: .edge) == 50)
        #expect(run.percentile(100, of: .edge) == 100 && run.percentile(0, of: .edge) == 1)
        #expect(run.percentile(50, of: .ear) == nil)
    }

    @Test(
        "What cannot be judged is refused, with file, line, key and mend",
        arguments: [
            ("bounds:\n  - {title: a, run: b, measure: speed, most: 1}", "measure: `speed` is none; there are edge"),
            ("bounds:\n  - {title: a, run: b, measure: edge, most: 1}", "percentile: is missing; edge is many times"),
            ("bounds:\n  - {title: a, run: b, measure: failed, percentile: 5, most: 1}", "percentile: is 0 to 100"),
            ("bounds:\n  - {title: a, measure: failed, most: 1}", "run: is missing"),
            ("bounds:\n  - {title: a, run: b, measure: failed, most: low}", "most: `low` must be a number"),
            ("bounds: 3", "bounds: must be a list"),
            ("bounds: []", "bounds: must be a list of bounds, at least one"),
            ("bound: []", "unknown key; did you mean `bounds`?"),
            ("", "is empty; it needs `bounds:`"),
        ])
    func refused(yaml: String, problem: String) {
        #expect {
            try LoadBounds.parse(yaml, file: "slo.yaml")
        } throws: { error in
            "\(error)".hasPrefix("slo.yaml:") && "\(error)".contains(problem)
        }
    }

    @Test(
        "A file with numbers that no run has is refused, before anything is reckoned with them",
        arguments: [
            ("\"calls\":1", "\"calls\":-9223372036854775808"), ("\"window\":1", "\"window\":1e19"),
            ("[0.25]", "[1e30]"), ("\"ownCPU\":0", "\"ownCPU\":9223372036854775807"), ("\"version\"", "\"wersion\""),
        ])
    func impossible(from: String, to: String) throws {
        var run = LoadRun(name: "r", calls: 1, window: 1)
        run.offsets["edge"] = [0.25]
        let path = FileManager.default.temporaryDirectory.appending(path: "parley-run-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try run.write(to: path)
        _ = try LoadRun.load(path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains(from))
        try text.replacing(from, with: to).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: LoadError.self) { try LoadRun.load(path) }
    }

    @Test(
        "An address names its port",
        arguments: ["ws://a/b", "wss://a:1/b", "http://a:1", "ws://a:0/", "ws://a:99999/", "ws://:1/"])
    func addresses(text: String) {
        #expect(throws: LoadError.self) { try LoadURL(text) }
    }
}

@Suite("The page of a load test")
struct LoadPageTests {
    @Test("It shows runs, verdicts, plots and what changed, and escapes names")
    func page() throws {
        func run(_ name: String, calls: Int, edge: Double) -> LoadRun {
            var run = LoadRun(name: name, calls: calls, window: 10)
            run.offsets["edge"] = (0..<50).map { edge + Double($0) }
            run.framesSent = 100
            return run
        }
        let bounds = try LoadBounds.parse(
            "bounds:\n  - {title: a < b, run: parley-100, measure: failed, most: 0}", file: "slo.yaml")
        let runs = [run("parley-100", calls: 100, edge: 200), run("parley-<1000>", calls: 1_000, edge: 300)]
        let html = LoadPage(
            runs: runs, earlier: [run("parley-100", calls: 100, edge: 100)], verdicts: bounds.judge(runs)
        ).html
        #expect(html.contains("class=holds>ok    a &lt; b: 0, at most 0"))
        #expect(html.contains("parley-&lt;1000&gt;") && !html.contains("<1000>"))
        #expect(html.contains("+81 %"))
        #expect(html.components(separatedBy: "<svg").count == 3)
        #expect(!html.contains("http:") && !html.contains("src="))
    }
}
