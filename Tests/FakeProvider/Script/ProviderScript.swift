/// What a fake provider does with each request to send. The first rule that fits decides; where none does, `otherwise`.
///
/// ```
/// ProviderScript(.accept)
///     .request(1, .acceptAndReset)
///     .when(times: 2, { $0.to == "+12125550123" }, .refuse(429, code: "20429", retryAfter: 1))
/// ```
public struct ProviderScript: Sendable {
    struct Rule: Sendable {
        let fits: @Sendable (ReceivedText) -> Bool
        let plan: RequestPlan
        var timesLeft: Int
    }

    /// One of several plans, drawn in proportion to their weights.
    public struct Draw: Sendable {
        public let weight: UInt64
        public let plan: RequestPlan

        public init(_ weight: UInt64, _ plan: RequestPlan) {
            self.weight = weight
            self.plan = plan
        }
    }

    public var lookUps = LookUpPlan()
    /// Awaited once a text is counted, before anything is reported or answered: a place to kill the sender.
    public var onReceipt: @Sendable (ReceivedText) async -> Void = { _ in }
    private var rules: [Rule] = []
    private let seed: UInt64
    private let otherwise: [Draw]

    public init(_ otherwise: RequestPlan = .accept) { self.init(seed: 0, [Draw(1, otherwise)]) }

    /// What is drawn hangs on the seed, the message and how often it was asked for, not on the order of arrival: the same
    /// seed is the same run, also with many requests at once. Weights of 0 in all accept.
    public init(seed: UInt64, _ draws: [Draw]) {
        self.seed = seed
        otherwise = draws
    }

    /// - Parameter number: counts all requests to send, from 1.
    public func request(_ number: Int, _ plan: RequestPlan) -> ProviderScript {
        when(times: 1, { $0.number == number }, plan)
    }

    public func when(
        times: Int = .max, _ fits: @escaping @Sendable (ReceivedText) -> Bool, _ plan: RequestPlan
    ) -> ProviderScript {
        var copy = self
        copy.rules.append(Rule(fits: fits, plan: plan, timesLeft: times))
        return copy
    }

    public func lookingUp(_ plan: LookUpPlan) -> ProviderScript {
        var copy = self
        copy.lookUps = plan
        return copy
    }

    public func onReceipt(_ body: @escaping @Sendable (ReceivedText) async -> Void) -> ProviderScript {
        var copy = self
        copy.onReceipt = body
        return copy
    }

    /// - Parameter turn: how often this message has been asked for, from 1.
    mutating func plan(for text: ReceivedText, turn: Int) -> RequestPlan {
        if let index = rules.firstIndex(where: { $0.timesLeft > 0 && $0.fits(text) }) {
            rules[index].timesLeft -= 1
            return rules[index].plan
        }
        let total = otherwise.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return .accept }
        var place = Self.hash(seed, "\(text.message ?? "\(text.to) \(text.body)") \(turn)") % total
        for draw in otherwise {
            if place < draw.weight { return draw.plan }
            place -= draw.weight
        }
        return .accept
    }

    /// FNV-1a, then the finish of SplitMix64 so that near texts do not draw alike.
    private static func hash(_ seed: UInt64, _ text: String) -> UInt64 {
        var value = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        value = value &+ seed &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
