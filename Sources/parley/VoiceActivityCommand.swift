import ArgumentParser
import Foundation
import ParleyCore
import ParleyGateway
import ParleyReplay

struct VoiceActivityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vad",
        abstract: "Hear recordings as a call would: where does the detector say that somebody speaks?",
        discussion: """
            Each FILE is the caller's side; NAME.agent.wav beside NAME.wav is what the agent played meanwhile, from the same
            moment on. Prints where speech was found, or with --csv writes a row for each 20 ms frame: `time,score,speech`, \
            the time being that at which the decision is there.

            A FILE may be a capsule: the detector alone then hears what the call heard, and what was played, and it is told \
            whether the call, its second opinions included, made the same of every frame; exit 1 where it did not.
            """)

    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case speech, bargein
    }

    enum Switch: String, ExpressibleByArgument, CaseIterable {
        case off, on
    }

    @Argument(help: "WAV files: 8 kHz, or any rate that is brought there; or capsules.")
    var files: [String]
    @Option(help: "Write NAME.csv for each NAME.wav into this folder.")
    var csv: String?
    @Option(help: "speech: the fast decision. bargein: the confirmed one, which takes the floor from the agent.")
    var mode = Mode.speech
    @Flag(name: .customLong("no-reference"), help: "Do not look at NAME.agent.wav.")
    var ignoresReference = false
    @Option(
        name: .customLong("second-opinion"),
        help: "on: fused with the second opinion, as calls with `vad.second_opinion`.")
    var secondOpinion = Switch.off
    @OptionGroup var options: ConfigurationOptions
    @Option(
        help: ArgumentHelp("Write the model's inputs, 64 float32 a frame, for scripts/vad/fit.sh.", visibility: .hidden)
    )
    var features: String?

    func validate() throws {
        let names = files.map { Self.name(of: $0) }
        if csv != nil || features != nil, let twice = Dictionary(grouping: names) { $0 }.first(where: { $1.count > 1 })
        {
            throw ValidationError("two files are called \(twice.key): their CSVs would be one file")
        }
    }

    func run() async throws {
        for folder in [csv, features].compactMap({ $0 }) { try Self.makeFolder(folder) }
        let makeOpinion = secondOpinion == .on ? try opinions() : nil
        var cost = FrameCost()
        var isDifferent = false
        for (index, path) in files.enumerated() {
            let name = Self.name(of: path)
            if csv != nil && isatty(2) == 1 {
                Standard.error.write("\r\(index + 1) of \(files.count): \(name)\u{1B}[K")
            }
            let run = path.hasSuffix(".capsule") ? try hear(capsule: path) : try hear(path, makeOpinion)
            isDifferent = isDifferent || run.difference != nil
            if let damage = run.damage {
                isDifferent = true
                Standard.error.write("parley: \(path): damaged \(damage)\n")
            }
            cost.add(run.microseconds)
            if let csv { try Self.write(Self.table(run.activity, mode), to: "\(csv)/\(name).csv") }
            if let features { try Self.write(run.features, to: "\(features)/\(name).f32") }
            if csv == nil && features == nil { tell(name, run) }
        }
        if csv != nil && isatty(2) == 1 { Standard.error.write("\r\u{1B}[K") }
        if !cost.isEmpty { Standard.error.write(cost.line + "\n") }
        if isDifferent { throw ExitCode(1) }
    }

    // MARK: One file

    private struct Run {
        var activity: [VoiceActivity] = []
        var microseconds: [Double] = []
        var features: [UInt8] = []
        var echo: (delay: Int, gain: Float)?
        var isCapsule = false
        var damage: String?
        /// Of a capsule: the first frame that the call heard otherwise.
        var difference: Int?
    }

    private func hear(_ path: String, _ makeOpinion: (() throws -> Checkup.Opinion)?) throws -> Run {
        let caller = try Self.read(path)
        let beside = (path as NSString).deletingPathExtension + ".agent.wav"
        let hasReference = !ignoresReference && FileManager.default.fileExists(atPath: beside)
        let played = hasReference ? try Self.read(beside).map { MuLaw.encode($0) } : []
        var detector = VoiceActivityDetector()
        let opinion = try makeOpinion?()
        detector.hasSecondOpinion = opinion != nil
        var run = Run()
        let clock = ContinuousClock()
        for start in stride(from: 0, to: caller.count - 159, by: 160) {
            let reference = start + 160 <= played.count ? played.span.extracting(start..<start + 160) : Span()
            let isPlaying = reference.indices.contains { reference[$0] & 0x7F != 0x7F }
            let frame = caller.span.extracting(start..<start + 160)
            let before = clock.now
            let activity = detector.process(frame, playing: isPlaying ? reference : nil)
            for answer in opinion?(frame, detector.wantsOpinion) ?? [] {
                detector.take(opinion: answer.odds, ofFrame: answer.frame)
            }
            run.microseconds.append((clock.now - before) / .microseconds(1))
            run.activity.append(activity)
            if features != nil { detector.withFeatures { run.features += $0 } }
        }
        run.echo = detector.echoPath
        return run
    }

    private func hear(capsule path: String) throws -> Run {
        let octets = try Self.contents(path, "a WAV file or a capsule")
        let hearing: CapsuleHearing
        do throws(CapsuleError) {
            hearing = try CapsuleHearing(octets, ignoresReference: ignoresReference)
        } catch {
            throw Refused("\(path): \(error)")
        }
        return Run(
            activity: hearing.activity, echo: hearing.echoPath, isCapsule: true, damage: hearing.damage,
            difference: hearing.difference)
    }

    private func opinions() throws -> () throws -> Checkup.Opinion {
        do {
            return try Checkup.opinions(try options.load())
        } catch let error as StartError {
            throw Refused(error.description)
        }
    }

    private static func contents(_ path: String, _ what: String) throws -> [UInt8] {
        try Refused.folder(path, for: what)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Refused("\(path): there is no such file, or it may not be read")
        }
        return [UInt8](data)
    }

    private static func read(_ path: String) throws -> [Int16] {
        let octets = try contents(path, "a WAV file or a capsule")
        do {
            return try WAV(octets).mono(at: 8_000)
        } catch {
            throw Refused("\(path): \(error)")
        }
    }

    /// What a person wants to know of one recording.
    private func tell(_ name: String, _ run: Run) {
        print("\(name): \(Self.seconds(run.activity.count)) s" + Self.echo(run.echo))
        if let frame = run.difference {
            print("  DIFF at \(Self.seconds(frame + 1)) s: the call made something else of this frame")
        } else if run.isCapsule {
            print("  every frame as in the call")
        }
        var began: Int?
        for (frame, activity)
            in (run.activity + [.init(score: 0, isSpeech: false, isConfirmed: false, isVoiced: false)])
            .enumerated()
        {
            let isOn = mode == .speech ? activity.isSpeech : activity.isConfirmed
            if isOn, began == nil { began = frame }
            if !isOn, let first = began {
                print("  \(Self.seconds(first + 1)) - \(Self.seconds(frame + 1)) s")
                began = nil
            }
        }
    }

    private static func echo(_ path: (delay: Int, gain: Float)?) -> String {
        path.map { ", echo after \($0.delay * 20) ms at \(Int($0.gain)) dB" } ?? ""
    }

    private static func table(_ activity: [VoiceActivity], _ mode: Mode) -> [UInt8] {
        var text = "time,score,speech\n"
        for (frame, activity) in activity.enumerated() {
            let isOn = mode == .speech ? activity.isSpeech : activity.isConfirmed
            let score = Int((Double(activity.score) * 10_000).rounded())
            text +=
                "\(seconds(frame + 1)),\(score / 10_000).\(String(score % 10_000 + 10_000).dropFirst()),\(isOn ? 1 : 0)\n"
        }
        return [UInt8](text.utf8)
    }

    /// "12.34" of frames of 20 ms.
    private static func seconds(_ frames: Int) -> String {
        let hundredths = frames * 2
        return "\(hundredths / 100).\(String(hundredths % 100 + 100).dropFirst())"
    }

    private static func name(of path: String) -> String {
        ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    }

    private static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Refused("\(path): this folder cannot be made: \(error.localizedDescription)")
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Refused("\(path): cannot be written: \(error.localizedDescription)")
        }
    }
}

/// What the detector costs: wall time of each frame, the clock's own reading included.
private struct FrameCost {
    private var total = 0.0
    private var frames = 0
    private var worst = 0.0

    var isEmpty: Bool { frames == 0 }

    mutating func add(_ microseconds: [Double]) {
        guard !microseconds.isEmpty else { return }
        total += microseconds.reduce(0, +)
        frames += microseconds.count
        worst = max(worst, microseconds.sorted()[microseconds.count * 99 / 100])
    }

    var line: String {
        func rounded(_ value: Double) -> String { String(format: "%.1f", value) }
        return
            "mean \(rounded(total / Double(max(1, frames)))) us, worst file p99 \(rounded(worst)) us over \(frames) frames"
    }
}
