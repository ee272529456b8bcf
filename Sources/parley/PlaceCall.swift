import ArgumentParser
import Foundation
import ParleyCaller
import ParleyCore

struct PlaceCall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Play a caller against any media-stream server, and see how it answers.",
        discussion: """
            Plays one WAV or call fixtures over a WebSocket as the provider would, prints the conversation as it goes, and \
            at the end the waterfall and the latencies. Exit 0: as expected; 1: an expectation failed, or the server refused \
            the call; 2: no call was made.
            """)

    @Argument(help: "Where the server listens, as ws://HOST:PORT/PATH or wss://...")
    var url: String
    @Option(help: "A WAV of any rate, said after the greeting.")
    var audio: String?
    @Option(help: "A folder with a call.yaml; may be repeated.")
    var fixture: [String] = []
    @Option(help: "When --audio is said: after_quiet=600ms, at=3s or into_agent=800ms.")
    var say: String?
    // Numbers are taken with their sign, so that a negative one is told what it must be.
    @Option(name: .customLong("repeat"), parsing: .unconditional, help: "How often everything is played, 1 to 10000.")
    var repeats = 1
    @Option(help: "twilio or native.")
    var provider = "twilio"
    @Option(help: "native: linear16 or opus. twilio: mulaw.")
    var codec: String?
    @Option(parsing: .unconditional, help: "native: samples a second, 8000 or 16000.")
    var rate = 16_000
    @Option(help: ArgumentHelp("A header of the opening request; may be repeated.", valueName: "K: V"))
    var header: [String] = []
    @Option(help: ArgumentHelp("A custom parameter of the start message; may be repeated.", valueName: "k=v"))
    var param: [String] = []
    @Option(help: ArgumentHelp("twilio: the call's id, in place of one made up for each call.", valueName: "sid"))
    var callSid: String?
    @Option(help: "The caller's number, in place of the fixture's.")
    var from: String?
    @Option(parsing: .unconditional, help: "native: per cent of the caller's packets that are lost, 0 to 100.")
    var drop = 0.0
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What the caller hears comes back on the line, this much weaker and later: -20:120.", valueName: "dB[:ms]"))
    var echo: String?
    @Option(help: "A YAML file of what the carrier does wrong: loss, stalls, lying marks; see docs/parley-call.md.")
    var faults: String?
    @Option(
        parsing: .unconditional,
        help: "What is lost and what goes wrong follow from this number, 0 or more; else from the faults' own, or 1.")
    var seed: UInt64?
    @Option(help: "A stereo WAV of the call: caller left, agent as heard right.")
    var record: String?
    @Option(help: "Everything the server sent, byte for byte; the format is in docs/parley-call.md.")
    var recordWire: String?
    @Option(help: "The report, as JSON.")
    var json: String?
    @Option(help: "wss: certificates (PEM) to trust in place of the system's.")
    var ca: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Exit 1 when the median edge latency of all calls is above this.", valueName: "ms"))
    var edgeP50: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Exit 1 when the 95th percentile of the edge latency is above this.", valueName: "ms"))
    var edgeP95: Double?
    @Flag(help: "Only the verdict on each call, and the latencies at the end: no conversation, no waterfalls.")
    var quiet = false
    @Flag(inversion: .prefixedNo, help: "Ask a Parley gateway on this machine for notes of the call.")
    var notes = true

    func run() async throws {
        let outcome: CallOutcome
        do throws(CallError) {
            outcome = try await ParleyCall.run(try options()) { Standard.output.write($0 + "\n") }
        } catch {
            throw Refused(error.description)
        }
        if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
    }

    private func options() throws(CallError) -> CallOptions {
        var options = CallOptions(url: url)
        options.fixtures = fixture
        options.audio = audio
        if let say { options.say = try CallScript.Cue(option: say) }
        options.repeats = repeats
        guard let provider = CallOptions.Provider(rawValue: provider) else {
            throw .usage("--provider \(provider): there are twilio and native")
        }
        options.provider = provider
        let codecName = codec ?? (provider == .twilio ? "mulaw" : "linear16")
        guard let codec = LegFormat.Codec(rawValue: codecName) else {
            throw .usage("--codec \(codecName): there are mulaw, linear16 and opus")
        }
        options.codec = codec
        options.sampleRate = rate
        for text in header {
            guard let pair = pair(text, at: ":") else { throw .usage("--header '\(text)': write 'Name: value'") }
            options.headers.append((pair.0, pair.1))
        }
        for text in param {
            guard let pair = pair(text, at: "=") else { throw .usage("--param '\(text)': write name=value") }
            options.parameters[pair.0] = pair.1
        }
        options.callSID = callSid
        options.from = from
        options.wantsNotes = notes
        options.dropPercent = drop
        if let echo { options.echo = try EchoPath(option: echo) }
        do throws(CallScriptError) {
            if let faults { options.faults = try FaultFile.load(faults) }
        } catch {
            throw .script(error)
        }
        options.seed = seed
        options.record = record
        options.recordWire = recordWire
        options.json = json
        options.ca = ca
        options.edgeP50 = edgeP50
        options.edgeP95 = edgeP95
        options.isQuiet = quiet
        return options
    }

    private func pair(_ text: String, at separator: Character) -> (String, String)? {
        guard let at = text.firstIndex(of: separator), at > text.startIndex else { return nil }
        let value = text[text.index(after: at)...].trimmingCharacters(in: .whitespaces)
        return (String(text[..<at]), value)
    }
}

struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge", abstract: "Judge calls that were played before by the expectations of a fixture.",
        discussion: "Exit 0: as expected; 1: not; 2: report or fixture cannot be read.", shouldDisplay: false)

    @Argument(help: "What `parley call --json` wrote.")
    var report: String
    @Option(help: "A folder with a call.yaml.")
    var fixture: String

    func run() throws {
        do throws(CallError) {
            let outcome = try ParleyCall.judge(saved: report, by: fixture) { Standard.output.write($0 + "\n") }
            if outcome.exitCode == 0 { return }
        } catch {
            throw Refused(error.description)
        }
        throw ExitCode(1)
    }
}

struct ConformanceClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance-client", abstract: "Run every case of a WebSocket fuzzing server.",
        shouldDisplay: false)

    @Argument(help: "The fuzzing server, as ws://127.0.0.1:PORT")
    var url: String

    func run() async throws {
        do throws(CallError) {
            let cases = try await ConformanceClient.run(url: url)
            Standard.output.write("\(cases) cases run\n")
        } catch {
            throw Refused(error.description)
        }
    }
}

extension CallScript.Cue {
    /// `after_quiet=600ms`, `at=3s`, `into_agent=800ms`.
    fileprivate init(option text: String) throws(CallError) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let time = Self.time(parts[1]) else {
            throw .usage("--say \(text): write after_quiet=600ms, at=3s or into_agent=800ms; 0 to 600 s")
        }
        switch parts[0] {
        case "after_quiet": self = .afterQuiet(time)
        case "at": self = .at(time)
        case "into_agent": self = .intoAgent(time)
        default: throw .usage("--say \(parts[0]): there are after_quiet, at and into_agent")
        }
    }

    private static func time(_ text: String) -> CallTime? {
        let (number, scale): (Substring, Double) =
            text.hasSuffix("ms") ? (text.dropLast(2), 0.001) : (text.dropLast(text.hasSuffix("s") ? 1 : 0), 1)
        guard let value = Double(number), (0...600).contains(value * scale) else { return nil }
        return .seconds(value * scale)
    }
}
