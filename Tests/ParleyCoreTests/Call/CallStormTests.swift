import ParleyCore
import Testing

@Suite("A call in a storm")
struct CallStormTests {
    @Test("No order of events breaks a promise", arguments: 0..<200)
    func storm(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var line = CallHarness()
        line.networkDelay = .milliseconds(Int(random.next() % 150))
        line.start()
        var longestSilence = CallTime.zero
        var quietFrom = line.now
        var played = 0
        while line.now < .seconds(60), !line.call.hasEnded {
            line.recognizerAnswers = random.next() % 8 != 0
            line.agentAnswers = random.next() % 8 != 0
            line.voiceAnswers = random.next() % 8 != 0
            line.carrierReturnsMarks = random.next() % 8 != 0
            line.words = [["", "Mhm.", "yes please", "Tuesday at three", "no"][Int(random.next() % 5)]]
            line.replies = random.next() % 2 == 0 ? [] : [Self.reply(&random)]
            let step = random.next() % 6
            let hasSpoken = step < 2
            switch step {
            case 0, 1: line.speak(Int(random.next() % 1_500))
            case 2: line.handle(Self.event(&random))
            case 3: line.stall(.milliseconds(Int(random.next() % 900)))
            default: line.wait(Int(random.next() % 2_500))
            }
            // A caller who makes a sound starts the wait anew.
            if line.playedFrames.count > played || hasSpoken || line.call.floor == .caller {
                played = line.playedFrames.count
                quietFrom = line.now
            }
            longestSilence = max(longestSilence, line.now - quietFrom)
        }
        line.handle(.stopped)
        #expect(line.ends.count == 1, "seed \(seed)")
        let next = line.call.nextDeadline
        #expect(next == nil, "seed \(seed)")
        // Seven seconds of the caller's own silence, and what a step of this storm adds to it.
        #expect(longestSilence <= .seconds(11), "seed \(seed)")
        #expect(line.unprovenHearing == [], "seed \(seed)")
        expectVerdicts(on: line, seed)
    }

    /// Each time the agent is stopped it is told once what becomes of it, and until then not a frame is sent.
    private func expectVerdicts(on line: CallHarness, _ seed: UInt64) {
        var stopped: CallTime?
        for entry in line.log {
            guard case .note(.bargeIn(let state)) = entry.effect else { continue }
            if state == .paused {
                #expect(stopped == nil, "seed \(seed): stopped twice")
                stopped = entry.at
            } else if let since = stopped {
                #expect(!line.playedFrames.contains { $0 > since && $0 < entry.at }, "seed \(seed): sent while held")
                stopped = nil
            } else {
                Issue.record("seed \(seed): a verdict on nothing")
            }
        }
    }

    private static func reply(_ random: inout SplitMix) -> [ReplyPart] {
        switch random.next() % 6 {
        case 0: [.text("When would you like to come?"), .expect(Expectation(digits: 1)), .done]
        case 1: [.text("One moment."), .action(ActionRequest(name: "send_sms", arguments: "{}"))]
        case 2: [.failed]
        case 3: [.done]
        case 4: [.text("No interruptions, please."), .expect(Expectation(interruption: .never)), .done]
        default: [.text("Goodbye."), .end, .done]
        }
    }

    private static func event(_ random: inout SplitMix) -> CallEvent {
        let number = UInt32(random.next() % 12)
        switch random.next() % 8 {
        case 0: return .digit(Digit.allCases[Int(random.next() % 16)])
        case 1: return .mark(Mark(generation: Generation(number), index: number))
        case 2: return .recognizer(.partial(TurnID(number), "Mhm"))
        case 3: return .recognizer(.final(TurnID(number), "late"))
        case 4: return .recognizer(.failed(TurnID(number)))
        case 5: return .synthesizer(.failed(Generation(number), clause: 1))
        case 6: return .reply(Generation(number), .text("stray"))
        default: return .synthesizer(.audio(Generation(number), clause: Int(number), CallHarness.speech("stray")))
        }
    }
}

/// A small seeded generator (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
