import FoundationEssentials
import ParleyCore
import Testing

@testable import ParleyCaller

@Suite("A file of faults")
struct FaultFileTests {
    private func problem(_ yaml: String) -> String? {
        do {
            _ = try FaultFile.parse(yaml, file: "f.yaml")
            return nil
        } catch { return error.description }
    }

    @Test("Every fault there is can be written, and is read as it is meant")
    func whole() throws {
        let file = try FaultFile.parse(
            """
            seed: 7
            faults:
              - {fault: delay, by: 80ms, way: to_server}
              - {fault: jitter, by: 60ms, way: to_caller, from: 1s, to: 20s}
              - {fault: stall, at: 5s, for: 2s}
              - {fault: stall, every: 30s, frames: 300, way: to_server}
              - {fault: silence, at: 40s}
              - {fault: drop, from: 20s, to: 60s, chance: 0.5}
              - {fault: slow_reader, at: 3s, for: 6s}
              - {fault: loss, chance: 5%, way: to_caller}
              - {fault: duplicate, chance: 0.01, copies: 2}
              - {fault: reorder, every: 500ms, from: 2s, to: 4s, by: 3}
              - {fault: bad_base64, chance: 0.1}
              - {fault: bad_size, at: 2s}
              - {fault: broken_json, every: 1s}
              - {fault: marks_early}
              - {fault: marks_late, by: 2s}
              - {fault: marks_never, chance: 0.2}
              - {fault: marks_twice}
              - {fault: marks_unknown}
              - {fault: marks_out_of_order}
              - {fault: clear_ignored}
              - {fault: clear_keeps_marks}
              - {fault: media_before_start, frames: 3}
              - {fault: second_start, at: 2s}
              - {fault: second_stream, at: 2s}
              - {fault: stop_twice}
              - {fault: numbers_jump, at: 2s, by: 100}
              - {fault: numbers_wrap, at: 2s}
              - {fault: numbers_restart, at: 2s}
              - {fault: keys, at: 2s, keys: "1#", while: agent_speaks}
            """, file: "f.yaml")
        #expect(file.seed == 7)
        let always = Fault.Timing.always
        let two = Fault.Timing.at(.seconds(2))
        #expect(
            file.faults == [
                Fault(.delay(.milliseconds(80)), way: .toServer),
                Fault(.jitter(.milliseconds(60)), .during(from: .seconds(1), to: .seconds(20)), way: .toCaller),
                Fault(.stall(.seconds(2)), .at(.seconds(5))),
                Fault(.stall(.seconds(6)), .every(.seconds(30), from: .zero, to: nil), way: .toServer),
                Fault(.silence, .at(.seconds(40))),
                Fault(.drop, .during(from: .seconds(20), to: .seconds(60)), chance: 0.5),
                Fault(.slowReader(.seconds(6)), .at(.seconds(3))),
                Fault(.loss, chance: 0.05, way: .toCaller), Fault(.duplicate(2), chance: 0.01),
                Fault(.reorder(3), .every(.milliseconds(500), from: .seconds(2), to: .seconds(4))),
                Fault(.badBase64, chance: 0.1), Fault(.badSize, two),
                Fault(.brokenJSON, .every(.seconds(1), from: .zero, to: nil)),
                Fault(.marksEarly), Fault(.marksLate(.seconds(2))), Fault(.marksNever, chance: 0.2),
                Fault(.marksTwice), Fault(.marksUnknown), Fault(.marksOutOfOrder), Fault(.clearIgnored),
                Fault(.clearKeepsMarks), Fault(.mediaBeforeStart(3), always), Fault(.secondStart, two),
                Fault(.secondStream, two), Fault(.stopTwice, always), Fault(.numbersJump(100), two),
                Fault(.numbersWrap, two), Fault(.numbersRestart, two),
                Fault(.keys([.one, .pound]), two, while: .agentSpeaks),
            ])
        #expect(file.lines.prefix(3) == [3, 4, 5])
    }

    @Test("What is wrong is named with file, line and key, and how to mend it")
    func problems() {
        #expect(problem("") == "f.yaml:1: is empty; it needs `faults:`")
        #expect(
            problem("seeds: 3\nfaults: []")
                == "f.yaml:1: seeds: unknown key; did you mean `seed`? known here: seed, faults")
        #expect(problem("seed: -1\nfaults: []") == "f.yaml:1: seed: `-1` is no seed; write a whole number, 0 or more")
        #expect(problem("seed: 1") == "f.yaml:1: faults: is missing; it lists what goes wrong")
        #expect(
            problem("faults:\n  - {fault: stal, at: 5s}")
                == "f.yaml:2: fault: there is no fault `stal`; did you mean `stall`?")
        #expect(problem("faults:\n  - {at: 5s}")?.hasPrefix("f.yaml:2: fault: is missing") == true)
        #expect(
            problem("faults:\n  - {fault: drop, at: 5s}\n  - {fault: loss, chanse: 1}")
                == "f.yaml:3: chanse: unknown key; did you mean `chance`? "
                + "known here: fault, chance, at, every, from, to, while, way")
        #expect(
            problem("faults:\n  - {fault: drop}")
                == "f.yaml:2: at: is missing; drop happens at a moment: "
                + "`at: 5s`, `every: 5s`, or drawn between `from` and `to`")
        #expect(problem("faults:\n  - {fault: drop, from: 5s}")?.hasPrefix("f.yaml:2: at: is missing") == true)
        #expect(
            problem("faults:\n  - {fault: stall, at: 5s}")
                == "f.yaml:2: for: is missing; for instance `{fault: stall, for: 2s, ...}`")
        #expect(problem("faults:\n  - {fault: stall, at: 5s, for: 1s, frames: 3}")?.contains("name one") == true)
        #expect(
            problem("faults:\n  - {fault: loss, at: 5s, to: 6s}")
                == "f.yaml:2: to: does not go with `at`, which is one moment")
        #expect(problem("faults:\n  - {fault: loss, from: 5s, to: 4s}") == "f.yaml:2: to: must be after `from`")
        #expect(problem("faults:\n  - {fault: loss, every: 0s}") == "f.yaml:2: every: must be more than 0")
        #expect(
            problem("faults:\n  - {fault: loss, from: 5000s}")
                == "f.yaml:2: from: `5000s` is more than a call lasts; 900s at most")
        #expect(
            problem("faults:\n  - {fault: loss, chance: 120%}")
                == "f.yaml:2: chance: `120%` is no chance; write 0.05 or 5%, 0 to 1")
        #expect(
            problem("faults:\n  - {fault: loss, way: up}")
                == "f.yaml:2: way: there is no `up`; write to_server or to_caller or both")
        #expect(
            problem("faults:\n  - {fault: duplicate, copies: 0}")
                == "f.yaml:2: copies: `0` must be a whole number, 1 to 100")
        #expect(problem("faults:\n  - {fault: keys, at: 1s, keys: \"x\"}")?.contains("`x` is no key") == true)
        #expect(problem("faults: [{fault: drop, at: 1s, at: 2s}]")?.contains("written twice") == true)
        #expect(problem("faults: {") != nil)
        let many = Array(repeating: "{fault: drop, at: 1s}", count: 65).joined(separator: ", ")
        #expect(problem("faults: [\(many)]") == "f.yaml:1: faults: has more than 64 entries")
    }

    @Test("The page's example can be played, and the page names every fault there is")
    func page() throws {
        let path = RecordedCalls.folder + "/../docs/parley-call.md"
        let page = String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("    seed: ") })
        let example = lines[start...].prefix { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }.joined(separator: "\n")
        #expect(try FaultFile.parse(example, file: "page").faults.count == 7)

        let kinds: [Fault.Kind] = [
            .delay(.zero), .jitter(.zero), .stall(.zero), .silence, .drop, .slowReader(.zero), .loss, .duplicate(1),
            .reorder(1), .badBase64, .badSize, .brokenJSON, .marksEarly, .marksLate(.zero), .marksNever, .marksTwice,
            .marksUnknown, .marksOutOfOrder, .clearIgnored, .clearKeepsMarks, .mediaBeforeStart(1), .secondStart,
            .secondStream, .stopTwice, .numbersJump(1), .numbersWrap, .numbersRestart, .keys([]),
        ]
        for kind in kinds { #expect(page.contains("`\(kind.name)`"), "\(kind.name)") }
    }

    @Test("A fault that the leg cannot have is refused by its line, before a call is made")
    func dialects() throws {
        func problem(_ fault: String, _ change: (inout CallOptions) -> Void) throws -> String? {
            var options = CallOptions(url: "ws://h/")
            options.audio = "hello.wav"
            options.faults = try FaultFile.parse("faults:\n  - {fault: \(fault), at: 1s}", file: "f.yaml")
            change(&options)
            do {
                try options.check()
                return nil
            } catch { return error.description }
        }
        let linear = { (options: inout CallOptions) in
            options.provider = .native
            options.codec = .linear16
        }
        let opus = { (options: inout CallOptions) in
            options.provider = .native
            options.codec = .opus
        }
        for fault in ["second_stream", "bad_base64", "numbers_wrap"] { #expect(try problem(fault) { _ in } == nil) }
        #expect(
            try problem("second_stream", opus)
                == "f.yaml:2: second_stream: needs a call's id in the start message, as Twilio's has")
        #expect(
            try problem("bad_base64", opus) == "f.yaml:2: bad_base64: needs audio in base64; this dialect's is binary")
        #expect(
            try problem("numbers_wrap", linear)
                == "f.yaml:2: numbers_wrap: needs numbered audio: Twilio's, or the native dialect's with --codec opus")
        #expect(try problem("numbers_wrap", opus) == nil)
    }

    @Test("--seed is stronger than the file's; each further call has the next one; --drop is a loss like any other")
    func seeds() throws {
        var options = CallOptions(url: "ws://h/")
        #expect(options.carrierFaults(call: 1) == CarrierFaults(seed: 1))
        options.faults = try FaultFile.parse("seed: 7\nfaults: [{fault: marks_never}]", file: "f.yaml")
        #expect(options.carrierFaults(call: 3).seed == 9)
        options.seed = 20
        options.dropPercent = 5
        #expect(
            options.carrierFaults(call: 1)
                == CarrierFaults(seed: 20, [Fault(.marksNever), Fault(.loss, chance: 0.05, way: .toServer)]))
    }
}
