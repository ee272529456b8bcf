import ArgumentParser
import Foundation
import ParleyAgents
import ParleyCaller
import ParleyCore
import ParleyGateway
import ParleyLedger
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

            Exit 0: all the same; 1: a difference, the first one of each is shown; 2: something is no capsule or fixture (the \
            others are replayed all the same).
            """)

    @Argument(help: ArgumentHelp("Capsules, fixtures, or folders of them.", valueName: "path"))
    var paths: [String] = []
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
    @Option(
        help: ArgumentHelp(
            "Decide the actions of these calls again, on what they were decided on; `all`: of every call. No PATH then.",
            valueName: "call"))
    var audit: [String] = []
    @Option(help: "For --audit: the ledger's file, in place of ledger.path.")
    var ledger: String?
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "For fixtures: the flow file, in place of agent.flow.")
    var flow: String?

    func validate() throws {
        if !audit.isEmpty {
            guard paths.isEmpty else { throw ValidationError("--audit goes without a PATH") }
            return
        }
        if paths.isEmpty { throw ValidationError("name a capsule, a fixture, or a folder of them") }
        if redacted != nil || wire != nil, paths.count != 1 {
            throw ValidationError("--redacted and --wire go with one capsule")
        }
        if isWhatIf, wire != nil {
            throw ValidationError("--wire compares what was sent; --set and --live-engines change it")
        }
    }

    private var isWhatIf: Bool { !settings.isEmpty || usesLiveEngines }

    func run() throws {
        if !audit.isEmpty { return try decideAgain() }
        var results: [ReplayResult] = []
        var found: [ReplayPaths] = []
        for path in paths {
            do { found += try ReplayPaths.find(path) } catch let error as Refused {
                // The others are replayed all the same.
                results.append(ReplayResult(path: path, kind: .capsule, unplayable: error.line))
            }
        }
        try Refused.outputs(
            [("--redacted", redacted), ("--report", report), ("--junit", junit)],
            keeping: found.map(\.name) + [wire].compactMap { $0 })
        if !json { results.forEach(show) }
        for (option, isGiven) in [("--redacted", redacted != nil), ("--wire", wire != nil)] where isGiven {
            guard found.count == 1, case .capsule = found[0] else {
                throw Refused("\(option) goes with one capsule; \(paths[0]) is none")
            }
        }
        var fixtures: FixtureRunner?
        var page = TimelinePage()
        for path in found {
            let result: ReplayResult
            var capsule: [UInt8]?
            do { (result, capsule) = try play(path, &fixtures) } catch let error as Unplayable {
                // The others are replayed all the same.
                result = ReplayResult(path: path.name, kind: path.kind, unplayable: error.reason)
            }
            results.append(result)
            if report != nil { try page.add(result, capsule: capsule) }
            if !json { show(result) }
        }
        let summary = ReplayReport(results)
        Standard.output.write(json ? try summary.json() : summary.summary + "\n")
        if let junit { try Refused.writing(summary.junit(), to: junit, for: "--junit") }
        if let report { try Refused.writing(page.html(), to: report, for: "--report") }
        if summary.unplayable > 0 { throw ExitCode(2) }
        if !summary.isAsExpected { throw ExitCode(1) }
    }

    /// - Returns: what came of it, and the capsule that tells of it.
    /// - Throws: `Unplayable` where this one cannot be replayed, `Refused` where nothing can be.
    private func play(_ path: ReplayPaths, _ fixtures: inout FixtureRunner?) throws -> (ReplayResult, [UInt8]?) {
        switch path {
        case .capsule(let file):
            guard let octets = FileManager.default.contents(atPath: file).map(Array.init) else {
                throw Unplayable("cannot be read")
            }
            do {
                let result = try isWhatIf ? rehearse(octets, path: file, &fixtures) : replay(octets, path: file)
                guard let redacted else { return (result, octets) }
                let left = try CapsuleRedaction.redact(octets)
                try Refused.writing(left, to: redacted, for: "--redacted")
                if !json { Standard.output.write("written to \(redacted): \(left.count) octets\n") }
                return (result, left)
            } catch let error as CapsuleError {
                throw Unplayable("\(error)")
            }
        case .fixture(let folder):
            let (result, octets) = try runner(&fixtures).run(folder, live: usesLiveEngines)
            if decisions { showDecisions(try CapsuleReplay.run(octets)) }
            return (result, octets)
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
        let call = try RecordedCall(octets)
        var changed = call.settings
        try changed.set(settings)
        do {
            let rehearsal = try Rehearsal(call)
            let changes =
                usesLiveEngines
                ? try runner(&fixtures).changes(of: rehearsal, call, changed)
                : try rehearsal.changes(setting: changed)
            return ReplayResult(path: path, call, changes: changes, took: began.duration(to: .now))
        } catch let error as CallError {
            throw Unplayable("\(error)")
        }
    }

    private func replay(_ octets: [UInt8], path: String) throws -> ReplayResult {
        let received = try wire.map { try Self.received($0) }
        let began = ContinuousClock.now
        var problems: [String] = []
        let report: CapsuleReplay.Report
        if let received {
            let reader = try CapsuleReader(octets)
            if reader.header.isRedacted { throw Unplayable("is redacted: its audio is not what was sent") }
            let watch = WireWatch(try ReplayedWire(header: reader.header, format: reader.settings.format))
            report = try CapsuleReplay.run(octets) { output, _ in watch.wire.take(output) }
            if let difference = watch.wire.difference(from: received) { problems.append("--wire: \(difference)") }
        } else {
            report = try CapsuleReplay.run(octets)
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
        if result.isUnplayable == true {
            let (path, reason) = (result.path, result.problems[0])
            return Standard.error.write("parley: \(reason.hasPrefix(path) ? reason : "\(path): \(reason)")\n")
        }
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
}

/// One of several things to replay cannot be: its path and what is wrong are told, and the rest goes on.
private struct Unplayable: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
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

    var name: String {
        switch self {
        case .capsule(let path), .fixture(let path): path
        }
    }

    var kind: ReplayResult.Kind {
        if case .capsule = self { .capsule } else { .fixture }
    }

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
            throw Unplayable(error.description)
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
            // `1.5s`, as the configuration writes it, too.
            let time = Quantity.duration(parts[1]).map { "\(CallTime($0).nanoseconds)ns" }
            if let time, set(parts[0], to: time) == nil { continue }
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

    /// Files hold what was said in calls: nobody else may read them, and one that is there is replaced when the new one is whole. What
    /// is no file, a pipe or a device, is written to.
    static func writing(_ octets: [UInt8], to path: String, for option: String) throws {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        var status = stat()
        let isFile = stat(target, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        do {
            guard isFile else {
                return try FileHandle(forWritingTo: URL(fileURLWithPath: target)).write(contentsOf: octets)
            }
            let isWritten = FileManager.default.createFile(
                atPath: target, contents: Data(octets), attributes: [.posixPermissions: 0o600])
            guard isWritten else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw Refused("\(option) \(path): cannot be written; is its folder there, and may you write into it?")
        }
    }

    /// No output may be an input, or another output: links included.
    static func outputs(_ named: [(option: String, path: String?)], keeping inputs: [String]) throws {
        var taken = inputs
        for (option, path) in named {
            guard let path else { continue }
            if let other = taken.first(where: { $0 == path || isSame($0, path) }) {
                let what = inputs.contains(other) ? "is read" : "is written already"
                throw Refused("\(option) \(path): \(what) by this command (\(other)); name another file")
            }
            taken.append(path)
        }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        var (one, other) = (stat(), stat())
        guard stat(left, &one) == 0, stat(right, &other) == 0 else { return false }
        // A device may be written to twice.
        return one.st_mode & S_IFMT == S_IFREG && one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }
}

extension Replay {
    /// `--audit`: exit 1 where a rule is another one now.
    private func decideAgain() throws {
        let configuration = try options.load()
        let audits: [ActionAudit]
        do {
            let agent = try GatewayProcess.agent(flow ?? configuration[Keys.agentFlow])
            let messaging = try GatewayProcess.messaging(configuration, agent)
            let reader = try LedgerReader(path: ledger ?? configuration[Keys.ledgerPath])
            let calls = try reader.calls(limit: .max).map(\.id)
            if let stranger = audit.first(where: { $0 != "all" && !calls.contains($0) }) {
                throw Refused("replay --audit \(stranger): there is no such call; `parley ledger calls` lists them")
            }
            audits = try reader.audit(calls: audit.contains("all") ? calls : audit, messaging: messaging)
        } catch let error as StartError {
            throw Refused(error.description)
        } catch let fault as LedgerFault {
            throw Refused("\(fault)")
        }
        for audit in audits where !audit.isSame && !audit.isErased {
            Standard.output.write(
                "DIFF \(audit.call) turn \(audit.turn) \(audit.name): was \(audit.recorded), is \(audit.again)\n")
        }
        let different = audits.count { !$0.isSame && !$0.isErased }
        let erased = audits.count { $0.isErased && !$0.isSame }
        Standard.output.write("\(audits.count - erased) actions decided again, \(different) different\n")
        if erased > 0 { Standard.output.write("\(erased) can no longer be: what they were decided on is erased\n") }
        if different > 0 { throw ExitCode(1) }
    }
}
