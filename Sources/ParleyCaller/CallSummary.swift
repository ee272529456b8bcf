import ParleyCore

/// What people read at the end: the waterfall of every turn, the latencies, what was not as expected.
package enum CallSummary {
    static func lines(of report: CallReport) -> [String] {
        var lines: [String] = []
        for turn in report.turns {
            var parts: [String] = []
            if let edge = turn.edgeMS { parts.append("edge \(whole(edge)) ms") }
            if let ear = turn.earMS { parts.append("ear \(whole(ear)) ms") }
            if let bargeIn = turn.bargeInMS { parts.append("barge-in \(whole(bargeIn)) ms") }
            if turn.isNoTurn { parts.append("no turn: the agent went on") }
            if parts.isEmpty { parts.append("no latency to measure") }
            lines.append("turn \(turn.line)  \(parts.joined(separator: ", "))  \"\(turn.text)\"")
            if let waterfall = turn.waterfall { lines.append("        at the gateway: \(stages(of: waterfall))") }
        }
        lines.append(
            "call took \(whole(report.durationMS)) ms; sent \(report.framesSent) frames"
                + (report.packetsDropped > 0 ? " (\(report.packetsDropped) lost on purpose)" : "")
                + ", received \(report.mediaReceived) media (\(whole(report.agentAudioMS)) ms of audio), "
                + "\(report.clearsReceived) clears, \(report.marksReturned)/\(report.marksReceived) marks returned")
        if report.messagesUnknown > 0 {
            lines.append("\(report.messagesUnknown) messages of the server were not understood")
        }
        return lines
    }

    /// `edge  p50 620 ms, p95 810 ms, max 830 ms, n 14`
    package static func latency(_ name: String, _ values: [Double]) -> String {
        guard let summary = LatencySummary(values) else { return "\(name)  n 0" }
        return "\(name)  p50 \(whole(summary.p50)) ms, p95 \(whole(summary.p95)) ms, max \(whole(summary.longest)) ms, "
            + "n \(summary.count)"
    }

    /// Each stage with the time since the caller's last voiced frame, or since the first stage there is.
    private static func stages(of waterfall: CallReport.Waterfall) -> String {
        let stages: [(String, Double?)] = [
            ("last voiced", waterfall.lastVoicedMS), ("pause", waterfall.pausedMS), ("endpoint", waterfall.endpointMS),
            ("final", waterfall.finalMS), ("asked", waterfall.askedMS), ("first text", waterfall.firstTextMS),
            ("first clause", waterfall.firstClauseMS), ("first audio", waterfall.firstAudioMS),
            ("first frame", waterfall.firstFrameMS),
        ]
        let known = stages.compactMap { name, at in at.map { (name, $0) } }
        guard let start = known.first?.1 else { return "(no stages told)" }
        return known.map { name, at in "\(name) +\(whole(at - start))" }.joined(separator: ", ") + " ms"
    }

    static func whole(_ milliseconds: Double) -> String { String(Int(milliseconds.rounded())) }
}
