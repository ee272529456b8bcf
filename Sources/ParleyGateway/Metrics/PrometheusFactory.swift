import Metrics
import Synchronization

/// Keeps every metric in memory and writes them in the Prometheus text format, version 0.0.4.
///
/// Handlers are made once and kept by whoever counts: making one takes a lock and builds a string.
public final class PrometheusFactory: MetricsFactory, Sendable {
    /// Upper bounds of the histograms' buckets, in the metric's own unit (timers: seconds).
    public static let buckets: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Families and label sets are named by code, never by a peer; the cap makes a mistake there harmless.
    static let maxSeries = 4_096

    private struct Series: Hashable {
        var name: String
        var labels: String
    }
    fileprivate enum Handler {
        case counter(PrometheusCounter)
        case gauge(PrometheusGauge)
        case histogram(PrometheusHistogram)
    }
    private let series = Mutex<[Series: Handler]>([:])

    public init() {}

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions, PrometheusGauge()) {
            .gauge($0)
        } existing: {
            if case .gauge(let gauge) = $0 { gauge } else { nil }
        }
    }
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { histogram(label, dimensions) } else { gaugeRecorder(label, dimensions) }
    }
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> PrometheusCounter {
        find(label, dimensions, PrometheusCounter()) {
            .counter($0)
        } existing: {
            if case .counter(let counter) = $0 { counter } else { nil }
        }
    }
    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> PrometheusHistogram {
        find(label, dimensions, PrometheusHistogram()) {
            .histogram($0)
        } existing: {
            if case .histogram(let histogram) = $0 { histogram } else { nil }
        }
    }
    private func gaugeRecorder(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        find(label, dimensions, PrometheusGauge()) {
            .gauge($0)
        } existing: {
            if case .gauge(let gauge) = $0 { gauge } else { nil }
        }
    }

    private func find<T: Sendable>(
        _ label: String, _ dimensions: [(String, String)], _ fresh: T, _ wrap: (T) -> Handler,
        existing: (Handler) -> T?
    ) -> T {
        let key = Series(name: metricName(label), labels: labelText(dimensions))
        return series.withLock { series in
            if let known = series[key] { return existing(known) ?? fresh }
            if series.count < PrometheusFactory.maxSeries { series[key] = wrap(fresh) }
            return fresh
        }
    }

    /// All series, sorted by name and labels.
    public func render() -> String {
        let all = series.withLock { $0 }.sorted { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }
        var text = ""
        var family = ""
        for (key, handler) in all {
            if key.name != family {
                family = key.name
                text += "# TYPE \(family) \(handler.kind)\n"
            }
            handler.write(key.name, key.labels, into: &text)
        }
        return text
    }
}

extension PrometheusFactory.Handler {
    fileprivate var kind: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    fileprivate func write(_ name: String, _ labels: String, into text: inout String) {
        let braced = labels.isEmpty ? "" : "{\(labels)}"
        switch self {
        case .counter(let counter): text += "\(name)\(braced) \(counter.value.load(ordering: .relaxed))\n"
        case .gauge(let gauge): text += "\(name)\(braced) \(number(gauge.value))\n"
        case .histogram(let histogram):
            let state = histogram.state.withLock { $0 }
            let separator = labels.isEmpty ? "" : ","
            var running = 0
            for (bound, count) in zip(PrometheusFactory.buckets, state.counts) {
                running += count
                text += "\(name)_bucket{\(labels)\(separator)le=\"\(number(bound))\"} \(running)\n"
            }
            text += "\(name)_bucket{\(labels)\(separator)le=\"+Inf\"} \(state.count)\n"
            text += "\(name)_sum\(braced) \(number(state.sum))\n"
            text += "\(name)_count\(braced) \(state.count)\n"
        }
    }
}

final class PrometheusCounter: CounterHandler, Sendable {
    let value = Atomic<Int64>(0)
    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }
}

final class PrometheusGauge: MeterHandler, RecorderHandler, Sendable {
    private let bits = Atomic<UInt64>(0)
    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    private func add(_ amount: Double) {
        var known = bits.load(ordering: .relaxed)
        while true {
            let (done, now) = bits.weakCompareExchange(
                expected: known, desired: (Double(bitPattern: known) + amount).bitPattern, ordering: .relaxed)
            if done { return }
            known = now
        }
    }
}

final class PrometheusHistogram: RecorderHandler, TimerHandler, Sendable {
    struct State {
        var counts = [Int](repeating: 0, count: PrometheusFactory.buckets.count)
        var count = 0
        var sum = 0.0
    }
    let state = Mutex(State())

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = PrometheusFactory.buckets.firstIndex { value <= $0 }
        state.withLock { state in
            if let bucket { state.counts[bucket] += 1 }
            state.count += 1
            state.sum += value
        }
    }
}

private func metricName(_ label: String) -> String {
    String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
}

private func labelText(_ dimensions: [(String, String)]) -> String {
    dimensions.map { name, value in
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\(metricName(name))=\"\(escaped)\""
    }.joined(separator: ",")
}

private func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
}
