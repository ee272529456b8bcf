import ParleyCore

/// A call as one SVG, time from left to right: who spoke, what the detector made of it, who had the floor, what was played and
/// when it was confirmed, what was said, and for each answer where its time went.
struct TimelineDrawing {
    static let pixelsPerSecond = 80.0

    private let timeline: CallTimeline
    private let seconds: Double
    private var svg = ""

    /// Lanes from top to bottom: their names, and heights in pixels.
    private enum Lane: String, CaseIterable {
        case time = ""
        case caller = "caller"
        case score = "detector"
        case callerWords = "caller's words"
        case floor = "floor"
        case agentWords = "agent's words"
        case agent = "agent"
        case marks = "marks"
        case waterfall = "waterfall"
        case events = "events"

        var height: Double {
            switch self {
            case .time: 22
            case .caller, .agent: 64
            case .score: 56
            case .callerWords, .agentWords: 34
            case .floor: 16
            case .marks: 18
            case .waterfall: 40
            case .events: 48
            }
        }
        /// Of its upper edge.
        var top: Double { Self.allCases.prefix { $0 != self }.reduce(0) { $0 + $1.height + 6 } }
        var bottom: Double { top + height }
        var middle: Double { top + height / 2 }
    }

    init(_ timeline: CallTimeline) {
        self.timeline = timeline
        seconds = max(1, Self.seconds(min(timeline.report.duration, CallTimeline.longest)))
    }

    static var names: [(name: String, middle: Double)] {
        Lane.allCases.filter { !$0.rawValue.isEmpty }.map { ($0.rawValue, $0.middle) }
    }
    static var height: Double { Lane.events.bottom + 4 }
    var width: Double { seconds * Self.pixelsPerSecond + 20 }

    mutating func draw() -> String {
        svg =
            "<svg class=\"timeline\" width=\"\(Self.digits(width))\" height=\"\(Self.digits(Self.height))\" role=\"img\">\n"
        drawTime()
        drawWave(timeline.caller, "caller", .caller)
        drawScore()
        drawFloor()
        drawWave(timeline.agent.filter { !$0.isFlushed }.map(\.slice), "agent", .agent)
        drawWave(timeline.agent.filter(\.isFlushed).map(\.slice), "flushed", .agent)
        for turn in timeline.callerTurns {
            let kind = turn.isBackchannel ? "nod" : "caller"
            drawWords(turn.text, kind, from: turn.began, to: turn.ended, .callerWords)
        }
        for turn in timeline.agentTurns {
            let text = turn.wasCut ? turn.heard + " [cut] " + turn.unheard : turn.heard
            drawWords(text, turn.wasCut ? "cut" : "agent", from: turn.began, to: turn.ended, .agentWords)
        }
        for waterfall in timeline.waterfalls { drawWaterfall(waterfall) }
        drawMoments()
        if let difference = timeline.report.difference {
            line(difference.at, from: Lane.time.top, to: Lane.events.bottom, "difference", "first difference")
        }
        return svg + "<line class=\"playhead\" x1=\"0\" x2=\"0\" y1=\"0\" y2=\"\(Self.digits(Self.height))\"/></svg>\n"
    }

    // MARK: Lanes

    private mutating func drawTime() {
        for second in 0...Int(seconds) {
            let x = Self.digits(Double(second) * Self.pixelsPerSecond)
            svg += "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"16\" y2=\"\(Self.digits(Self.height))\"/>"
            svg += "<text class=\"axis\" x=\"\(x)\" y=\"12\">\(second) s</text>\n"
        }
    }

    /// A bar for each 20 ms, on a scale of 60 dB.
    private mutating func drawWave(_ slices: [CallTimeline.Slice], _ kind: String, _ lane: Lane) {
        var path = ""
        for slice in slices where slice.at <= CallTimeline.longest {
            guard let peak = slice.peak else { continue }
            let level = max(0, min(1, 1 + Self.decibels(peak) / 60))
            let half = max(0.5, level * lane.height / 2)
            path += "M\(x(slice.at + .milliseconds(10))) \(Self.digits(lane.middle - half))v\(Self.digits(half * 2))"
        }
        if !path.isEmpty { svg += "<path class=\"wave \(kind)\" d=\"\(path)\"/>\n" }
    }

    private mutating func drawScore() {
        let lane = Lane.score
        for (kind, isIn) in [
            ("speech", { (activity: VoiceActivity) in activity.isSpeech }), ("confirmed", { $0.isConfirmed }),
            ("tone", { $0.isTone }),
        ] {
            for (from, to) in runs(isIn) {
                rect(from, to, lane.top, lane.height, kind, "\(kind), \(Self.time(from)) to \(Self.time(to))")
            }
        }
        var path = ""
        for judged in timeline.judged where judged.at <= CallTimeline.longest {
            let score = Double(judged.activity.score)
            path += "\(path.isEmpty ? "M" : "L")\(x(judged.at)) \(Self.digits(lane.bottom - score * lane.height))"
        }
        if !path.isEmpty { svg += "<path class=\"score\" d=\"\(path)\"/>\n" }
    }

    private func runs(_ isIn: (VoiceActivity) -> Bool) -> [(CallTime, CallTime)] {
        var runs: [(CallTime, CallTime)] = []
        var began: CallTime?
        for judged in timeline.judged {
            if isIn(judged.activity) {
                began = began ?? judged.at
            } else if let from = began {
                runs.append((from, judged.at))
                began = nil
            }
        }
        if let began { runs.append((began, timeline.report.duration)) }
        return runs
    }

    private mutating func drawFloor() {
        for stretch in timeline.floors {
            rect(
                stretch.from, stretch.to, Lane.floor.top, Lane.floor.height, "floor-\(stretch.floor.rawValue)",
                "\(stretch.floor.rawValue), \(Self.time(stretch.from)) to \(Self.time(stretch.to))")
        }
    }

    private mutating func drawWords(_ text: String, _ kind: String, from: CallTime, to: CallTime, _ lane: Lane) {
        guard from <= CallTimeline.longest else { return }
        let width = max(24, Self.seconds(to - from) * Self.pixelsPerSecond)
        let title = "\(Self.time(from)) to \(Self.time(to)): \(text)"
        svg += "<svg x=\"\(x(from))\" y=\"\(Self.digits(lane.top))\" width=\"\(Self.digits(width))\""
        svg += " height=\"\(Self.digits(lane.height))\"><title>\(Markup.escaped(title))</title>"
        svg += "<rect class=\"words \(kind)\" width=\"100%\" height=\"100%\" rx=\"3\"/>"
        svg += "<text class=\"said\" x=\"5\" y=\"21\">\(Markup.escaped(text))</text></svg>\n"
    }

    private mutating func drawWaterfall(_ waterfall: Waterfall) {
        let lane = Lane.waterfall
        var at = waterfall.lastVoiced ?? waterfall.endpoint ?? waterfall.asked
        for (stage, time) in waterfall.stages {
            guard let from = at, let time else { continue }
            if time > from {
                let took = "\(stage): \(Self.milliseconds(time - from)) ms"
                rect(from, time, lane.top, 16, "stage stage-\(stage.replacing(" ", with: "-"))", took)
            }
            at = max(from, time)
        }
        guard let edge = waterfall.edge, let lastVoiced = waterfall.lastVoiced else { return }
        svg += "<text class=\"axis\" x=\"\(x(lastVoiced))\" y=\"\(Self.digits(lane.top + 30))\">"
        svg += "\(Self.milliseconds(edge)) ms</text>\n"
    }

    private mutating func drawMoments() {
        for moment in timeline.moments {
            let title = "\(Self.time(moment.at)): \(moment.text)"
            switch moment.kind {
            case .markSent: line(moment.at, from: Lane.marks.top, to: Lane.marks.middle, "mark-sent", title)
            case .markBack: line(moment.at, from: Lane.marks.middle, to: Lane.marks.bottom, "mark-back", title)
            case .clear: line(moment.at, from: Lane.caller.top, to: Lane.marks.bottom, "clear", title)
            case .bargeIn: label(moment, "barge-in \(moment.text)", row: 0)
            case .phrase: label(moment, "says \u{201C}\(moment.text)\u{201D}", row: 1)
            case .key: label(moment, "key \(moment.text)", row: 1)
            case .end: label(moment, "ends: \(moment.text)", row: 2)
            case .input: line(moment.at, from: Lane.events.top, to: Lane.events.top + 5, "input", title)
            }
        }
    }

    // MARK: Shapes

    private mutating func rect(
        _ from: CallTime, _ to: CallTime, _ y: Double, _ height: Double, _ kind: String, _ title: String
    ) {
        guard from <= CallTimeline.longest else { return }
        let width = max(1, Self.seconds(to - from) * Self.pixelsPerSecond)
        svg += "<rect class=\"\(kind)\" x=\"\(x(from))\" y=\"\(Self.digits(y))\" width=\"\(Self.digits(width))\""
        svg += " height=\"\(Self.digits(height))\"><title>\(Markup.escaped(title))</title></rect>\n"
    }

    private mutating func line(_ at: CallTime, from: Double, to: Double, _ kind: String, _ title: String) {
        guard at <= CallTimeline.longest else { return }
        svg += "<line class=\"\(kind)\" x1=\"\(x(at))\" x2=\"\(x(at))\" y1=\"\(Self.digits(from))\""
        svg += " y2=\"\(Self.digits(to))\"><title>\(Markup.escaped(title))</title></line>\n"
    }

    private mutating func label(_ moment: CallTimeline.Moment, _ text: String, row: Int) {
        guard moment.at <= CallTimeline.longest else { return }
        let y = Lane.events.top + 14 + Double(row) * 15
        svg += "<text class=\"event \(moment.kind.rawValue)\" x=\"\(x(moment.at))\" y=\"\(Self.digits(y))\">"
        svg += "<title>\(Self.time(moment.at))</title>\(Markup.escaped(text))</text>\n"
    }

    // MARK: Numbers

    private func x(_ time: CallTime) -> String { Self.digits(Self.seconds(time) * Self.pixelsPerSecond) }

    static func seconds(_ time: CallTime) -> Double { Double(time.nanoseconds) / 1e9 }
    static func milliseconds(_ time: CallTime) -> Int { Int((seconds(time) * 1_000).rounded()) }
    /// `4.10 s`
    static func time(_ time: CallTime) -> String {
        let hundredths = Int((seconds(time) * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
    }

    /// With one decimal.
    private static func digits(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }

    /// Of full scale; -60 at the least.
    private static func decibels(_ peak: Int) -> Double {
        max(-60, 20 * Math.log10(Double(max(1, peak)) / 32_768))
    }
}

extension Waterfall {
    /// What the time up to each of them went to, in order.
    var stages: [(String, CallTime?)] {
        [
            ("pause", paused), ("endpoint", endpoint), ("words", final), ("to agent", asked), ("text", firstText),
            ("clause", firstClause), ("audio", firstAudio), ("frame", firstFrame),
        ]
    }
}
