import Metrics
import ParleyCore
import ParleySpeech

/// How the engines over the network fare. Labels are roles and the engines' names in the configuration.
struct EngineMetrics: Sendable {
    private struct Engine: Sendable {
        let health: EngineHealth
        let calls, failures, stalls, reconnects, switches, garbage, isOpen: Meter
    }
    private let engines: [Engine]

    init(_ fleet: [EngineHealth], factory: any MetricsFactory) {
        engines = fleet.map { health in
            func meter(_ name: String) -> Meter {
                Meter(
                    label: "parley_engine_\(name)",
                    dimensions: [("role", health.role.rawValue), ("engine", health.engine)], factory: factory)
            }
            return Engine(
                health: health, calls: meter("calls"), failures: meter("failures"), stalls: meter("stalls"),
                reconnects: meter("reconnects"), switches: meter("switches"), garbage: meter("garbage"),
                isOpen: meter("circuit_open"))
        }
    }

    /// Before they are read.
    func update() {
        for engine in engines {
            let figures = engine.health.figures
            engine.calls.set(figures.calls)
            engine.failures.set(figures.failures)
            engine.stalls.set(figures.stalls)
            engine.reconnects.set(figures.reconnects)
            engine.switches.set(figures.switches)
            engine.garbage.set(figures.garbage)
            engine.isOpen.set(engine.health.breaker == .closed ? 0 : 1)
        }
    }
}
