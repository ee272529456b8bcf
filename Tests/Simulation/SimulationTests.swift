import ParleyCore
import ParleyGateway
import Testing

@testable import ParleyReplay

@Suite("Simulated calls")
struct SimulationTests {
    private static let flows = Result { try SimulatedFlows(sample: GatewayProcess.sampleFlow) }

    @Test("In 1,000 calls with faults no promise to a caller is broken")
    func promises() async throws {
        let report = await Simulation(flows: try Self.flows.get()).run(from: 1, count: 1_000, workers: 2)
        for failure in report.failures { Issue.record("\(failure.failureLines.joined(separator: "\n"))") }
        #expect(report.calls == 1_000)
        for faults in 0...2 { #expect(report.longestDeadAir(faults: faults) != nil) }
    }

    @Test("The same seeds are the same calls, on any number of threads")
    func determinism() async throws {
        let simulation = Simulation(flows: try Self.flows.get())
        let alone = await simulation.run(from: 7, count: 48, workers: 1)
        let together = await simulation.run(from: 7, count: 48, workers: 4)
        #expect(alone.digest == together.digest)
        #expect(alone.virtual == together.virtual)
        let other = await simulation.run(from: 8, count: 48, workers: 4)
        #expect(other.digest != alone.digest)
    }
}

@Suite("A simulated call as a capsule")
struct SimulatedCapsuleTests {
    @Test("It replays to the same outputs, and holds the call to its end", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func replays(seed: UInt64) throws {
        let simulation = Simulation(flows: try SimulatedFlows(sample: GatewayProcess.sampleFlow))
        let report = try CapsuleReplay.run(simulation.capsule(seed: seed))
        #expect(report.isTheSame, "\(String(describing: report.difference))")
        #expect(report.isWhole == (simulation.run(seed: seed).end != nil))
        #expect(report.inputs > 100)
    }

    @Test("Without its voices and words it decides the same at the same times", arguments: 1...100)
    func redacted(seed: Int) throws {
        let simulation = Simulation(flows: try SimulatedFlows(sample: GatewayProcess.sampleFlow))
        let octets = simulation.capsule(seed: UInt64(seed))
        var redaction = try CapsuleRedaction(octets, phrases: SimulatedPhrases.all)
        let report = try CapsuleReplay.run(redaction.take())
        #expect(report.isTheSame, "\(String(describing: report.difference))")
        let words = /"(?:[^"\\]|\\.)*"/
        func decisions(_ report: CapsuleReplay.Report) -> [String] {
            report.decisions.map { "\($0.at.milliseconds) ms \($0.line.replacing(words, with: ""))" }
        }
        let (before, after) = (decisions(try CapsuleReplay.run(octets)), decisions(report))
        #expect(before.count == after.count)
        if let (first, other) = zip(before, after).first(where: { $0 != $1 }) {
            Issue.record("\(first) became \(other)")
        }
    }
}
