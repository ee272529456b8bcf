import Foundation
import Logging
import ParleySpeech

#if LocalSpeech
import ParleySpeechLocal
#endif

/// The speech engines of a process: the embedded ones that a configuration names, and those of its engines file.
struct EngineRegistry: Sendable {
    typealias Engines = (recognizer: (any SpeechRecognizer)?, synthesizer: (any SpeechSynthesizer)?)

    let configuration: Configuration
    let fleet: EngineFleet
    let metrics: GatewayMetrics
    let pressure: Pressure
    let logger: Logger

    /// Loads what is named; may take seconds. What cannot be loaded is left out, and a line in the log says so.
    func load() -> Engines {
        let recognizer = fleet.wantsEmbeddedRecognizer ? configuration[Keys.recognizer] : ""
        let voice = fleet.wantsEmbeddedVoice ? configuration[Keys.voice] : ""
        let local = loadEmbedded(recognizer, voice)
        let engines = Engines(
            recognizer: fleet.recognizer(
                embedded: recognizer == "instant" ? InstantRecognizer() : local.recognizer),
            synthesizer: fleet.synthesizer(embedded: voice == "instant" ? InstantSynthesizer() : local.synthesizer))
        logger.info(
            "speech engines",
            metadata: [
                "recognizer": "\(engines.recognizer?.name ?? "none")",
                "voice": "\(engines.synthesizer?.name ?? "none")",
            ])
        if engines.recognizer == nil {
            logger.warning("callers are not understood: only their keys are; install the engines with `make engines`")
        }
        return engines
    }

    #if LocalSpeech
    /// `nil` where none are wanted or can be given; a line in the log says why.
    func secondOpinions() -> SecondOpinions? {
        let wanted = configuration[Keys.secondOpinion]
        guard wanted != "off" else { return nil }
        let (library, line) = LocalSpeech.openSilero(directory: GatewayProcess.enginesDirectory(configuration))
        guard let library else {
            logger.log(
                level: wanted == "on" ? .warning : .info,
                "no second opinion on who speaks, the detector decides alone: \(line)")
            return nil
        }
        logger.info("second opinion on who speaks: \(wanted), \(line)")
        return SecondOpinions(library: library, adapts: wanted == "auto", logger: logger)
    }

    /// They share threads and a library, so they are loaded together.
    private func loadEmbedded(_ recognizer: String, _ voice: String) -> Engines {
        let named = LocalSpeech.Voice(rawValue: voice)
        guard recognizer == "moonshine" || named != nil else { return (nil, nil) }
        let threads = EngineThreads(count: configuration[Keys.speechThreads]) {
            [metrics, pressure] work, waited, waiting in
            let nanoseconds = waited.nanoseconds
            metrics.engineWaited(nanoseconds, for: work.label, waiting: waiting)
            switch work {
            case .final, .firstClause: pressure.engines.add(nanoseconds, at: Pressure.now)
            case .clause: pressure.clauses.add(nanoseconds, at: Pressure.now)
            // Nobody hears that these are late.
            case .speculative, .partial, .background: break
            }
        }
        pressure.watch {
            (
                threads.longestWaiting(.final ... .firstClause).nanoseconds,
                threads.longestWaiting(.clause ... .clause).nanoseconds
            )
        }
        let engines = LocalSpeech.load(
            directory: GatewayProcess.enginesDirectory(configuration), voice: named ?? .slt, threads: threads,
            memory: configuration[Keys.speechMemory],
            joeLoaded: { logger.log(level: $0.isUsable ? .info : .warning, "\($0)") })
        for line in engines.report.lines { logger.log(level: line.isUsable ? .info : .warning, "\(line)") }
        return (recognizer == "moonshine" ? engines.recognizer : nil, named == nil ? nil : engines.synthesizer)
    }
    #else
    private func loadEmbedded(_ recognizer: String, _ voice: String) -> Engines {
        if recognizer == "moonshine" || voice != "instant" {
            logger.warning("this build has no embedded engines (package trait LocalSpeech)")
        }
        return (nil, nil)
    }
    #endif
}

#if LocalSpeech
extension EngineThreads.Priority {
    /// As `GatewayMetrics.engineWork` has it.
    fileprivate var label: String {
        switch self {
        case .final: "final"
        case .firstClause: "first_clause"
        case .speculative: "speculative"
        case .clause: "clause"
        case .partial: "partial"
        case .background: "background"
        }
    }
}
#endif
