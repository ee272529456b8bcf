import ParleyAgents
import ParleyCaller
import ParleyCore

/// Plays a fixture (a folder with `call.yaml` and its audio) on a virtual clock: no socket, no waiting, the same each time.
public enum FixtureReplay {
    /// All that the outcome depends on besides fixture and engines.
    public struct Settings: Sendable {
        /// How the gateway behaves, as configured; with its recorded phrases. The leg is a telephone's.
        public var call: CallSettings
        public var agent: any Agent
        /// Of every message, each way.
        public var networkDelay = CallTime.milliseconds(20)
        /// What the caller hears comes back on the caller's line; `nil`: nothing does.
        public var echo: EchoPath?
        /// Wall-clock time of the call's beginning, seconds since 1970-01-01 UTC: what "tomorrow" is counted from, and what
        /// the hour is for whoever may be sent a text. By default a Monday morning, 2026-03-02 10:00 UTC.
        public var beganAt = 1_772_445_600.0
        /// From a second opinion's window to its answer.
        public var opinionDelay = CallTime.milliseconds(1)

        public init(call: CallSettings, agent: any Agent) {
            self.call = call
            self.agent = agent
        }
    }

    /// One call that was played.
    public struct Outcome: Sendable {
        /// What `parley call` would have reported.
        public var report: CallReport
        /// In what it was not as the fixture expects; empty when all is well.
        public var findings: [Finding]
        /// The conversation, on the caller's clock.
        public var shown: [ConversationEntry]
        /// What the call did.
        public var trace: CallTrace
        /// Both sides as the caller has them, 8 kHz.
        public var sent: [Int16]
        public var heard: [Int16]
        /// The whole call, as a live one is recorded.
        public var capsule: [UInt8]

        public var isAsExpected: Bool { findings.isEmpty }
    }

    /// Understood and spoken as the fixture's own `engines.yaml` says.
    public static func run(
        folder: String, settings: Settings, scripted: FixtureEngines
    ) throws(CallError) -> Outcome {
        var settings = settings
        if let began = scripted.beganAt { settings.beganAt = began }
        if let flow = scripted.flow { settings.agent = FlowAgent(flow) }
        return try run(
            folder: folder, settings: settings, engines: ScriptedEngines(scripted.recognizer, voice: scripted.voice))
    }

    /// - Parameter engines: one call at a time.
    /// - Throws: `CallError`, one line that names the file and the mend, when the call cannot be played at all.
    public static func run(
        folder: String, settings: Settings, engines: any VirtualEngines
    ) throws(CallError) -> Outcome {
        let prepared = try PreparedCall(folder: folder, options: CallOptions(url: ""))
        return try run(prepared, settings: settings, engines: engines)
    }

    package static func run(
        _ prepared: PreparedCall, settings: Settings, engines: any VirtualEngines
    ) throws(CallError) -> Outcome {
        let script = prepared.script
        var caller = CallerMachine(
            script: script, audio: prepared.audio, background: prepared.background, echo: settings.echo,
            sampleRate: settings.call.format.sampleRate)
        caller.report.provider = "virtual"
        caller.report.codec = settings.call.format.codec.rawValue
        let facts = CallFacts(
            callID: "virtual", from: script.caller ?? "", to: "", parameters: [:], wallClock: settings.beganAt)
        var line = VirtualCall.Line(caller: caller, settings: settings.call, agent: settings.agent, facts: facts)
        line.networkDelay = settings.networkDelay
        line.opinionDelay = settings.opinionDelay
        let finished = try VirtualCall(line, engines: engines).run()
        return Outcome(
            report: finished.report, findings: script.expect.check(finished.report), shown: finished.shown,
            trace: finished.trace, sent: finished.sent, heard: finished.heard, capsule: finished.capsule)
    }
}
