import ArgumentParser
import Foundation
import ParleyAgents
import ParleyCaller
import ParleyCore
import ParleyGateway
import ParleyReplay
import ParleySpeech
import ParleyWire

struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give recorded calls and fixtures to the call again, in virtual time, and compare what it does.",
        discussion: """
            A PATH is a capsule (what `capsules: all` records of each call), a fixture (a folder with call.yaml), or a \
            folder with either in it. A capsule has to be answered just as when it was recorded; a fixture as it expects, \
            understood and spoken as its engines.yaml says, or by the embedded engines.

            With --set or --live-engines a capsule is not compared with its recording: its caller is played once to the \
            call as it was and once as it would be, and the exit code is 0 whatever changes.

            Exit 0: all the same; 1: a difference, the first one of each is shown; 2: something is no capsule or fixture.
            """)

    @Argument(help: ArgumentHelp("Capsules, fixtures, or folders of them.", valueName: "path"))
    var paths: [String]
    @Flag(help: "JSON instead of text.")
    var json = false
    @Option(help: ArgumentHelp("Write JUnit XML, for CI.", valueName: "file"))
    var junit: String?
    @Option(help: ArgumentHelp("Write one HTML page with a timeline of each call there.", valueName: "file"))
    var report: String?
    @Option(help: ArgumentHelp("Write the one capsule there without its voices and words.", valueName: "file"))
    var redacted: String?
    @Option(
        help: ArgumentHelp(
            "Compare what a capsule's call sends with what `parley call --record-wire` received.", valueName: "file"))
    var wire: String?
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Play each capsule's caller to a call with another setting, and show which decisions change: turn.hangover=350ms.",
            valueName: "key=value"))
    var settings: [String] = []
    @Flag(
        name: .customLong("live-engines"),
        help: "Give the audio to today's engines, and the flow as recorded, and show which decisions change.")
    var usesLiveEngines = false
    @Flag(help: "Show what each capsule's call did, with its times.")
    var decisions = false
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "For fixtures: the flow file, in place of agent.flow.")
    var flow: String?

    func validate() throws {
        if paths.isEmpty { throw ValidationError("name a capsule, a fixture, or a folder of them") }
        if redacted != nil || wire != nil, paths.count != 1 {
            throw ValidationError("--redacted and --wire go with one capsule")
        }
    }

    private var isWhatIf: Bool { !settings.isEmpty || usesLiveEngines }

    func run() throws {
        let found = try paths.flatMap { try ReplayPaths.find($0) }
        for (option, isGiven) in [("--redacted", redacted != nil), ("--wire", wire != nil)] where isGiven {
            guard found.count == 1, case .capsule = found[0] else {
                throw Refused("\(option) goes with one capsule; \(paths[0]) is none")
            }
        }
        var fixtures: FixtureRunner?
        var results: [ReplayResult] = []
        var page = TimelinePage()
        for path in found {
            let result: ReplayResult
            var capsule: [UInt8]?
            switch path {
            case .capsule(let file):
                let octets = try Refused.reading(file)
                result = try isWhatIf ? rehearse(octets, path: file, &fixtures) : replay(octets, path: file)
                capsule = octets
                if let redacted { capsule = try redact(octets, path: file, to: redacted) }
            case .fixture(let folder):
                let (outcome, octets) = try runner(&fixtures).run(folder, live: usesLiveEngines)
                (result, capsule) = (outcome, octets)
                if decisions { showDecisions(try CapsuleReplay.run(octets)) }
            }
            results.append(result)
            if report != nil {
                do { try page.add(result, capsule: capsule) } catch { throw Refused("\(result.path): \(error)") }
            }
            if !json { show(result) }
        }
        let summary = ReplayReport(results)
        if json { Standard.output.write(try summary.json()) } else { summarise(results) }
        if let junit { try Refused.writing(summary.junit(), to: junit, for: "--junit") }
        if let report { try Refused.writing(page.html(), to: report, for: "--report") }
        if !summary.isAsExpected { throw ExitCode(1) }
    }

    private func redact(_ octets: [UInt8], path: String, to file: String) throws -> [UInt8] {
        do {
            let left = try CapsuleRedaction.redact(octets)
            try Refused.writing(left, to: file, for: "--redacted")
            return left
        } catch let error as CapsuleError {
            throw Refused("\(path): \(error)")
        }
    }

    private func runner(_ made: inout FixtureRunner?) throws -> FixtureRunner {
        if let made { return made }
        let runner = try FixtureRunner(options: options, flow: flow, settings: settings)
        made = runner
        return runner
    }

    /// What would have been otherwise.
    private func rehearse(
        _ octets: [UInt8], path: String, _ fixtures: inout FixtureRunner?
    ) throws -> ReplayResult {
        let began = ContinuousClock.now
        do {
            let call = try RecordedCall(octets)
            var changed = call.settings
            try changed.set(settings)
            let rehearsal = try Rehearsal(call)
            let changes =
                usesLiveEngines
                ? try runner(&fixtures).changes(of: rehearsal, call, changed)
                : try rehearsal.changes(setting: changed)
            return ReplayResult(path: path, call, changes: changes, took: began.duration(to: .now))
        } catch let error as CapsuleError {
            throw Refused("\(path): \(error)")
        } catch let error as CallError {
            throw Refused("\(path): \(error)")
        }
    }

    private func replay(_ octets: [UInt8], path: String) throws -> ReplayResult {
        let received = try wire.map { try Self.received($0) }
        let began = ContinuousClock.now
        var problems: [String] = []
        let report: CapsuleReplay.Report
        do {
            if let received {
                let reader = try CapsuleReader(octets)
                if reader.header.isRedacted { throw Refused("\(path): is redacted: its audio is not what was sent") }
                let watch = WireWatch(try ReplayedWire(header: reader.header, format: reader.settings.format))
                report = try CapsuleReplay.run(octets) { output, _ in watch.wire.take(output) }
                if let difference = watch.wire.difference(from: received) { problems.append("--wire: \(difference)") }
            } else {
                report = try CapsuleReplay.run(octets)
            }
        } catch let error as CapsuleError {
            throw Refused("\(path): \(error)")
        }
        if let damage = report.damage { problems.append("damaged \(damage)") }
        showDecisions(report)
        return ReplayResult(path: path, capsule: report, problems: problems, took: began.duration(to: .now))
    }

    private func showDecisions(_ report: CapsuleReplay.Report) {
        guard decisions, !json else { return }
        for decision in report.decisions {
            Standard.output.write("  \(decision.at.milliseconds) ms  \(decision.line)\n")
        }
    }

    private static func received(_ path: String) throws -> WireRecording {
        let octets = try Refused.reading(path)
        do throws(WireRecordingError) { return try WireRecording(octets) } catch {
            throw Refused("--wire \(path): \(error)")
        }
    }

    private func show(_ result: ReplayResult) {
        Standard.output.write(result.line + "\n")
        for problem in result.problems {
            Standard.output.write(problem.split(separator: "\n").map { "     \($0)\n" }.joined())
        }
        let changes = result.changes ?? []
        let firstGuess = changes.firstIndex { $0.kind != .moved }.map { $0 + 1 }
        for (index, change) in changes.enumerated() {
            if index == firstGuess {
                Standard.output.write("     what follows is a guess: the recorded answers are those of another call\n")
            }
            Standard.output.write("     \(change.line)\n")
        }
    }

    private func summarise(_ results: [ReplayResult]) {
        let different = results.count { !$0.isAsExpected }
        Standard.output.write("\(results.count) replayed, \(different) different\n")
    }
}

/// Holds what a replay sends, for a closure to add to.
private final class WireWatch {
    var wire: ReplayedWire
    init(_ wire: ReplayedWire) { self.wire = wire }
}

/// Something that can be replayed.
enum ReplayPaths: Equatable {
    case capsule(String)
    case fixture(String)

    /// What a path of the command line stands for; a folder, for all there is in it, in the order of their names.
    static func find(_ path: String) throws -> [ReplayPaths] {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Refused("\(path): there is no such file or folder")
        }
        guard isFolder.boolValue else { return [.capsule(path)] }
        if files.fileExists(atPath: path + "/call.yaml") { return [.fixture(path)] }
        var found: [ReplayPaths] = []
        for name in try names(in: path) {
            let inner = path + "/" + name
            var isFolder: ObjCBool = false
            guard files.fileExists(atPath: inner, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue, files.fileExists(atPath: inner + "/call.yaml") {
                found.append(.fixture(inner))
            } else if name.hasSuffix(".capsule") {
                found.append(.capsule(inner))
            }
        }
        if found.isEmpty {
            throw Refused(
                "\(path): holds no capsule and no fixture (a folder with call.yaml); name one, or a folder of them")
        }
        return found
    }

    private static func names(in path: String) throws -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
            throw Refused("\(path): cannot be read")
        }
    }
}

/// Plays fixtures in virtual time, by the configuration; engines are loaded once, for all of them.
private final class FixtureRunner {
    #if LocalSpeech
    private let settings: FixtureReplay.Settings
    private let configuration: Configuration
    /// Loaded for the first fixture that has no engines of its own.
    private var loaded: EmbeddedEngines?
    #endif

    init(options: ConfigurationOptions, flow: String?, settings changed: [String]) throws {
        #if LocalSpeech
        let configuration = try options.load()
        do {
            var settings = FixtureReplay.Settings(
                call: CallSettings(configuration, format: .telephone, phrases: try PhraseBook()),
                agent: try GatewayProcess.agent(flow ?? configuration[Keys.agentFlow]))
            try settings.call.set(changed)
            self.settings = settings
            self.configuration = configuration
        } catch let error as Refused {
            throw error
        } catch {
            throw Refused("\(error)")
        }
        #else
        throw Refused("fixtures need the embedded engines, which were left out of this build")
        #endif
    }

    /// - Parameter live: whatever engines the fixture has of its own.
    /// - Returns: what came of it, and its call's capsule.
    func run(_ folder: String, live: Bool) throws -> (ReplayResult, [UInt8]) {
        #if LocalSpeech
        let began = ContinuousClock.now
        do {
            let outcome =
                if !live, let scripted = try FixtureEngines.load(folder: folder) {
                    try FixtureReplay.run(folder: folder, settings: settings, scripted: scripted)
                } else {
                    try FixtureReplay.run(folder: folder, settings: settings, engines: try engines())
                }
            return (
                ReplayResult(path: folder, fixture: outcome, took: began.duration(to: .now)), outcome.capsule
            )
        } catch let error as CallError {
            throw Refused(error.description)
        }
        #else
        preconditionFailure("not made without engines")
        #endif
    }

    #if LocalSpeech
    private func engines() throws -> EmbeddedEngines {
        if let loaded { return loaded }
        do throws(EngineError) {
            let engines = try EmbeddedEngines(
                directory: GatewayProcess.enginesDirectory(configuration), voice: configuration[Keys.voice],
                threads: configuration[Keys.speechThreads],
                hasSecondOpinion: configuration[Keys.secondOpinion] != "off")
            loaded = engines
            return engines
        } catch {
            throw Refused("\(error)")
        }
    }
    #endif

    /// Today's engines, and the flow as it was recorded.
    func changes(of rehearsal: Rehearsal, _ call: RecordedCall, _ changed: CallSettings) throws -> [Rehearsal.Change] {
        #if LocalSpeech
        var agent: (any Agent)?
        if let text = call.header["flow"] {
            do throws(FlowErrors) {
                agent = FlowAgent(try FlowLoader.load(text: text, file: "the capsule's flow"))
            } catch {
                throw Refused(error.description)
            }
        }
        return try rehearsal.changes(setting: changed, engines: try engines(), agent: agent)
        #else
        preconditionFailure("not made without engines")
        #endif
    }
}

extension CallSettings {
    /// - Throws: `Refused`, for what is no `KEY=VALUE` of a setting.
    fileprivate mutating func set(_ changes: [String]) throws(Refused) {
        for change in changes {
            let parts = change.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Refused("--set \(change): write KEY=VALUE, as turn.hangover=350ms") }
            if let problem = set(parts[0], to: parts[1]) { throw Refused("--set \(change): \(problem)") }
        }
    }
}

extension Refused {
    /// A whole file; the largest that is sensible is an hour's capsule.
    static func reading(_ path: String) throws(Refused) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Refused("\(path): cannot be read")
        }
        return Array(data)
    }

    static func writing(_ text: String, to path: String, for option: String) throws {
        try writing(Array(text.utf8), to: path, for: option)
    }

    /// Files hold what was said in calls: nobody else may read them.
    static func writing(_ octets: [UInt8], to path: String, for option: String) throws {
        let isWritten = FileManager.default.createFile(
            atPath: path, contents: Data(octets), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw Refused("\(option) \(path): cannot be written; is its folder there?") }
    }
}
