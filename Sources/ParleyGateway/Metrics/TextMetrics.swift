import Metrics
import ParleyLedger
import ParleyMessaging

/// What is counted of texts. Labels are states, alerts and configured actions: never a number.
struct TextMetrics: Sendable {
    private let states: [MessageState: Meter]
    private let alerts: [OutboxAlert: Counter]
    private let delivered: [String: Meter]
    private let replied: [String: Meter]
    private let counted: [String: Meter]

    /// - Parameter actions: the names of those that send texts.
    init(factory: any MetricsFactory, actions: [String]) {
        func meters(_ label: String) -> [String: Meter] {
            Dictionary(
                uniqueKeysWithValues: actions.map {
                    ($0, Meter(label: label, dimensions: [("action", $0)], factory: factory))
                })
        }
        states = Dictionary(
            uniqueKeysWithValues: MessageState.allCases.map {
                ($0, Meter(label: "parley_texts_by_state", dimensions: [("state", $0.rawValue)], factory: factory))
            })
        alerts = Dictionary(
            uniqueKeysWithValues: OutboxAlert.allCases.map {
                ($0, Counter(label: "parley_text_alerts_total", dimensions: [("alert", $0.rawValue)], factory: factory))
            })
        delivered = meters("parley_text_delivery_ratio")
        replied = meters("parley_text_reply_ratio")
        counted = meters("parley_texts_30d")
    }

    func alert(_ alert: OutboxAlert) { alerts[alert]?.increment() }

    /// Of the last thirty days.
    func set(_ rates: [TextRates], byState counts: [MessageState: Int]) {
        for (state, meter) in states { meter.set(counts[state] ?? 0) }
        for rate in rates {
            counted[rate.action]?.set(rate.sent)
            if let share = rate.deliveryRate { delivered[rate.action]?.set(share) }
            if let share = rate.replyRate { replied[rate.action]?.set(share) }
        }
    }
}
