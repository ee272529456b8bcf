import Foundation
import ParleyMessaging

/// A flow's conversation by text: fills the same questions, in any order, and moves the booking.
///
/// Pure: the thread is handed in as it stood when the text came, and everything that follows is in the answer. It asks
/// neither for consent nor for an action, and says nothing of what needs a voice.
public struct FlowTextSide: Sendable {
    public let flow: Flow

    public init(_ flow: Flow) { self.flow = flow }

    /// - Parameters:
    ///   - text: as it came; any Unicode, any length.
    ///   - meaning: of this text, in the context of this thread (`ConversationThread.inboundContext`).
    ///   - now: UTC milliseconds since 1970; days and times are meant in the flow's zone.
    public func answer(
        _ text: String, meaning: InboundText.Meaning, thread: ConversationThread, at now: Int64
    ) -> TextTurn {
        var reading = TextReading(flow: flow, thread: thread, text: text, at: moment(now), milliseconds: now)
        switch meaning {
        case .optOut(_, _, let alsoCancels):
            // Answered, if at all, by the confirmation of the opt-out, which names both.
            reading.turn.closesQuestion = thread.question != nil
            if alsoCancels { reading.requestCancel(saying: false) }
        case .help: break
        case .suspend: reading.turn.needsPerson = true
        case .cancelBooking: reading.requestCancel(saying: true)
        case .optIn where YesNo(TextWords.words(text)) != .yes: break
        case .optIn, .yes, .no, .message:
            if !InboundText.isReaction(text) { reading.converse() }
        }
        return reading.turn
    }

    private func moment(_ now: Int64) -> LocalMoment {
        let date = Date(timeIntervalSince1970: Double(min(max(now, 0), 200_000_000_000_000)) / 1_000)
        return LocalMoment(
            localSeconds: date.timeIntervalSince1970 + Double(flow.settings.timeZone.secondsFromGMT(for: date)))
    }
}
