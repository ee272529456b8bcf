import Foundation
import NIOCore
import NIOPosix
import ParleyCore
import ParleyLedger
import ParleySpeech

#if LocalSpeech
import ParleySpeechLocal
#endif

/// What `parley doctor` finds: a line for each thing the gateway needs.
public enum Checkup {
    public struct Finding: Equatable, Sendable, CustomStringConvertible {
        public var isGood: Bool
        /// It works, and is probably not what was meant.
        public var isDoubtful = false
        /// What it is; where it is not good, with the mend.
        public var text: String

        /// A line for each of the text's, behind the verdict: a flow may have more than one thing wrong with it.
        public var description: String {
            let verdict = isDoubtful ? "warn" : isGood ? "ok  " : "BAD "
            return text.split(separator: "\n").map { "\(verdict) \($0)" }.joined(separator: "\n")
        }
    }

    /// Blocks on disk and sockets.
    ///
    /// - Parameter engines: that the engines file can name.
    public static func run(_ configuration: Configuration, engines: NetworkEngines = .builtIn) -> [Finding] {
        var findings = [Finding(isGood: true, text: "configuration: \(configuration.file ?? "embedded defaults")")]
        findings += Self.engines(configuration)
        findings += files(configuration, among: engines)
        findings += certificate(configuration)
        findings.append(ledger(configuration))
        findings += space(configuration)
        findings += capsules(configuration)
        findings.append(port(configuration))
        return findings
    }

    private static func engines(_ configuration: Configuration) -> [Finding] {
        #if LocalSpeech
        let wanted = [configuration[Keys.recognizer], configuration[Keys.voice]]
        let isSilent = LocalSpeech.Voice(rawValue: configuration[Keys.voice]) == nil
        let report = LocalSpeech.inspect(
            directory: GatewayProcess.enginesDirectory(configuration),
            voice: LocalSpeech.Voice(rawValue: configuration[Keys.voice]) ?? .slt)
        // The voice that is not configured may be absent.
        let opinion = configuration[Keys.secondOpinion]
        let findings = report.lines.filter { $0.isUsable || $0.engine != "joe" || wanted.contains("joe") }
            .filter { $0.engine != "silero" || opinion != "off" }
            // What a load test does without is not looked for.
            .filter { $0.engine != "moonshine" || wanted.contains("moonshine") }
            .filter { !isSilent || ($0.engine != "flite" && $0.engine != "joe") }
            .map {
                // Without it calls are taken all the same.
                let isSpare = $0.engine == "silero" && opinion == "auto" && !$0.isUsable
                return Finding(isGood: $0.isUsable || isSpare, isDoubtful: isSpare, text: "\($0)")
            }
        return findings + capacity(configuration, report)
        #else
        return [Finding(isGood: false, text: "engines: left out of this build; build with the trait LocalSpeech")]
        #endif
    }

    #if LocalSpeech
    /// How many callers the embedded engines serve at once on this machine, by what a sentence costs them.
    private static func capacity(_ configuration: Configuration, _ report: EngineReport) -> [Finding] {
        guard configuration[Keys.recognizer] == "moonshine", report.isUsable("moonshine"),
            let voice = LocalSpeech.Voice(rawValue: configuration[Keys.voice]),
            voice != .joe || report.isUsable("joe")
        else { return [] }
        do throws(EngineError) {
            let cost = try LocalSpeech.measure(
                directory: GatewayProcess.enginesDirectory(configuration), voice: voice)
            let threads = configuration[Keys.speechThreads]
            let count = cost.conversations(threads: threads, cores: Cores.usable)
            func milliseconds(_ share: Double) -> Int { Int((share * 1_000).rounded(.up)) }
            let text =
                "capacity: about \(count) conversations at once where no line is said twice, more with a flow's fixed lines (a second of speech takes \(milliseconds(cost.recognizing)) ms to "
                + "recognise and \(milliseconds(cost.speaking)) ms to speak; \(threads) threads, \(Cores.usable) cores)"
            return [Finding(isGood: true, text: text)]
        } catch {
            return [Finding(isGood: false, text: "\(error)")]
        }
    }
    #endif

    private static func certificate(_ configuration: Configuration) -> [Finding] {
        [Keys.certificate, Keys.certificateKey].compactMap { key in
            let path = configuration[key]
            guard !path.isEmpty else { return nil }
            let isReadable = FileManager.default.isReadableFile(atPath: path)
            return Finding(
                isGood: isReadable,
                text: isReadable ? "\(key.path): \(path)" : "\(key.path): \(path) cannot be read; give a PEM file")
        }
    }

    private static func ledger(_ configuration: Configuration) -> Finding {
        let path = configuration[Keys.ledgerPath]
        guard FileManager.default.fileExists(atPath: path) else {
            let folder = (path as NSString).deletingLastPathComponent
            let isWritable = FileManager.default.isWritableFile(atPath: folder.isEmpty ? "." : folder)
            return Finding(
                isGood: isWritable,
                text: isWritable
                    ? "ledger: \(path) will be made" : "ledger.path: \(folder) cannot be written; choose another")
        }
        do {
            let count = try LedgerReader(path: path).calls(limit: 1_000).count
            return Finding(isGood: true, text: "ledger: \(path), \(count) calls")
        } catch {
            return Finding(isGood: false, text: "ledger.path: \(error)")
        }
    }

    private static func space(_ configuration: Configuration) -> [Finding] {
        let wanted = Ledger.Limits().minFreeBytes
        guard let free = Ledger.freeBytes(besides: configuration[Keys.ledgerPath]), free < wanted else { return [] }
        return [
            Finding(
                isGood: false,
                text: "ledger.path: \(free >> 20) MiB are free on its disk; below \(wanted >> 20) MiB no call is taken")
        ]
    }

    /// Where calls are recorded, if they are.
    private static func capsules(_ configuration: Configuration) -> [Finding] {
        guard configuration[Keys.capsules] != "off" else { return [] }
        let path = configuration[Keys.capsuleDirectory]
        let files = FileManager.default
        var isFolder: ObjCBool = false
        let isThere = files.fileExists(atPath: path, isDirectory: &isFolder)
        let parent = (path as NSString).deletingLastPathComponent
        let canWrite = files.isWritableFile(atPath: isThere ? path : parent.isEmpty ? "." : parent)
        guard canWrite, !isThere || isFolder.boolValue else {
            let mend = "name another, or set `capsules: off`"
            return [Finding(isGood: false, text: "capsule.directory: \(path) cannot be written as a folder; \(mend)")]
        }
        let mode = (try? files.attributesOfItem(atPath: path))?[.posixPermissions] as? Int ?? 0
        guard mode & 0o002 == 0 else {
            return [
                Finding(
                    isGood: false,
                    text: "capsule.directory: everybody may write into \(path), where voices are kept; `chmod o-w` it")
            ]
        }
        let what = configuration[Keys.capsuleRedact] ? "without voices and words" : "voices and words"
        return [Finding(isGood: true, text: "capsules: \(configuration[Keys.capsules]), \(what), in \(path)")]
    }

    private static func port(_ configuration: Configuration) -> Finding {
        let place = "\(configuration[Keys.host]):\(configuration.port)"
        let isFree = configuration.port == 0 || canListen(configuration[Keys.host], configuration.port)
        return Finding(
            isGood: isFree,
            text: isFree ? "port: \(place) is free" : "server.port: \(place) is in use; a gateway may be running")
    }

    /// Whether something could listen there now.
    private static func canListen(_ host: String, _ port: Int) -> Bool {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        guard let channel = try? bootstrap.bind(host: host, port: port).wait() else { return false }
        try? channel.close().wait()
        return true
    }

    /// Judges a recording's frames (160 samples at 8 kHz, in order): the frame that an opinion is of, and its log-odds.
    public typealias Opinion = (_ frame: Span<Int16>, _ isWanted: Bool) -> [(frame: Int, odds: Float)]

    /// A second opinion on recordings: each call of what this returns begins one.
    public static func opinions(_ configuration: Configuration) throws(StartError) -> () throws -> Opinion {
        #if LocalSpeech
        let (library, line) = LocalSpeech.openSilero(directory: GatewayProcess.enginesDirectory(configuration))
        guard let library else { throw StartError("--second-opinion on: \(line)") }
        return {
            var opinion = try OfflineOpinion(library: library)
            return { frame, isWanted in
                var answers: [(frame: Int, odds: Float)] = []
                opinion.feed(frame, isWanted: isWanted) { answers.append(($0, $1)) }
                return answers
            }
        }
        #else
        throw StartError("--second-opinion on: it was left out of this build")
        #endif
    }

    /// A sentence in an embedded voice.
    public static func say(
        _ text: String, voice: String, sampleRate: Int, configuration: Configuration
    ) throws(StartError) -> WAV {
        #if LocalSpeech
        guard let voice = LocalSpeech.Voice(rawValue: voice) else {
            let names = LocalSpeech.Voice.allCases.map(\.rawValue).joined(separator: ", ")
            throw StartError("--voice \(voice): there are \(names)")
        }
        let speech: (samples: [Int16], sampleRate: Int)
        do throws(EngineError) {
            speech = try LocalSpeech.say(
                text: text, voice: voice, directory: GatewayProcess.enginesDirectory(configuration))
        } catch {
            throw StartError("\(error)")
        }
        guard Resampler.supports(from: speech.sampleRate, to: sampleRate) else {
            throw StartError("--rate \(sampleRate): there are 8000, 16000, 22050, 24000 and 48000")
        }
        return WAV(
            sampleRate: sampleRate,
            samples: Resampler.resample(speech.samples, from: speech.sampleRate, to: sampleRate))
        #else
        throw StartError("the embedded voices were left out of this build")
        #endif
    }
}
