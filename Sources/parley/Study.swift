import ArgumentParser
import Foundation
import ParleyCaller
import ParleyCore
import ParleyGateway
import ParleyReplay
import ParleySpeech

/// Studies of turn-taking play hundreds of calls by it: see scripts/live-turns.sh.
struct Study: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play fixtures in virtual time, with the embedded engines: for studies.",
        discussion: "Exit 0: all as expected; 1: not; 2: a fixture cannot be played.", shouldDisplay: false)

    @Argument(help: "Folders with a call.yaml; with --endpoints, WAV files.")
    var folders: [String]
    @Flag(help: "Print for each WAV file when its turns end, in ms: by silence alone, and by the answer.")
    var endpoints = false
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The flow file, in place of agent.flow.")
    var flow: String?
    @Option(parsing: .unconditional, help: "What the caller hears comes back: dB, or dB:MILLISECONDS.")
    var echo: String?
    @Option(help: "Milliseconds that each message is on its way, there and back.")
    var networkDelay = 20
    @Flag(help: "Write report.json, call.txt and call.wav into each folder.")
    var keep = false
    @Flag(help: "Engines take as long as they take, in place of the stated time.")
    var measured = false

    func validate() throws {
        guard (0...2_000).contains(networkDelay) else {
            throw ValidationError("--network-delay \(networkDelay): must be 0 to 2000 ms")
        }
    }

    func run() throws {
        #if LocalSpeech
        var outcomes: [FixtureReplay.Outcome] = []
        do {
            let (settings, engines) = try prepare()
            if endpoints { return try study(settings.call, engines) }
            for folder in folders {
                let outcome = try FixtureReplay.run(folder: folder, settings: settings, engines: engines)
                outcomes.append(outcome)
                try tell(outcome, folder)
            }
        } catch let error as CallError {
            throw Refused(error.description)
        } catch let error as StartError {
            throw Refused(error.description)
        } catch let error as EngineError {
            throw Refused(error.description)
        }
        let missed = outcomes.count { !$0.isAsExpected }
        Standard.output.write(
            "=== \(outcomes.count) calls, \(missed) not as expected\n"
                + CallSummary.latency("edge", outcomes.flatMap(\.report.edges)) + "\n"
                + CallSummary.latency("barge-in", outcomes.flatMap(\.report.bargeIns)) + "\n")
        if missed > 0 { throw ExitCode(1) }
        #else
        throw Refused("the embedded engines were left out of this build")
        #endif
    }

    #if LocalSpeech
    private func prepare() throws -> (FixtureReplay.Settings, EmbeddedEngines) {
        let configuration = try options.load()
        var settings = FixtureReplay.Settings(
            call: CallSettings(configuration, format: .telephone, phrases: try PhraseBook()),
            agent: try GatewayProcess.agent(flow ?? configuration[Keys.agentFlow]))
        settings.networkDelay = .milliseconds(networkDelay)
        settings.echo = try echo.map { try EchoPath(option: $0) }
        var latency = EngineLatency()
        latency.isMeasured = measured
        let engines = try EmbeddedEngines(
            directory: GatewayProcess.enginesDirectory(configuration), voice: configuration[Keys.voice],
            threads: configuration[Keys.speechThreads], hasSecondOpinion: configuration[Keys.secondOpinion] != "off",
            latency: latency)
        return (settings, engines)
    }

    /// Two lines a file: its path, the policy, and the ends.
    private func study(_ call: CallSettings, _ engines: EmbeddedEngines) throws {
        var fixed = call
        fixed.endpoint = .fixed(.milliseconds(500))
        for path in folders {
            for (name, settings) in [("fixed", fixed), ("policy", call)] {
                let ends = try EndpointStudy.ends(ofTurnsIn: path, call: settings, engines: engines)
                Standard.output.write(([path, name] + ends.map { "\($0.milliseconds)" }).joined(separator: " ") + "\n")
            }
        }
    }

    private func tell(_ outcome: FixtureReplay.Outcome, _ folder: String) throws {
        var text = outcome.shown.map { $0.description + "\n" }.joined()
        ParleyCall.show(outcome.report, outcome.findings, CallOptions(url: "")) { text += $0 + "\n" }
        guard keep else { return Standard.output.write(text) }
        let wav = WAV(sampleRate: 8_000, left: outcome.sent, right: outcome.heard)
        let run = CallOutcome.Run(report: outcome.report, findings: outcome.findings)
        for (name, bytes) in [
            ("call.txt", Array(text.utf8)), ("call.wav", wav.bytes()),
            ("report.json", ParleyCall.json(CallOutcome(runs: [run]))),
        ] {
            let path = folder + "/" + name
            do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
                throw Refused("\(path): cannot be written; may its folder be written to?")
            }
        }
    }
    #endif
}
