#if LocalSpeech
import Foundation
import ParleyCaller
import ParleyCore
import ParleySpeech
import Testing

@testable import ParleyReplay

/// The engines as `scripts/engines.sh` installed them: in `PARLEY_ENGINES`, or in `./engines`.
private enum Installed {
    static let directory =
        ProcessInfo.processInfo.environment["PARLEY_ENGINES"] ?? FileManager.default.currentDirectoryPath + "/engines"
    static let areThere = FileManager.default.fileExists(atPath: directory + "/SHA256SUMS")
}

@Suite("A fixture in virtual time, with the embedded engines", .serialized, .enabled(if: Installed.areThere))
struct EmbeddedReplayTests {
    @Test("Each fixture goes as it expects")
    func allFixtures() throws {
        let engines = try EmbeddedEngines(directory: Installed.directory)
        let settings = try Samples.settings()
        for name in Samples.all {
            let outcome = try FixtureReplay.run(
                folder: Samples.fixtures + "/" + name, settings: settings, engines: engines)
            #expect(outcome.findings.map(\.description) == [], "\(name)")
        }
    }

    @Test("Engines loaded anew give the same effects at the same times, and the same frames")
    func sameTwice() throws {
        let settings = try Samples.settings()
        let traces = try (0..<2).map { _ in
            try FixtureReplay.run(
                folder: Samples.fixtures + "/mhm-and-cough", settings: settings,
                engines: EmbeddedEngines(directory: Installed.directory)
            ).trace
        }
        #expect(traces[0].frames > 500)
        let isSame = traces[0] == traces[1]
        #expect(isSame, "they part at \(Samples.parting(traces))")
    }

    @Test("Words come as late as the recogniser is said to be", arguments: [(50, false), (700, true)])
    func statedLatency(decode: Int, isLate: Bool) throws {
        var latency = EngineLatency()
        latency.decode = .milliseconds(decode)
        latency.decodePerSecond = .zero
        let outcome = try FixtureReplay.run(
            folder: Samples.fixtures + "/uses-keys", settings: try Samples.settings(),
            engines: EmbeddedEngines(directory: Installed.directory, hasSecondOpinion: false, latency: latency))
        let waterfall = try #require(outcome.report.turns[1].waterfall)
        // Asked for in the pause, 180 ms into the silence that ends the turn after 500 at the latest.
        let (final, endpoint) = (try #require(waterfall.finalMS), try #require(waterfall.endpointMS))
        #expect((final > endpoint) == isLate)
        #expect(outcome.findings.map(\.description) == [])
    }

    @Test("Engines that are not there are named, with what brings them")
    func absent() {
        #expect {
            _ = try EmbeddedEngines(directory: "/nowhere")
        } throws: { "\($0)".contains("scripts/engines.sh") }
    }
}
#endif
