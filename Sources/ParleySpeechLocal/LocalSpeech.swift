#if LocalSpeech
import ParleySpeech

/// The engines that run in this process: nothing leaves the machine.
public enum LocalSpeech {
    public static let isBuiltIn = true

    public enum Voice: String, Sendable, CaseIterable {
        /// flite's; female, the default.
        case slt
        /// flite's; male.
        case rms, awb
        /// flite's diphone voice: robotic, and the same samples every time.
        case kal16
        /// Piper's "joe"; male, far more natural, and several times the work. Needs the engines directory.
        case joe
    }

    /// What could be loaded.
    public struct Engines: Sendable {
        /// `nil` when its files are missing or damaged; `report` says which.
        public var recognizer: (any SpeechRecognizer)?
        /// `nil` when flite's voices could not be registered.
        public var synthesizer: (any SpeechSynthesizer)?
        public var report: EngineReport
        public var threads: EngineThreads
    }

    /// Loads and warms the engines. Blocks for about half a second; the voice `joe` goes on loading behind it, on the
    /// engines' threads, and flite speaks in the calls that begin before it is there.
    ///
    /// Never fails: what is missing or damaged is left out, with a line in the report.
    ///
    /// - Parameter directory: as `scripts/engines.sh` leaves it.
    /// - Parameter memory: octets of what was said more than once, to be said again without an engine.
    /// - Parameter joeLoaded: told, on an engine thread, how loading `joe` ended.
    public static func load(
        directory: String, voice: Voice = .slt, threads: EngineThreads = EngineThreads(), memory: Int = 16 << 20,
        joeLoaded: @escaping @Sendable (EngineReport.Line) -> Void = { _ in }
    ) -> Engines {
        var engines = Engines(report: EngineReport(), threads: threads)
        let files = EngineFiles(directory: directory)
        let library = openLibrary(files)

        // The front end of joe is kal16, and what it cannot say slt says.
        let fliteName = voice == .joe ? "slt" : voice.rawValue
        guard let flite = FliteVoice.all[fliteName], let reader = FliteVoice.all["kal16"] else {
            engines.report.add("flite", isUsable: false, "its voices do not register; reinstall libflite1")
            return engines
        }
        // The first sentence of a voice takes three times as long as the next.
        try? flite.speak("Good morning.") { _ in true }
        engines.report.add("flite", isUsable: true, "voice \(fliteName)")
        engines.synthesizer = FliteSynthesizer(voice: flite, memory: SpokenBefore(capacity: memory), threads: threads)

        do throws(EngineError) {
            if let fault = files.fault(in: .recogniser) { throw EngineError(engine: "moonshine", message: fault) }
            let model = try MoonshineModel(library: try library.get(), files: files)
            _ = model.decode([Float](repeating: 0, count: TurnAudio.modelRate))
            engines.recognizer = MoonshineRecognizer(decoder: model, threads: threads)
            engines.report.add("moonshine", isUsable: true, "English, from \(directory)/moonshine")
        } catch {
            engines.report.add("moonshine", isUsable: false, error.message)
        }

        if voice == .joe {
            let joe = PiperSynthesizer(meanwhile: flite, memory: memory, threads: threads)
            engines.synthesizer = joe
            threads.enqueue(.background) {
                do throws(EngineError) {
                    if let fault = files.fault(in: .joe) { throw EngineError(engine: "joe", message: fault) }
                    let piper = try PiperVoice(library: try library.get(), files: files, reader: reader)
                    try piper.speak("Good morning.") { _ in true }
                    joe.use(piper)
                    joeLoaded(.init(engine: "joe", isUsable: true, text: "from \(directory)/joe"))
                } catch {
                    joeLoaded(.init(engine: "joe", isUsable: false, text: error.message + "; flite speaks instead"))
                }
            }
            engines.report.add("joe", isUsable: true, "loading; flite speaks until it is there")
        }
        return engines
    }

    /// Checks the engines without loading a model.
    public static func inspect(directory: String, voice: Voice = .slt) -> EngineReport {
        var report = EngineReport()
        let files = EngineFiles(directory: directory)
        let hasFlite = Set(FliteVoice.all.keys).isSuperset(of: ["slt", "rms", "awb", "kal16"])
        report.add(
            "flite", isUsable: hasFlite,
            hasFlite ? "voices slt, rms, awb, kal16" : "its voices do not register; reinstall libflite1")
        let library = openLibrary(files)
        for (engine, part) in [("moonshine", EngineFiles.Part.recogniser), ("joe", .joe), ("silero", .silero)] {
            if part != .silero, case .failure(let error) = library {
                report.add(engine, isUsable: false, error.message)
            } else if let fault = files.fault(in: part) {
                report.add(engine, isUsable: false, fault)
            } else {
                report.add(engine, isUsable: true, "in \(directory)")
            }
        }
        return report
    }

    /// The library of second opinions, or `nil` where it is absent or damaged; and one line for the log.
    public static func openSilero(directory: String) -> (library: SileroLibrary?, line: String) {
        if let fault = EngineFiles(directory: directory).fault(in: .silero) { return (nil, fault) }
        return SileroLibrary.open(engines: directory)
    }

    static func clauseVoice(_ voice: Voice, directory: String) throws(EngineError) -> any ClauseVoice {
        let voices = FliteVoice.all
        if let flite = voices[voice.rawValue] { return flite }
        guard voice == .joe, let reader = voices["kal16"] else {
            throw EngineError(
                engine: "flite", message: "the voice \(voice.rawValue) does not register; reinstall libflite1")
        }
        let files = EngineFiles(directory: directory)
        if let fault = files.fault(in: .joe) { throw EngineError(engine: "joe", message: fault) }
        return try PiperVoice(library: try openLibrary(files).get(), files: files, reader: reader)
    }

    static func openLibrary(_ files: EngineFiles) -> Result<EngineLibrary, EngineError> {
        Result { () throws(EngineError) in
            if let fault = files.fault(in: .library) { throw EngineError(engine: "sherpa-onnx", message: fault) }
            return try EngineLibrary(path: files.path("lib/libparley-engines.so"))
        }
    }
}
#else
/// The embedded engines were left out of this build (the package trait `LocalSpeech` is off).
public enum LocalSpeech {
    public static let isBuiltIn = false
}
#endif
