import FoundationEssentials
import ParleyCore

/// One self-contained HTML page of replayed calls: no script, style, font or picture comes from anywhere else.
public struct TimelinePage {
    private var body = ""
    private var count = 0

    public init() {}

    /// Adds a call.
    ///
    /// - Parameters:
    ///   - capsule: of the call, or of a fixture's call in virtual time; `nil` where nothing can be drawn.
    /// - Throws: `CapsuleError`, when it is none.
    public mutating func add(_ result: ReplayResult, capsule: [UInt8]?) throws(CapsuleError) {
        count += 1
        body += "<section id=\"call-\(count)\">\n<h2><span class=\"\(result.isAsExpected ? "ok" : "bad")\">"
        body += "\(result.isAsExpected ? "as expected" : "different")</span> \(Markup.escaped(result.path))</h2>\n"
        if let capsule {
            let timeline = try CallTimeline(capsule)
            body += "<p class=\"facts\">\(Markup.escaped(facts(timeline)))</p>\n"
            body += problems(result) + drawing(timeline) + waterfalls(timeline) + decisions(timeline)
        } else {
            body += problems(result)
        }
        body += "</section>\n"
    }

    public func html() -> String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; media-src data:">
        <title>Replayed calls</title><style>\(Self.style)</style></head><body>
        <h1>\(count == 1 ? "A replayed call" : "\(count) replayed calls")</h1>
        \(legend)
        \(body)<script>\(Self.script)</script></body></html>

        """
    }

    // MARK: Parts

    private func facts(_ timeline: CallTimeline) -> String {
        let header = timeline.report.header
        var facts = ["\(TimelineDrawing.time(timeline.report.duration)), \(timeline.report.inputs) inputs"]
        facts.append("outputs " + ReplayResult.hexadecimal(timeline.report.hash))
        for name in ["call", "provider", "recognizer", "voice", "agent", "parley"] {
            if let value = header[name], !value.isEmpty { facts.append("\(name) \(value)") }
        }
        if header.isRedacted {
            facts.append("redacted: no voices, and other words in the place of those that were said")
        }
        if !timeline.report.isWhole { facts.append("the recording breaks off") }
        if timeline.report.duration > CallTimeline.longest {
            facts.append("drawn up to \(TimelineDrawing.time(CallTimeline.longest))")
        }
        return facts.joined(separator: " \u{B7} ")
    }

    private func problems(_ result: ReplayResult) -> String {
        var html = result.problems.map { "<pre class=\"problem\">\(Markup.escaped($0))</pre>\n" }.joined()
        if let changes = result.changes {
            html +=
                "<pre>\(Markup.escaped(changes.isEmpty ? "no decision changes" : changes.map(\.line).joined(separator: "\n")))</pre>\n"
        }
        return html
    }

    private func drawing(_ timeline: CallTimeline) -> String {
        var drawing = TimelineDrawing(timeline)
        var html = "<div class=\"call\"><div class=\"names\" style=\"height:\(Int(TimelineDrawing.height))px\">"
        for (name, middle) in TimelineDrawing.names {
            html += "<span style=\"top:\(Int(middle) - 9)px\">\(Markup.escaped(name))</span>"
        }
        html += "</div><div class=\"scroll\">\(drawing.draw())</div></div>\n"
        if !timeline.callerSound.isEmpty {
            let wav = WAV(sampleRate: timeline.sampleRate, left: timeline.callerSound, right: timeline.agentSound)
            html += "<audio controls preload=\"none\" src=\"data:audio/wav;base64,"
            html += Data(wav.bytes(.linear16)).base64EncodedString() + "\"></audio>\n"
        }
        return html
    }

    private func waterfalls(_ timeline: CallTimeline) -> String {
        guard !timeline.waterfalls.isEmpty else { return "" }
        let names = Waterfall(turn: TurnID(0), generation: Generation(0)).stages.map(\.0)
        var html = "<table><caption>Where each answer's time went, in ms</caption><tr><th>turn</th><th>ended by</th>"
        html += names.map { "<th>\($0)</th>" }.joined() + "<th>edge</th></tr>\n"
        for waterfall in timeline.waterfalls {
            html += "<tr><td>\(waterfall.turn.number)</td><td>\(waterfall.ending?.rawValue ?? "-")</td>"
            var at = waterfall.lastVoiced ?? waterfall.endpoint ?? waterfall.asked
            for (_, time) in waterfall.stages {
                let took = at.flatMap { from in time.map { max(0, TimelineDrawing.milliseconds($0 - from)) } }
                html += "<td>\(took.map(String.init) ?? "-")</td>"
                if let time { at = max(at ?? time, time) }
            }
            html += "<td>\(waterfall.edge.map { "\(TimelineDrawing.milliseconds($0))" } ?? "-")</td></tr>\n"
        }
        return html + "</table>\n"
    }

    private func decisions(_ timeline: CallTimeline) -> String {
        var html = "<details><summary>\(timeline.report.decisions.count) decisions</summary><pre>"
        for decision in timeline.report.decisions {
            html += Markup.escaped("\(TimelineDrawing.milliseconds(decision.at)) ms  \(decision.line)\n")
        }
        return html + "</pre></details>\n"
    }

    private var legend: String {
        let kinds = [
            ("caller", "caller"), ("agent", "agent, as played"), ("flushed", "sent, dropped by a clear"),
            ("speech", "speech"),
            ("confirmed", "surely a voice"), ("tone", "a tone"), ("clear", "clear"), ("difference", "first difference"),
        ]
        let stages = Waterfall(turn: TurnID(0), generation: Generation(0)).stages.map { name, _ in
            ("stage-" + name.replacing(" ", with: "-"), name)
        }
        return "<p class=\"legend\">"
            + (kinds + stages).map {
                "<span><svg width=\"12\" height=\"12\"><rect class=\"key \($0.0)\" width=\"12\" height=\"12\"/></svg> \($0.1)</span>"
            }
            .joined(separator: " ") + "</p>"
    }

    // MARK: Looks

    private static let style = """
        :root { color-scheme: light dark; --ink: #1d2433; --paper: #fff; --faint: #8890a0; --line: #e3e6ec;
          --caller: #2563a8; --agent: #a8562a; --flushed: #d3b8a8; --speech: #d9e7f6; --sure: #9cc3ea; --tone: #e6d6f2;
          --bad: #b3261e; --good: #1f7a3d; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e4e7ee; --paper: #14171d; --faint: #8b93a3; --line: #2a2f39;
          --caller: #7db4f0; --agent: #eaa27a; --flushed: #6b4b3a; --speech: #1f3247; --sure: #2f5680; --tone: #41304f;
          --bad: #ff8a80; --good: #7fd49a; } }
        body { font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 24px; }
        h1 { font-size: 20px; } h2 { font-size: 16px; margin-top: 32px; overflow-wrap: anywhere; }
        .ok { color: var(--good); } .bad { color: var(--bad); } .facts { color: var(--faint); overflow-wrap: anywhere; }
        pre { overflow-x: auto; background: color-mix(in srgb, var(--line) 40%, transparent); padding: 8px; border-radius: 4px; }
        .problem { border-left: 3px solid var(--bad); }
        .call { display: flex; } .scroll { overflow-x: auto; flex: 1; border: 1px solid var(--line); }
        .names { position: relative; width: 104px; flex: none; } .names span { position: absolute; right: 8px; color: var(--faint); }
        svg.timeline { display: block; cursor: text; } svg text { fill: var(--ink); }
        .grid { stroke: var(--line); } .axis { font-size: 10px; fill: var(--faint) !important; }
        .wave { stroke-width: 1.2; fill: none; } .wave.caller { stroke: var(--caller); } .wave.agent { stroke: var(--agent); }
        .wave.flushed { stroke: var(--flushed); }
        .speech { fill: var(--speech); } .confirmed { fill: var(--sure); } .tone { fill: var(--tone); }
        .score { stroke: var(--ink); fill: none; }
        .floor-caller { fill: var(--caller); } .floor-agent { fill: var(--agent); } .floor-free { fill: var(--line); }
        .floor-overlap { fill: var(--bad); }
        .words { fill: none; stroke: var(--faint); } .words.caller { stroke: var(--caller); } .words.agent { stroke: var(--agent); }
        .words.cut { stroke: var(--bad); } .words.nod { stroke-dasharray: 3 3; } .said { font-size: 12px; }
        .mark-sent { stroke: var(--faint); } .mark-back { stroke: var(--good); } .input { stroke: var(--faint); }
        .clear { stroke: var(--bad); stroke-dasharray: 4 3; } .difference { stroke: var(--bad); stroke-width: 3; }
        .event { font-size: 11px; } .playhead { stroke: var(--good); stroke-width: 1.5; }
        .stage-pause { fill: #9aa5b8; } .stage-endpoint { fill: #c9b458; } .stage-words { fill: #5a9bd5; }
        .stage-to-agent { fill: #8d6cab; } .stage-text { fill: #4fa58a; } .stage-clause { fill: #7bbf6a; }
        .stage-audio { fill: #d98a4e; } .stage-frame { fill: #c0504d; }
        .key.caller { fill: var(--caller); } .key.agent { fill: var(--agent); } .key.flushed { fill: var(--flushed); }
        .key.clear, .key.difference { fill: var(--bad); } .legend span { margin-right: 12px; white-space: nowrap; }
        table { border-collapse: collapse; margin-top: 12px; } caption { text-align: left; color: var(--faint); }
        td, th { padding: 2px 10px; border: 1px solid var(--line); text-align: right; font-variant-numeric: tabular-nums; }
        audio { width: 100%; margin-top: 8px; }
        """

    /// The line that follows the sound; a click on the drawing goes there.
    private static let script = """
        for (const section of document.querySelectorAll("section")) {
          const audio = section.querySelector("audio"), drawing = section.querySelector("svg.timeline");
          if (!audio || !drawing) continue;
          const head = drawing.querySelector(".playhead"), scroll = drawing.parentElement;
          const follow = () => {
            const x = audio.currentTime * \(Int(TimelineDrawing.pixelsPerSecond));
            head.setAttribute("x1", x); head.setAttribute("x2", x);
            if (!audio.paused && (x < scroll.scrollLeft || x > scroll.scrollLeft + scroll.clientWidth - 40)) scroll.scrollLeft = x - 40;
            if (!audio.paused) requestAnimationFrame(follow);
          };
          audio.addEventListener("play", follow); audio.addEventListener("seeked", follow);
          drawing.addEventListener("click", event => {
            audio.currentTime = (event.clientX - drawing.getBoundingClientRect().left) / \(Int(TimelineDrawing.pixelsPerSecond));
          });
        }
        """
}
