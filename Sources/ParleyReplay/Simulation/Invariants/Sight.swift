import ParleyCore
import ParleyMessaging

/// One thing that was seen of a call: what the promises are judged by.
enum Sight {
    /// Something was handed to the call.
    case input(CallEvent)
    /// A frame of the agent's audio left.
    case sent(FrameTag)
    case effect(CallEffect)
    /// The call returned from one input.
    case settled(deadline: CallTime?, load: CallLoad)
    /// The caller has heard this frame to its end.
    case heard(FrameTag)
    /// 20 ms have passed.
    case tick(Tick)
    /// A text was handed to the provider of texts, under a stored consent or not.
    case textLeft(TextMessage, isCovered: Bool)

    struct Tick {
        /// The agent sounds at the caller's ear.
        var isSounding: Bool
        /// The caller makes a sound, or presses a key.
        var isCallerAudible: Bool
        var floor: Floor
    }
}

/// A promise that was broken.
public struct Violation: Equatable, Sendable {
    /// The promise's name.
    public var invariant: String
    public var detail: String
    public var at: CallTime
}

/// One promise, watched from outside of the call.
protocol Invariant {
    static var name: String { get }
    /// - Returns: how it is broken; `nil` as long as it holds.
    mutating func see(_ sight: Sight, at now: CallTime) -> String?
}
