import ParleyAgents
import ParleyCaller
import ParleyCore

/// Plays a recorded call again where something about it is different: a setting, or the engines. "Would 350 ms have cut them
/// off?" "What would today's recogniser have understood?"
///
/// The caller does what was recorded. Both the call as it was and the call as it would be are played on the same virtual clock and
/// over the same carrier, and what they decide is compared: what the network did on the day is in neither.
public struct Rehearsal {
    /// One decision that is not the same.
    public struct Change: Codable, Equatable, Sendable {
        public enum Kind: String, Codable, Sendable { case gone, new, moved }
        public var kind: Kind
        public var atMS: Double
        /// Of what moved; below zero: it comes sooner.
        public var byMS: Double?
        public var what: String

        /// ` + 2.480 s  the caller's turn ends`
        public var line: String {
            let sign = kind == .gone ? "-" : kind == .new ? "+" : " "
            let tenths = Int((atMS / 10).rounded())
            let time = "\(tenths / 100).\(tenths % 100 < 10 ? "0" : "")\(tenths % 100) s"
            let pad = String(repeating: " ", count: max(0, 9 - time.count))
            guard let byMS else { return "\(sign)\(pad)\(time)  \(what)" }
            return "\(sign)\(pad)\(time)  \(what), \(Int(byMS.magnitude.rounded())) ms \(byMS < 0 ? "sooner" : "later")"
        }
    }

    private let call: RecordedCall
    /// Of every message, each way; recorded times are those at the gateway.
    private static let networkDelay = CallTime.milliseconds(20)
    /// A decision that moves by less than a frame has not moved.
    private static let sameTime = CallTime.milliseconds(20)

    /// - Throws: `CallError`, where the capsule is of a call that cannot be played on a telephone's line.
    public init(_ call: RecordedCall) throws(CallError) {
        guard call.settings.format == .telephone else {
            throw .usage("only calls in 8 kHz mu-law can be played again with something changed; this one is not")
        }
        guard !call.header.isRedacted else {
            throw .usage(
                "its voices and words were redacted: only what was decided is in it, and it can only be replayed")
        }
        self.call = call
    }

    /// What other settings change.
    public func changes(setting settings: CallSettings) throws(CallError) -> [Change] {
        compare(try decisions(call.settings), try decisions(settings))
    }

    /// What other engines, and the flow that the capsule holds, change.
    ///
    /// - Parameter agent: `nil`: replies are the recorded ones.
    public func changes(
        setting settings: CallSettings, engines: any VirtualEngines, agent: (any Agent)?
    ) throws(CallError) -> [Change] {
        compare(
            try decisions(call.settings), Self.decisions(of: try play(settings, engines: engines, agent: agent)))
    }

    // MARK: Playing

    private typealias Decision = (at: CallTime, what: String)

    /// The call as its engines answered it, with these settings.
    func play(_ settings: CallSettings) throws(CallError) -> VirtualCall.Finished {
        let recorded = RecordedEngines(call)
        return try play(settings, engines: recorded, agent: recorded)
    }

    private func decisions(_ settings: CallSettings) throws(CallError) -> [Decision] {
        Self.decisions(of: try play(settings))
    }

    private static func decisions(of finished: VirtualCall.Finished) -> [Decision] {
        finished.trace.steps.compactMap { step in step.effect.decision.map { (step.at, $0) } }
    }

    private func play(
        _ settings: CallSettings, engines: any VirtualEngines, agent: (any Agent)?
    ) throws(CallError) -> VirtualCall.Finished {
        let facts = CallFacts(
            callID: call.header["call"] ?? "", from: call.header["from"] ?? "", to: call.header["to"] ?? "",
            parameters: [:], wallClock: call.header.startedAt)
        var line = VirtualCall.Line(
            caller: RecordedCaller(call, networkDelay: Self.networkDelay), settings: settings,
            agent: agent ?? RecordedEngines(call), facts: facts)
        line.networkDelay = Self.networkDelay
        return try VirtualCall(line, engines: engines).run()
    }

    // MARK: Comparing

    private func compare(_ before: [Decision], _ after: [Decision]) -> [Change] {
        let difference = after.map(\.what).difference(from: before.map(\.what))
        var (gone, new): (Set<Int>, Set<Int>) = ([], [])
        for change in difference {
            switch change {
            case .remove(let offset, _, _): gone.insert(offset)
            case .insert(let offset, _, _): new.insert(offset)
            }
        }
        var changes: [Change] = []
        var (old, now) = (0, 0)
        while old < before.count || now < after.count {
            if old < before.count, gone.contains(old) {
                changes.append(Change(.gone, before[old]))
                old += 1
            } else if now < after.count, new.contains(now) {
                changes.append(Change(.new, after[now]))
                now += 1
            } else {
                let moved = after[now].at - before[old].at
                if moved >= Self.sameTime || CallTime.zero - moved >= Self.sameTime {
                    changes.append(Change(.moved, before[old], by: moved))
                }
                old += 1
                now += 1
            }
        }
        return changes
    }
}

extension Rehearsal.Change {
    fileprivate init(_ kind: Kind, _ decision: (at: CallTime, what: String), by time: CallTime? = nil) {
        self.init(
            kind: kind, atMS: Double(decision.at.nanoseconds) / 1e6, byMS: time.map { Double($0.nanoseconds) / 1e6 },
            what: decision.what)
    }
}

extension CallEffect {
    /// What the call decided, in words that are the same in two calls that differ only in their times; `nil` for what only
    /// carries a decision out.
    fileprivate var decision: String? {
        switch self {
        case .finishTurn: "the caller's turn ends"
        case .note(.callerTurn(let turn)): "understood \"\(turn.text)\"\(turn.isBackchannel ? ", no turn" : "")"
        case .note(.agentTurn(let turn)):
            "heard of the agent: \"\(turn.heard)\"" + (turn.unheard.isEmpty ? "" : ", not heard: \"\(turn.unheard)\"")
        case .note(.bargeIn(.paused)): "the agent's sound stops"
        case .note(.bargeIn(.confirmed)): "the caller has the floor"
        case .note(.bargeIn(.resumed)): "the agent goes on"
        case .note(.bridged(let phrase)): "the phrase \(phrase.rawValue) is said"
        case .note(.answered): "an answer begins"
        case .transfer(let target): "a transfer to \(target)"
        case .end(let reason): "the call ends: \(reason.rawValue)"
        default: nil
        }
    }
}
