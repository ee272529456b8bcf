import ParleyCore

/// The caller's side of one call: what is sent in every 20 ms, what the agent's audio means for the script, what is
/// measured.
///
/// Pure: no clock, no socket. Time is counted from the stream's start message. `advance` is called at or after
/// `nextDeadline`, which follows a fixed schedule of 20 ms: a late call sends the frames that were due, so that the
/// caller's
/// audio never drifts, whatever the other side does.
public struct CallerMachine: Sendable {
    public enum Effect: Equatable, Sendable {
        /// One frame of the caller's audio, at the leg's rate.
        case frame([Int16])
        case digit(Digit)
        /// Playout reached this mark, or dropped it: tell the other side.
        case mark(String)
        case show(ConversationEntry)
        /// Nothing comes after this.
        case hangUp
    }

    /// One line's audio at the leg's rate; empty for keys.
    public struct LineAudio: Sendable {
        public var samples: [Int16]
        public init(_ samples: [Int16]) { self.samples = samples }
    }

    /// How long the caller puts up with an agent that is not heard.
    public static let patience = CallTime.seconds(20)
    /// Between two key presses of a line.
    public static let keyGap = CallTime.milliseconds(250)
    /// No call is longer than this, whatever the script says.
    public static let longestCall = CallTime.seconds(900)
    /// An agent that fell silent less than this before the caller began was still talking: its next frame may be on
    /// the way.
    static let overlapSlack = CallTime.milliseconds(100)
    /// Agent audio after this much without any begins a new stretch of speech.
    static let stretchGap = CallTime.milliseconds(200)

    private enum Doing: Sendable {
        case waiting
        case talking(frame: Int)
        case keying(next: Int, due: CallTime)
        case gone
    }

    let script: CallScript
    let audio: [LineAudio]
    let voiced: [ClosedRange<Int>?]
    let background: [Int16]
    let samplesPerFrame: Int

    public internal(set) var carrier: CarrierModel
    public package(set) var report = CallReport()
    /// Both sides as the caller has them, one frame a tick: what was sent, what was heard.
    public private(set) var sent: [Int16] = []
    public private(set) var heard: [Int16] = []

    private let echo: EchoPath?
    private var tick = 0
    private var doing = Doing.waiting
    private var nextLine = 0
    /// When the agent was first audible since the line before; `nil`: not yet.
    private var agentSince: CallTime?
    /// End of the last audible slot of the agent.
    private var agentUntil: CallTime?
    private var lineEnded = CallTime.zero
    /// The agent bridges a wait ("one moment"): its quiet is not an invitation.
    private var isBridging = false
    private var speaking: CallTime?
    var answers = AnswerMeter()

    /// - Parameters:
    ///   - audio: one for each line of the script.
    ///   - background: mixed under everything in a loop; empty for none.
    ///   - echo: how what is heard comes back.
    public init(
        script: CallScript, audio: [LineAudio], background: [Int16] = [], echo: EchoPath? = nil, sampleRate: Int
    ) {
        self.echo = echo
        precondition(audio.count == script.lines.count, "every line has its audio")
        self.script = script
        self.audio = audio
        self.background = background
        samplesPerFrame = sampleRate / 50
        voiced = audio.map { [samplesPerFrame] in
            FrameLevel.voicedFrames(of: $0.samples, samplesPerFrame: samplesPerFrame)
        }
        carrier = CarrierModel(sampleRate: sampleRate)
        report.name = script.name
    }

    public var isGone: Bool {
        if case .gone = doing { return true }
        return false
    }

    /// What is so just now: who speaks, as the caller hears and knows it.
    public var situations: [Fault.Situation] {
        var found: [Fault.Situation] = []
        if case .talking = doing { found.append(.callerSpeaks) }
        if let agentUntil, time(ofTick: tick) - agentUntil <= Self.stretchGap { found.append(.agentSpeaks) }
        return found
    }

    /// When `advance` is next due; `nil` after the caller has hung up.
    public var nextDeadline: CallTime? {
        if isGone { return nil }
        let frame = time(ofTick: tick)
        return carrier.nextMark.map { min($0, frame) } ?? frame
    }

    /// Does everything that is due by now.
    public mutating func advance(to now: CallTime, into effects: inout [Effect]) {
        while let deadline = nextDeadline, deadline <= now {
            returnMarks(at: deadline, into: &effects)
            if time(ofTick: tick) <= deadline { runTick(now, into: &effects) }
        }
    }

    /// Takes agent media, decoded to the leg's rate.
    public mutating func receive(media samples: [Int16], at now: CallTime) {
        guard !isGone else { return }
        report.mediaReceived += 1
        report.agentAudioMS += Double(samples.count) / Double(carrier.sampleRate) * 1_000
        let start = carrier.enqueue(samples, at: now)
        let audible = firstAudible(samples).map { start + carrier.time(of: $0) }
        answers.media(at: now, audibleFrom: audible, until: carrier.playsUntil, turns: &report.turns)
    }

    public mutating func receive(mark name: String, at now: CallTime, into effects: inout [Effect]) {
        guard !isGone else { return }
        report.marksReceived += 1
        carrier.mark(name, at: now)
        returnMarks(at: now, into: &effects)
    }

    /// - Parameter obedience: what the carrier does about it; true ones obey.
    public mutating func receiveClear(
        at now: CallTime, obedience: LyingMarks<String>.Obedience = .obey, into effects: inout [Effect]
    ) {
        guard !isGone else { return }
        report.clearsReceived += 1
        if obedience != .ignore {
            let dropped = carrier.clear(at: now)
            if obedience == .obey {
                report.marksReturned += dropped.count
                for name in dropped { effects.append(.mark(name)) }
            }
            agentSince = nil
        }
        answers.cleared(at: now, turns: &report.turns)
    }

    /// Takes what the gateway tells of the call.
    public mutating func receive(note: GatewayNote, at now: CallTime, into effects: inout [Effect]) {
        report.hasNotes = true
        func show(_ kind: ConversationEntry.Kind, _ text: String) {
            effects.append(.show(ConversationEntry(at: now, kind: kind, text: text)))
        }
        switch note {
        case .call(let id): report.callID = id
        case .floor, .partial: break
        case .callerTurn(let turn):
            report.callerTurns.append(turn)
            let suffix = turn.isBackchannel ? "  (no turn)" : turn.isKeyed ? "  (keys)" : ""
            show(.understood, "\(turn.text.isEmpty ? "(nothing)" : turn.text)\(suffix)")
        case .agentTurn(let turn):
            report.agentTurns.append(turn)
            show(.agent, turn.unheard.isEmpty ? turn.heard : "\(turn.heard) | \(turn.unheard)  (cut at the bar)")
        case .answered(let waterfall):
            isBridging = false
            answers.answered(waterfall, at: now, turns: &report.turns)
        case .bargeIn(let state):
            if state == "confirmed" { report.bargeInsConfirmed += 1 }
            if state == "resumed" {
                report.bargeInsResumed += 1
                answers.resumed(turns: &report.turns)
            }
            show(.event, "barge-in \(state)")
        case .bridged(let phrase):
            report.bridged += 1
            isBridging = phrase == "one_moment"
            answers.bridged(turns: &report.turns)
            show(.event, "a canned phrase bridges a wait: \(phrase)")
        case .variable(let name, let value):
            report.settle(name, value)
            show(.event, "\(name) = \(value)")
        case .consent(let consent):
            report.consents.append(consent)
            show(.event, "consent \(consent.isGranted ? "granted" : "refused"): \(consent.wording)")
        case .message(let message):
            // The same message may be told again as its state moves on.
            if let index = report.messages.firstIndex(where: { $0.to == message.to && $0.body == message.body }) {
                report.messages[index].state = message.state
            } else {
                report.messages.append(message)
            }
            show(.event, "text message to \(message.to), \(message.state): \(message.body)")
        case .action(let name, let outcome): show(.event, "action \(name): \(outcome)")
        case .ended(let reason):
            if report.endReason.isEmpty { report.endReason = reason }
            show(.event, "ended: \(reason)")
        }
    }

    /// The other side closed the stream, or the connection went.
    public mutating func closed(at now: CallTime) {
        answers.lineOver(hasNotes: report.hasNotes, turns: &report.turns)
        report.durationMS = milliseconds(now)
        doing = .gone
    }

    // MARK: One frame

    private mutating func runTick(_ now: CallTime, into effects: inout [Effect]) {
        listen(into: &effects)
        act(now, into: &effects)
        guard !isGone else { return }
        var frame = [Int16](repeating: 0, count: samplesPerFrame)
        if case .talking(let index) = doing { frame = talk(index, now) }
        mixBackground(into: &frame)
        echo?.add(to: &frame, of: heard, sampleRate: carrier.sampleRate)
        sent += frame
        report.framesSent += 1
        effects.append(.frame(frame))
        tick += 1
    }

    /// Takes the 20 ms that the caller has just heard.
    private mutating func listen(into effects: inout [Effect]) {
        guard tick > 0 else { return }
        let slot = carrier.takeHeard((tick - 1) * samplesPerFrame..<tick * samplesPerFrame)
        heard += slot
        let end = time(ofTick: tick)
        if FrameLevel.dBFS(slot[...]) >= FrameLevel.speakingDBFS {
            agentSince = agentSince ?? time(ofTick: tick - 1)
            agentUntil = end
            speaking = speaking ?? time(ofTick: tick - 1)
        } else if let began = speaking, let until = agentUntil, end - until >= .milliseconds(600) {
            speaking = nil
            if !report.hasNotes {
                effects.append(
                    .show(
                        ConversationEntry(
                            at: until, kind: .agent, text: "(spoke for \((until - began).milliseconds) ms)")))
            }
        }
    }

    private mutating func act(_ now: CallTime, into effects: inout [Effect]) {
        let due = time(ofTick: tick)
        switch doing {
        case .talking, .gone: break
        case .keying(let next, let keyDue):
            guard keyDue <= due, case .keys(let digits) = script.lines[nextLine - 1].content else { return }
            if next == digits.count {
                endLine(due)
            } else {
                effects.append(.digit(digits[next]))
                doing = .keying(next: next + 1, due: keyDue + Self.keyGap)
            }
        case .waiting:
            if nextLine < script.lines.count {
                if isTime(script.lines[nextLine].cue, due) { beginLine(due, now, into: &effects) }
            } else if let cue = script.hangUp, isTime(cue, due) {
                return hangUp(now, into: &effects)
            }
        }
        guard case .waiting = doing else { return checkLength(due, now, into: &effects) }
        let sinceHeard = due - max(lineEnded, agentUntil ?? .zero)
        if sinceHeard >= Self.patience, !waitsForMoment {
            let after = nextLine == 0 ? "since the call began" : "after line \(nextLine)"
            report.stuck = "the agent was not heard for \(Self.patience.milliseconds / 1_000) s \(after)"
            hangUp(now, into: &effects)
        } else {
            checkLength(due, now, into: &effects)
        }
    }

    /// Whether the next thing the caller does waits for a time of the call and not for the agent.
    private var waitsForMoment: Bool {
        let cue = nextLine < script.lines.count ? script.lines[nextLine].cue : script.hangUp
        if case .at = cue { return true }
        return false
    }

    private mutating func checkLength(_ due: CallTime, _ now: CallTime, into effects: inout [Effect]) {
        let longest = min(script.expect.maxDuration ?? Self.longestCall, Self.longestCall)
        guard due >= longest, !isGone else { return }
        report.stuck = "the call was still up after \(longest.milliseconds / 1_000) s"
        hangUp(now, into: &effects)
    }

    private func isTime(_ cue: CallScript.Cue, _ due: CallTime) -> Bool {
        switch cue {
        case .at(let moment): return due >= moment
        case .intoAgent(let delay): return agentSince.map { due - $0 >= delay } ?? false
        case .afterQuiet(let quiet):
            guard agentSince != nil, !isBridging, let agentUntil else { return false }
            return due - agentUntil >= quiet
        }
    }

    private mutating func beginLine(_ due: CallTime, _ now: CallTime, into effects: inout [Effect]) {
        let line = script.lines[nextLine]
        effects.append(.show(ConversationEntry(at: now, kind: .caller, text: line.text)))
        answers.lineOver(hasNotes: report.hasNotes, turns: &report.turns)
        report.turns.append(CallReport.Turn(line: nextLine + 1, text: line.text, beganMS: milliseconds(now)))
        answers.lineBegan()
        nextLine += 1
        agentSince = nil
        switch line.content {
        case .speech: doing = .talking(frame: 0)
        case .keys(let digits):
            effects.append(.digit(digits[0]))
            doing = .keying(next: 1, due: due + Self.keyGap)
        }
    }

    private mutating func talk(_ index: Int, _ now: CallTime) -> [Int16] {
        let samples = audio[nextLine - 1].samples
        let from = index * samplesPerFrame
        var frame = Array(samples[min(from, samples.count)..<min(from + samplesPerFrame, samples.count)])
        frame += [Int16](repeating: 0, count: samplesPerFrame - frame.count)
        if let voiced = voiced[nextLine - 1], !report.turns.isEmpty {
            let last = report.turns.count - 1
            if index == voiced.lowerBound {
                report.turns[last].firstVoicedMS = milliseconds(now)
                report.turns[last].isOverAgent = answers.audibleUntil.map { $0 + Self.overlapSlack > now } ?? false
            }
            if index == voiced.upperBound {
                report.turns[last].lastVoicedMS = milliseconds(now)
                answers.lineSpoken(at: now)
            }
        }
        if from + samplesPerFrame >= samples.count {
            endLine(time(ofTick: tick + 1))
        } else {
            doing = .talking(frame: index + 1)
        }
        return frame
    }

    private mutating func endLine(_ due: CallTime) {
        doing = .waiting
        lineEnded = due
        agentSince = nil
    }

    private mutating func hangUp(_ now: CallTime, into effects: inout [Effect]) {
        if report.endReason.isEmpty { report.endReason = EndReason.callerHungUp.rawValue }
        effects.append(.show(ConversationEntry(at: now, kind: .event, text: report.stuck ?? "the caller hangs up")))
        effects.append(.hangUp)
        closed(at: now)
    }

    private mutating func returnMarks(at now: CallTime, into effects: inout [Effect]) {
        for name in carrier.takeMarks(at: now) {
            report.marksReturned += 1
            effects.append(.mark(name))
        }
    }

    private func mixBackground(into frame: inout [Int16]) {
        guard !background.isEmpty else { return }
        let from = tick * samplesPerFrame
        for index in frame.indices {
            let noise = background[(from + index) % background.count]
            frame[index] = Int16(clamping: Int(frame[index]) + Int(noise))
        }
    }

    /// Offset of the first audible 20 ms in a piece of agent audio; `nil` when it is all quiet.
    private func firstAudible(_ samples: [Int16]) -> Int? {
        stride(from: 0, to: samples.count, by: samplesPerFrame).first {
            FrameLevel.dBFS(samples[$0..<min($0 + samplesPerFrame, samples.count)]) >= FrameLevel.speakingDBFS
        }
    }

    private func time(ofTick tick: Int) -> CallTime { CallTime(nanoseconds: Int64(tick) * CallTime.frame.nanoseconds) }
    private func milliseconds(_ time: CallTime) -> Double { Double(time.nanoseconds) / 1e6 }
}
