/// A piece of the work that a call makes, measured alone: what one operation costs, and whether it asks for memory.
public protocol Component {
    /// As it is asked for: `wire.twilio.in`.
    static var name: String { get }
    /// What is done once, in words.
    static var operation: String { get }
    /// Done for every frame of a call that is up: it may not allocate.
    static var isOnFramePath: Bool { get }
    /// More than so many operations in a row are not possible, as when what was to be said has been said.
    static var most: Int { get }

    /// All that is made once, for a call or a process.
    init()
    mutating func run(_ times: Int)
}

extension Component {
    public static var isOnFramePath: Bool { true }
    public static var most: Int { .max }
}

/// All of them, in the order in which a frame meets them.
public enum Components {
    public static let all: [any Component.Type] = [
        WebSocketIn.self, TwilioIn.self, Base64In.self, MuLawIn.self, ResampleUp.self,
        DetectorSilence.self, DetectorVoice.self, DetectorPlaying.self,
        CallListening.self, CallInTurn.self, CallSpeaking.self, CallMark.self, CallDeadline.self, CallPartial.self,
        Recording.self, MuLawOut.self, Base64Out.self, TwilioOut.self, FramePath.self, FramePathOfMany.self,
    ]
}
