import ParleyCore

/// A simulated caller: waits for the agent to finish, answers right or not, pauses, coughs, talks over, keys, is silent, hangs up.
///
/// One frame at a time; what it hears comes in between.
struct CallerScript {
    /// What comes out of the telephone in 20 ms.
    struct Frame {
        var sound = SoundPool.Sound.quiet
        /// A word that ends here.
        var word: String?
        var key: Digit?
        var hangsUp = false
    }

    /// How this caller is.
    struct Temper: Equatable, Sendable {
        /// Of the turns: answered with nonsense, with keys, not at all, with a cough first.
        var nonsense = 0.1
        var keys = 0.1
        var silence = 0.05
        var cough = 0.1
        /// Of the agent's replies: talked over, nodded to, coughed at.
        var overlap = 0.15
        var nod = 0.1
        var noise = 0.08
        /// Chance that the caller hangs up in any second.
        var leaves = 0.0

        init(_ random: inout SplitMix64) {
            func draw(_ most: Double) -> Double { random.chance(0.4) ? 0 : random.unit() * most }
            nonsense = draw(0.4)
            keys = draw(0.4)
            silence = draw(0.3)
            cough = draw(0.3)
            overlap = draw(0.5)
            nod = draw(0.3)
            noise = draw(0.3)
            leaves = random.chance(0.25) ? random.unit() * 0.02 : 0
        }
    }

    private enum Act {
        case listening
        /// Frames of speech, words at some of them, then silence.
        case speaking(frames: Int, words: [(frame: Int, word: String)])
        case noise(frames: Int)
        case keying([Digit], wait: Int)
    }

    let temper: Temper
    private var random: SplitMix64
    private var act = Act.listening
    private var acted = 0
    private var afterwards: [Act] = []
    private var number = 0
    private var dying = SoundPool.dyingFrames

    /// What the agent said last, as far as it was heard.
    private var heardText = ""
    /// Frames since anything was heard; frames the agent has been talking.
    private var quiet = 0
    private var talk = 0
    private var hasHeard = false
    private var reaction = 50
    /// When, in frames of the agent's talk, the caller breaks in, and with what.
    private var breakIn: (frame: Int, act: Act)?

    init(seed: UInt64) {
        random = SplitMix64(seed: seed, stream: 0xCA11E6)
        temper = Temper(&random)
    }

    /// Somebody would hear the caller now.
    private(set) var isAudible = false

    /// The ear, before each frame: does the agent sound, and has a new clause begun?
    mutating func hear(isSounding: Bool, clause: String?) {
        if let clause { heardText = clause }
        guard isSounding else {
            quiet += 1
            return
        }
        if quiet > 20 || talk == 0 { plan() }
        quiet = 0
        talk += 1
        hasHeard = true
        if let breakIn, talk >= breakIn.frame, case .listening = act {
            start(breakIn.act)
            self.breakIn = nil
        }
    }

    private mutating func plan() {
        talk = 0
        reaction = 15 + random.below(75)
        breakIn = nil
        let frame = 10 + random.below(150)
        if random.chance(temper.overlap) {
            breakIn = (frame, speech(random.chance(0.5) ? answer() : random.pick(Self.interruptions)))
        } else if random.chance(temper.nod) {
            breakIn = (frame, speech(random.pick(["mhm", "uh huh", "okay", "yeah"])))
        } else if random.chance(temper.noise) {
            breakIn = (frame, .noise(frames: 5 + random.below(60)))
        }
    }

    /// The next 20 ms.
    mutating func next() -> Frame {
        var frame = Frame()
        number += 1
        if temper.leaves > 0, number % 50 == 0, random.chance(temper.leaves) { frame.hangsUp = true }
        if case .listening = act { decide() }
        switch act {
        case .listening: break
        case .speaking(let frames, let words):
            frame.sound = .voice
            frame.word = words.first { $0.frame == acted }?.word
            finish(after: frames)
        case .noise(let frames):
            frame.sound = .buzz
            finish(after: frames)
        case .keying(var keys, let wait):
            if acted % wait == 0, !keys.isEmpty {
                frame.key = keys.removeFirst()
                act = .keying(keys, wait: wait)
            }
            acted += 1
            if keys.isEmpty { rest() }
        }
        if frame.sound == .voice {
            dying = 0
        } else if frame.sound == .quiet, dying < SoundPool.dyingFrames {
            frame.sound = .dying(dying)
            dying += 1
        }
        isAudible = frame.sound != .quiet
        return frame
    }

    private mutating func finish(after frames: Int) {
        acted += 1
        if acted >= frames { rest() }
    }

    private mutating func rest() {
        acted = 0
        act = .listening
        if !afterwards.isEmpty {
            // A pause in the middle of what is said; then the rest of it.
            quiet = 0
            reaction = 10 + random.below(40)
        } else {
            hasHeard = false
            quiet = 0
            reaction = 300 + random.below(200)
        }
    }

    private mutating func start(_ next: Act) {
        act = next
        acted = 0
    }

    private mutating func decide() {
        guard quiet >= reaction else { return }
        if !afterwards.isEmpty { return start(afterwards.removeFirst()) }
        quiet = 0
        guard hasHeard else {
            // Nothing has come for long.
            reaction = 300 + random.below(300)
            if random.chance(temper.silence) { return }
            return start(speech(random.pick(["hello", "are you there", "hello is anybody there"])))
        }
        hasHeard = false
        reaction = 300 + random.below(200)
        if random.chance(temper.silence) { return }
        if random.chance(temper.cough) { afterwards.append(speech(answer())) }
        if !afterwards.isEmpty { return start(.noise(frames: 4 + random.below(20))) }
        if random.chance(temper.keys) { return start(.keying(keys(), wait: 8 + random.below(20))) }
        let text = random.chance(temper.nonsense) ? random.pick(Self.nonsense) : answer()
        let words = text.split(separator: " ").map(String.init)
        guard words.count > 2, random.chance(0.25) else { return start(speech(text)) }
        let cut = 1 + random.below(words.count - 1)
        afterwards.append(speech(words[cut...].joined(separator: " ")))
        start(speech(words[..<cut].joined(separator: " ")))
    }

    /// About 15 letters a second.
    private func speech(_ text: String) -> Act {
        var frames = 0
        var words: [(frame: Int, word: String)] = []
        for word in text.split(separator: " ") {
            frames += 4 + word.count * 3
            words.append((frames - 1, String(word)))
        }
        return .speaking(frames: frames, words: words)
    }

    // MARK: What is said

    private mutating func keys() -> [Digit] {
        let text = heardText.lowercased()
        if text.contains("plate") {
            var keys = (0..<4).map { _ in Digit.allCases[random.below(10)] }
            if random.chance(0.5) { keys.append(.pound) }
            return keys
        }
        if text.contains("anything else") { return [random.pick([.one, .one, .one, .two])] }
        return [random.pick([.one, .one, .two, .three, .nine, .star])]
    }

    private mutating func answer() -> String {
        let text = heardText.lowercased()
        if text.contains("check-up") || text.contains("toothache") {
            return random.pick(["a check up please", "I need a cleaning", "toothache", "my tooth hurts"])
        }
        if text.contains("what time") { return random.pick(["at three", "ten in the morning", "half past nine"]) }
        if text.contains("day") || text.contains("suit you") {
            return random.pick([
                "next tuesday at three", "tomorrow", "friday at ten in the morning", "at four", "wednesday",
            ])
        }
        if text.contains("plate") {
            return random.pick(["four two seven one", "one nine double two", "eight eight one"])
        }
        if text.contains("what happened") {
            return random.pick(["the brakes make a noise", "it does not start any more", "a flat tyre on the motorway"])
        }
        if text.contains("anything else") {
            return random.pick(["yes", "yes please", "yes there is", "yes", "yes I have another car", "no thank you"])
        }
        return random.pick(["yes please", "yes", "yes that's right", "yes please", "no", "maybe", "okay"])
    }

    private static let interruptions = [
        "stop", "no wait", "what was that", "sorry", "can you say that again", "excuse me", "hold on a moment please",
    ]
    private static let nonsense = [
        "the weather is lovely", "banana", "what do you mean by that", "I would like to speak about my neighbour's dog",
        "um", "no no no", "one two three", "repeat", "are you a machine", "goodbye",
    ]
}
