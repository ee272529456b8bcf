import Metrics

/// What the gateway counts. Made once, before the first connection; a label's values are ours, never a peer's.
public struct GatewayMetrics: Sendable {
    /// Why a connection, a handshake, a token or a request was turned away.
    public enum Refusal: String, CaseIterable, Sendable {
        case connections = "conn_max"
        case perAddress = "conn_per_ip"
        case preAuthentication = "conn_pre_auth"
        case calls = "calls_max"
        case loopLag = "loop_lag"
        case engineWait = "engine_wait"
        case draining
        case notReady = "not_ready"
        case headTooLarge = "head_too_large"
        case headTimeout = "head_timeout"
        case badRequest = "bad_request"
        case bodyTooLarge = "body_too_large"
        case bodyTimeout = "body_timeout"
        case handshake = "bad_handshake"
        case unknownPath = "unknown_path"
        case signature
        case notLoopback = "not_loopback"
        case tokenMissing = "token_missing"
        case tokenMalformed = "token_malformed"
        case tokenForged = "token_forged"
        case tokenExpired = "token_expired"
        case tokenReused = "token_reused"
        case tokenOverflow = "token_overflow"
        case callIsUp = "call_is_up"
    }

    /// What was received or made and then not used.
    public enum Drop: String, CaseIterable, Sendable {
        case pong, outgoingAudio = "outgoing_audio", malformedMessage = "malformed_message"
        case unknownEvent = "unknown_event", frame
        /// A socket fell silent and was probed with a ping.
        case mediaProbe = "media_probe"
        /// The rest of a call's recording, which the disk would not take.
        case capsule
    }

    private static let closeCodes: [UInt16] = [1000, 1001, 1002, 1003, 1006, 1007, 1008, 1009, 1011, 1012, 1013]

    public let callsActive: Meter
    public let connectionsActive: Meter
    public let draining: Meter
    public let callsStarted: Counter
    private let refusals: [Refusal: Counter]
    private let drops: [Drop: Counter]
    private let closes: [UInt16: Counter]
    private let otherCloses: Counter
    private let ends: [String: Counter]
    private let otherEnds: Counter
    private let stages: [String: Timer]
    /// How late an event loop came to its timer.
    let loopLag: Timer
    /// How long work waited for a thread of the engines, and how much was waiting then.
    private let engineWaits: [String: Timer]
    private let engineWaiting: Meter

    /// The stages of a turn's waterfall, as labels of `parley_stage_seconds`.
    public static let stageNames = ["endpoint", "transcript", "reply", "speech", "edge", "barge_in"]

    /// - Parameter endReasons: the raw values of the call's end reasons.
    public init(factory: any MetricsFactory, endReasons: [String]) {
        callsActive = Meter(label: "parley_calls_active", factory: factory)
        connectionsActive = Meter(label: "parley_connections_active", factory: factory)
        draining = Meter(label: "parley_draining", factory: factory)
        callsStarted = Counter(label: "parley_calls_started_total", factory: factory)
        func counter(_ label: String, _ name: String, _ value: String) -> Counter {
            Counter(label: label, dimensions: [(name, value)], factory: factory)
        }
        refusals = Dictionary(
            uniqueKeysWithValues: Refusal.allCases.map { ($0, counter("parley_refused_total", "reason", $0.rawValue)) })
        drops = Dictionary(
            uniqueKeysWithValues: Drop.allCases.map { ($0, counter("parley_dropped_total", "kind", $0.rawValue)) })
        closes = Dictionary(
            uniqueKeysWithValues: GatewayMetrics.closeCodes.map {
                ($0, counter("parley_ws_closes_total", "code", "\($0)"))
            })
        otherCloses = counter("parley_ws_closes_total", "code", "other")
        ends = Dictionary(
            uniqueKeysWithValues: endReasons.map { ($0, counter("parley_calls_ended_total", "reason", $0)) })
        otherEnds = counter("parley_calls_ended_total", "reason", "other")
        stages = Dictionary(
            uniqueKeysWithValues: GatewayMetrics.stageNames.map {
                ($0, Timer(label: "parley_stage_seconds", dimensions: [("stage", $0)], factory: factory))
            })
        loopLag = Timer(label: "parley_loop_lag_seconds", factory: factory)
        engineWaits = Dictionary(
            uniqueKeysWithValues: GatewayMetrics.engineWork.map {
                ($0, Timer(label: "parley_engine_wait_seconds", dimensions: [("work", $0)], factory: factory))
            })
        engineWaiting = Meter(label: "parley_engine_waiting", factory: factory)
    }

    /// What the engines do, as labels of `parley_engine_wait_seconds`, the most urgent first.
    static let engineWork = ["final", "first_clause", "speculative", "clause", "partial"]

    func engineWaited(_ nanoseconds: Int64, for work: String, waiting: Int) {
        engineWaits[work]?.recordNanoseconds(nanoseconds)
        engineWaiting.set(waiting)
    }

    public func refused(_ reason: Refusal) { refusals[reason]?.increment() }
    public func refused(_ reason: CallTokens.Refusal) {
        if let reason = Refusal(rawValue: reason.rawValue) { refused(reason) }
    }
    public func dropped(_ kind: Drop, count: Int = 1) { drops[kind]?.increment(by: count) }
    /// A WebSocket ended; 1006 where no close frame came or went.
    public func closed(code: UInt16) { (closes[code] ?? otherCloses).increment() }
    public func callEnded(_ reason: String) { (ends[reason] ?? otherEnds).increment() }
    /// How long a stage of a turn took.
    public func took(_ nanoseconds: Int64, in stage: String) { stages[stage]?.recordNanoseconds(nanoseconds) }
}
