import ParleyCore

/// Finds, in the agent's media, where the answer to the caller's last line begins.
///
/// The rule, from what any media stream shows:
/// - media that comes after the line's last voiced frame is its answer, if the agent was not sending at the time;
/// - if it was (a line said over the agent, or a server that streams silence), the answer begins with the first media
///   after a
///   `clear` that came since the line began, or with the first audible media after 200 ms without any.
///
/// A gateway's notes make it sharper: what plays after `bridged` and before `answered` is no answer, and a line after
/// which the
/// agent took up its reply again (`resumed`) was no turn.
struct AnswerMeter: Sendable {
    /// How far the wire's answer may precede the note of it before the note wins: what came first was a canned clip.
    static let noteSlack = CallTime.milliseconds(60)

    /// When the last audible agent audio received so far will have been played.
    private(set) var audibleUntil: CallTime?
    private var lastMedia: CallTime?
    private var lastAudible: CallTime?
    private var spoken: CallTime?
    private var clearedSince = false
    private var wasSending = false
    private var isBridging = false
    private var awaitsHearing = false
    private var clearedAt: CallTime?

    /// The line that was said last has had its answer, if it gets one. Over an agent that was neither stopped by it nor tells of
    /// an answer, it was no turn: what came after it was more of the same reply.
    ///
    /// - Parameter hasNotes: the gateway tells of its answers.
    func lineOver(hasNotes: Bool, turns: inout [CallReport.Turn]) {
        guard hasNotes, let last = turns.indices.last, turns[last].isOverAgent else { return }
        guard turns[last].clearedMS == nil, turns[last].waterfall == nil else { return }
        turns[last].isNoTurn = true
        turns[last].answeredMS = nil
        turns[last].heardMS = nil
    }

    mutating func lineBegan() {
        spoken = nil
        clearedSince = false
        awaitsHearing = false
        isBridging = false
    }

    mutating func lineSpoken(at now: CallTime) {
        spoken = now
        wasSending = lastMedia.map { now - $0 < CallerMachine.stretchGap } ?? false
        if let clearedAt, let lastMedia, lastMedia <= clearedAt { wasSending = false }
    }

    /// - Parameters:
    ///   - audibleFrom: when the first audible part of it will be heard; `nil` when it is quiet.
    ///   - until: when all of it will have been heard.
    mutating func media(at now: CallTime, audibleFrom: CallTime?, until: CallTime, turns: inout [CallReport.Turn]) {
        defer {
            lastMedia = now
            if audibleFrom != nil {
                lastAudible = now
                audibleUntil = until
            }
        }
        guard let last = turns.indices.last, spoken != nil, !turns[last].isNoTurn else { return }
        if turns[last].answeredMS == nil, !isBridging {
            let isFreshSpeech = audibleFrom != nil && lastAudible.map { now - $0 >= CallerMachine.stretchGap } ?? true
            guard !wasSending || clearedSince || isFreshSpeech else { return }
            turns[last].answeredMS = milliseconds(now)
            awaitsHearing = true
        }
        if awaitsHearing, let audibleFrom {
            turns[last].heardMS = milliseconds(audibleFrom)
            awaitsHearing = false
        }
    }

    mutating func cleared(at now: CallTime, turns: inout [CallReport.Turn]) {
        clearedAt = now
        audibleUntil = nil
        lastAudible = nil
        guard let last = turns.indices.last else { return }
        // After an answer has begun, a clear takes it back only when the line itself was what the agent was stopped by.
        guard turns[last].firstVoicedMS != nil, turns[last].answeredMS == nil else { return }
        clearedSince = true
        if turns[last].isOverAgent, turns[last].clearedMS == nil { turns[last].clearedMS = milliseconds(now) }
    }

    mutating func bridged(turns: inout [CallReport.Turn]) {
        isBridging = true
        awaitsHearing = false
        guard let last = turns.indices.last, turns[last].waterfall == nil else { return }
        turns[last].answeredMS = nil
        turns[last].heardMS = nil
    }

    mutating func resumed(turns: inout [CallReport.Turn]) {
        guard let last = turns.indices.last, turns[last].waterfall == nil, turns[last].isOverAgent else { return }
        turns[last].isNoTurn = true
        turns[last].answeredMS = nil
        turns[last].heardMS = nil
        awaitsHearing = false
    }

    mutating func answered(_ waterfall: CallReport.Waterfall, at now: CallTime, turns: inout [CallReport.Turn]) {
        let wasBridging = isBridging
        isBridging = false
        guard let last = turns.indices.last, turns[last].waterfall == nil else { return }
        turns[last].waterfall = waterfall
        guard turns[last].lastVoicedMS != nil, !turns[last].isNoTurn else { return }
        let found = turns[last].answeredMS
        if wasBridging || found.map({ milliseconds(now - Self.noteSlack) > $0 }) ?? false {
            turns[last].answeredMS = milliseconds(now)
            turns[last].heardMS = nil
            awaitsHearing = true
        }
    }

    private func milliseconds(_ time: CallTime) -> Double { Double(time.nanoseconds) / 1e6 }
}
