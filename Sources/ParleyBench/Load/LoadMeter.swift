import ParleyCore

/// What one call of a load test shows, from what its carrier sent and got. Pure: told what happened and when.
///
/// Times are those at which something was due, not when a busy generator came to it, so that waiting is not left out.
struct LoadMeter {
    /// Audio that was received plays in real time; a mark comes back when all before it has been played.
    private var playEnd = Self.longAgo
    private var lastMedia = Self.longAgo
    /// Media messages of the stretch that is being sent.
    private var inStretch = 0
    private var marks: [(name: String, due: Int64)] = []
    private var turn: Turn?
    var log: LoadLog

    private struct Turn {
        var firstDue: Int64
        var lastDue: Int64?
        /// The agent's sound was playing when it began.
        var isInterruption: Bool
        var isCleared = false
        var wasTalkedOver = false
        var isAnswered = false
    }

    private static let longAgo = Int64.min / 2

    /// No media for so long ends a stretch: what comes then is another.
    private static let stretchGap: Int64 = 300_000_000
    /// The lead: so many frames come at once.
    private static let burst = 11
    private static let frame: Int64 = 20_000_000
    /// Less than this left to play is the end of a reply, or a server that is late, and not something to cut in on.
    private static let leastLeft: Int64 = 60_000_000

    /// A longer silence is no hole in a reply: the agent speaks anew.
    private static let longestGap: Int64 = 3_000_000_000

    init(call: Int) { log = LoadLog(call: call) }

    /// Something was said, and no line since then that waits for its answer, and no clear.
    private var isInReply: Bool { lastMedia != Self.longAgo && turn?.isAnswered ?? true }

    mutating func lineBegan(due: Int64) {
        closeTurn(at: due)
        turn = Turn(firstDue: due, isInterruption: playEnd > due + Self.leastLeft)
    }

    mutating func lineEnded(due: Int64) { turn?.lastDue = due }

    mutating func media(octets: Int, at now: Int64) {
        let isNew = now - lastMedia > Self.stretchGap
        if isNew { inStretch = 0 }
        inStretch += 1
        if inStretch > Self.burst { log.add(.pace, abs(now - lastMedia - Self.frame), at: now) }
        if isInReply, playEnd < now, now - playEnd < Self.longestGap { log.add(.gap, now - playEnd, at: now) }
        lastMedia = now
        let heard = max(playEnd, now)
        playEnd = heard + Int64(octets) * 125_000
        guard isNew, var turn, !turn.isAnswered else { return }
        if let last = turn.lastDue {
            turn.isAnswered = true
            if !turn.wasTalkedOver {
                log.add(.edge, now - last, at: now)
                log.add(.ear, heard - last, at: now)
            }
        } else {
            turn.wasTalkedOver = true
        }
        self.turn = turn
    }

    mutating func clear(at now: Int64) -> [String] {
        playEnd = min(playEnd, now)
        inStretch = 0
        lastMedia = Self.longAgo
        if var turn, turn.isInterruption, !turn.isCleared {
            turn.isCleared = true
            log.add(.bargeIn, now - turn.firstDue, at: now)
            self.turn = turn
        } else {
            log.strayClears += 1
        }
        defer { marks.removeAll(keepingCapacity: true) }
        return marks.map(\.name)
    }

    mutating func mark(_ name: String, at now: Int64) { marks.append((name, max(playEnd, now))) }

    /// The marks whose sound has been played, to be sent back.
    mutating func reachedMarks(at now: Int64) -> [String] {
        guard let first = marks.first, first.due <= now else { return [] }
        let reached = marks.prefix { $0.due <= now }.map(\.name)
        marks.removeFirst(reached.count)
        return reached
    }

    /// What the last turn still waits for will not come.
    mutating func closeTurn(at now: Int64, isHangUp: Bool = false) {
        guard let turn else { return }
        self.turn = nil
        // Cut off by the end of the test: no turn, unless it has waited long enough to be called missed.
        if isHangUp, !turn.isAnswered, turn.lastDue.map({ now - $0 < 1_500_000_000 }) ?? true { return }
        log.turns.append(
            LoadLog.Turn(
                at: turn.firstDue,
                outcome: turn.wasTalkedOver ? .talkedOver : turn.isAnswered ? .answered : .missed,
                interruption: !turn.isInterruption ? nil : turn.isCleared))
    }
}

/// What was measured on one call; times in nanoseconds since the test began.
struct LoadLog {
    let call: Int
    var offsets: [LoadMeasure: [(at: Int64, value: Int64)]] = [:]
    var turns: [Turn] = []
    var strayClears = 0
    var framesSent = 0
    var framesReceived = 0
    var violations: [String] = []
    /// Why the call did not come up, or did not last.
    var failure: String?

    struct Turn {
        enum Outcome: String, Codable { case answered, missed, talkedOver = "talked_over" }
        var at: Int64
        var outcome: Outcome
        /// `nil` where it was none; else whether the agent was cleared.
        var interruption: Bool?
    }

    init(call: Int) { self.call = call }

    mutating func add(_ measure: LoadMeasure, _ value: Int64, at now: Int64) {
        offsets[measure, default: []].append((now, value))
    }
}

/// What is measured in times.
public enum LoadMeasure: String, Codable, CaseIterable, Sendable {
    /// From when the last frame of a line was due to the first frame of its reply.
    case edge
    /// The same, to when that frame is heard: behind what was still to be played.
    case ear
    /// From when the first frame of a line was due, over the agent's sound, to its `clear`.
    case bargeIn = "barge_in"
    /// How far two frames of a reply are from 20 ms apart, behind its first burst.
    case pace
    /// The silence within a reply: from when all that had come had been played to what came next of it, up to three seconds.
    case gap
    /// From the connection's beginning to the upgrade.
    case connect
    /// How late the generator itself was with a frame: what is above a millisecond or two is no measurement.
    case own
}
