import FoundationEssentials
import ParleyAgents
import ParleyCaller
import ParleyCore

/// Makes a fixture of a recorded call: what the caller said, in WAVs, and when; what the engines answered; what came of it, as
/// what is expected. Ready to be edited, and to be replayed.
public struct FixtureExport {
    /// One thing the caller does in the fixture.
    struct Line: Equatable {
        /// Of the caller's audio, in samples; keys have none.
        var samples: Range<Int>
        var keys = ""
        var text = ""
        var cue: String
    }

    private let call: RecordedCall
    private let finished: VirtualCall.Finished

    /// Plays the call once, to see it from the caller's side.
    ///
    /// - Throws: `CallError`, where the call cannot be played on a telephone's line.
    public init(_ call: RecordedCall) throws(CallError) {
        self.call = call
        finished = try Rehearsal(call).play(call.settings)
    }

    /// The fixture's files: their names and contents.
    public func files(named name: String) -> [(name: String, octets: [UInt8])] {
        let lines = lines()
        var files: [(name: String, octets: [UInt8])] = []
        for (index, line) in lines.enumerated() where line.keys.isEmpty {
            let samples = Array(finished.sent[line.samples.clamped(to: 0..<finished.sent.count)])
            files.append((Self.wav(index), WAV(sampleRate: 8_000, samples: samples).bytes(.mulaw)))
        }
        files.append(("call.yaml", Array(script(lines).utf8)))
        files.append(("engines.yaml", Array(engines().utf8)))
        if let flow = call.header["flow"] { files.append(("flow.yaml", Array(flow.utf8))) }
        files.append(("origin.md", Array(origin(name).utf8)))
        return files
    }

    private static func wav(_ index: Int) -> String { "line\(index + 1).wav" }

    // MARK: What the caller did

    /// What the detector took for speech, each stretch with a little around it; and the keys.
    private func lines() -> [Line] {
        var lines: [Line] = []
        var lineEnd = 0
        for deed in deeds() {
            let agent = heardOfAgent(from: lineEnd, to: deed.samples.lowerBound)
            // Nothing was heard in between: the caller only paused.
            if agent == nil, let last = lines.indices.last, deed.keys.isEmpty, lines[last].keys.isEmpty {
                lines[last].samples = lines[last].samples.lowerBound..<deed.samples.upperBound
                lines[last].text = [lines[last].text, deed.text].filter { !$0.isEmpty }.joined(separator: " ")
            } else {
                var line = deed
                line.cue = Self.cue(deed.samples.lowerBound, agent)
                lines.append(line)
            }
            lineEnd = deed.samples.upperBound
        }
        return lines
    }

    private func deeds() -> [Line] {
        var deeds: [Line] = []
        var begin: CallTime?
        var texts: [UInt32: (text: String, ended: CallTime)] = [:]
        for step in finished.trace.steps {
            if case .note(.callerTurn(let turn)) = step.effect { texts[turn.turn.number] = (turn.text, turn.ended) }
        }
        for step in finished.trace.steps {
            switch step.effect {
            case .note(.floor(.caller)), .note(.floor(.overlap)): begin = begin ?? step.at
            case .finishTurn(let turn), .cancelTurn(let turn):
                guard let began = begin else { continue }
                begin = nil
                let said = texts[turn.number]
                let end = said.map { $0.ended + .milliseconds(200) } ?? step.at
                deeds.append(
                    Line(
                        samples: sample(began - .milliseconds(400))..<sample(max(end, began + .milliseconds(100))),
                        text: said?.text ?? "(a noise)", cue: ""))
            default: break
            }
        }
        for digit in call.digits {
            let at = sample(digit.at)
            if let last = deeds.indices.last(where: { !deeds[$0].keys.isEmpty }),
                at - deeds[last].samples.upperBound < 24_000
            {
                deeds[last].keys.append(digit.digit.character)
                deeds[last].samples = deeds[last].samples.lowerBound..<max(at, deeds[last].samples.lowerBound)
            } else {
                deeds.append(Line(samples: at..<at, keys: String(digit.digit.character), cue: ""))
            }
        }
        return deeds.sorted { $0.samples.lowerBound < $1.samples.lowerBound }
    }

    /// Of the caller's audio, by the gateway's time.
    private func sample(_ time: CallTime) -> Int {
        let first = call.frames.first?.at ?? .zero
        return max(0, (time - first).milliseconds / 20) * 160
    }

    /// When the agent was heard first and last between two places of the caller's audio, in samples; `nil`: not at all.
    private func heardOfAgent(from: Int, to: Int) -> (since: Int, until: Int)? {
        var heard: (since: Int, until: Int)?
        for start in stride(from: from / 160 * 160, to: min(to, finished.heard.count - 160), by: 160) {
            guard FrameLevel.dBFS(finished.heard[start..<start + 160]) >= FrameLevel.speakingDBFS else { continue }
            heard = (heard?.since ?? start, start + 160)
        }
        return heard
    }

    private static func cue(_ at: Int, _ agent: (since: Int, until: Int)?) -> String {
        guard let agent else { return "{at: \(at / 8)ms}" }
        let quiet = at - agent.until
        // Well into the agent's silence, it was waited for; else the caller spoke over it.
        return quiet >= 1_600 ? "{after_quiet: \(quiet / 8)ms}" : "{into_agent: \((at - agent.since) / 8)ms}"
    }

    // MARK: The files

    private func script(_ lines: [Line]) -> String {
        var yaml =
            "# Made of the recorded call \((call.header["call"] ?? "").filter { $0.isLetter || $0.isNumber }). Edit it: what is expected is what was observed.\n"
        if let from = call.header["from"], from.hasPrefix("+") { yaml += "caller: \(Self.quoted(from))\n" }
        yaml += lines.isEmpty ? "utterances: []\n" : "utterances:\n"
        for (index, line) in lines.enumerated() {
            if line.keys.isEmpty {
                yaml += "  - wav: \(Self.wav(index))\n    text: \(Self.quoted(line.text))\n"
            } else {
                yaml += "  - keys: \(Self.quoted(line.keys))\n"
            }
            yaml += "    say: \(line.cue)\n"
        }
        if case .stopped? = call.left?.event {
            let end = lines.last?.samples.upperBound ?? 0
            yaml += "hangup: \(Self.cue(finished.sent.count, heardOfAgent(from: end, to: finished.sent.count)))\n"
        }
        return yaml + expectations()
    }

    private func expectations() -> String {
        let notes = finished.trace.steps.compactMap { if case .note(let note) = $0.effect { note } else { nil } }
        var yaml = "expect:\n"
        var variables: [String: String] = [:]
        var (heard, said): ([String], [String]) = ([], [])
        var (taken, resumed) = (0, 0)
        for note in notes {
            switch note {
            case .variable(let name, let value): variables[name] = value
            case .agentTurn(let turn):
                let words = turn.wasCut ? Self.surely(turn.heard) : turn.heard
                if !words.isEmpty { heard.append(words) }
            case .callerTurn(let turn) where !turn.isKeyed && !turn.isBackchannel && !turn.text.isEmpty:
                said.append(Expectations.words(turn.text))
            case .bargeIn(.confirmed): taken += 1
            case .bargeIn(.resumed): resumed += 1
            default: break
            }
        }
        if !variables.isEmpty {
            yaml += "  variables:\n"
            for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
                yaml += "    \(name): \(Self.quoted(value))\n"
            }
        }
        if !said.isEmpty { yaml += "  caller_says: [\(said.map(Self.quoted).joined(separator: ", "))]\n" }
        if !heard.isEmpty { yaml += "  agent_says: [\(heard.map(Self.quoted).joined(separator: ", "))]\n" }
        yaml += "  barge_ins: \(taken)\n  resumed: \(resumed)\n"
        yaml += "  messages: \(finished.report.messages.count)\n"
        if let consent = finished.report.consents.last {
            yaml += "  consent: \(consent.isGranted ? "granted" : "refused")\n"
        }
        if let end = finished.trace.steps.lazy.compactMap({ step in
            if case .end(let reason) = step.effect { reason } else { nil }
        }).first {
            yaml += "  end: \(end.rawValue)\n"
        }
        return yaml + "  max_duration: \(min(900, call.duration.milliseconds / 1_000 + 30))s\n"
    }

    /// What is heard of a reply that is cut, wherever within its last words the imitated voice is by then.
    private static func surely(_ heard: String) -> String {
        let words = heard.split(separator: " ")
        return words.dropLast(max(1, words.count / 3)).joined(separator: " ")
    }

    private func engines() -> String {
        let began = call.header.startedAt
        var yaml = "# What the engines answered in the recorded call: the n-th line for the caller's n-th turn.\n"
        yaml += "began_at: \(Self.quoted(Date(timeIntervalSince1970: began).formatted(.iso8601)))\n"
        if call.header["flow"] != nil { yaml += "flow: flow.yaml\n" }
        yaml += "recognizer:\n"
        for answer in answers() {
            switch answer.value {
            case let text?: yaml += "  - {text: \(Self.quoted(text)), after: \(max(0, answer.after.milliseconds))ms}\n"
            case nil: yaml += "  - {fails: true, after: \(max(0, answer.after.milliseconds))ms}\n"
            }
        }
        if answers().isEmpty { yaml = yaml.replacing("recognizer:\n", with: "recognizer: []\n") }
        return yaml + "voice: {milliseconds_per_character: \(pace)}\n"
    }

    /// A line for each turn that was decoded: finished ones with their words, and forgotten ones with what there was of them.
    private func answers() -> [RecordedCall.Delayed<String?>] {
        var finals = call.finals[...]
        var answers: [RecordedCall.Delayed<String?>] = []
        var paused: TurnID?
        var words: [UInt32: String] = [:]
        for step in finished.trace.steps {
            switch step.effect {
            case .note(.partial(let turn, let text)): words[turn.number] = text
            case .pauseTurn(let turn): paused = turn
            case .finishTurn:
                if let final = finals.popFirst() { answers.append(final) }
                paused = nil
            case .cancelTurn(let turn) where paused == turn:
                answers.append(.init(after: .zero, value: words[turn.number] ?? ""))
                paused = nil
            default: break
            }
        }
        return answers
    }

    /// How fast the voice spoke.
    private var pace: Int {
        var (frames, characters) = (0, 0)
        for answers in call.speech {
            for case .audio(_, _, let audio) in answers.map(\.value) { frames += audio.frameCount }
        }
        for step in finished.trace.steps {
            if case .speak(_, _, let text) = step.effect { characters += text.count }
        }
        guard frames > 0, characters > 0 else { return 60 }
        return min(200, max(20, frames * 20 / characters))
    }

    private func origin(_ name: String) -> String {
        """
        # \(name)

        Made by `parley ledger export` of a recorded call: the voice is the caller's own, and so is the number in
        call.yaml. Keep and share it as you may keep and
        share recordings of your callers, or have the lines spoken again by somebody who agrees to it.

        """
    }

    /// As YAML takes any text: the escapes of JSON.
    static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
