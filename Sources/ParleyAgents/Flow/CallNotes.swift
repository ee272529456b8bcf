import ParleyActions
import ParleyMessaging

/// What a call's settled values (`ReplyPart.set`, in their order) mean for its thread.
public struct CallNotes: Sendable {
    private let flow: Flow
    private let reference: String
    private var values: [String: String] = [:]

    public init(flow: Flow, callID: String) {
        self.flow = flow
        reference = CallReference.make(callID: callID)
    }

    /// - Returns: what the thread is to be told; empty for values that are no answers to the flow's questions, such as
    ///   a consent, which holds for its call alone.
    public mutating func note(_ name: String, _ value: String) -> [ThreadEvent] {
        if name == FlowMachine.bookingName {
            guard let status = Booking.Status(rawValue: value) else { return [] }
            if status == .none { return [.bookingPassed] }
            return [
                .bookingMoved(
                    Booking(status: status, reference: reference, flow: flow.settings.name, values: values))
            ]
        }
        let slot = name.split(separator: ".").first.map(String.init) ?? name
        guard flow.slotNames.contains(slot) else { return [] }
        if slot == name { values[slot] = value }
        return [.learned(slot: name, value: value)]
    }
}
