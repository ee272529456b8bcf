/// One thing that a carrier does wrong, and when: what `parley call --faults` plays over a socket, and what a simulated
/// carrier does to a simulated call.
public struct Fault: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        // The network. All messages of one way, or of both; their order is kept, as TCP keeps it.
        /// Everything is this much later.
        case delay(CallTime)
        /// Everything is later by a time of its own, from zero to this.
        case jitter(CallTime)
        /// Nothing passes for so long; then all of it at once.
        case stall(CallTime)
        /// Nothing passes any more, and nobody is told: the connection stays open.
        case silence
        /// The connection goes, without a goodbye.
        case drop
        /// The caller's side reads nothing for so long; the other side's messages pile up in the network.
        case slowReader(CallTime)

        // What the carrier does to messages of audio.
        /// The message is lost.
        case loss
        /// The message comes this often again.
        case duplicate(Int)
        /// The message comes after this many that were sent later.
        case reorder(Int)
        /// In place of the message comes one whose audio is not base64.
        case badBase64
        /// In place of the message comes one whose audio is empty, or not whole samples.
        case badSize
        /// In place of the message comes text that is cut off in the middle.
        case brokenJSON

        // What the carrier says of playout.
        /// A mark comes back at once, not when it has been played.
        case marksEarly
        /// A mark comes back this much after it has been played.
        case marksLate(CallTime)
        /// A mark does not come back.
        case marksNever
        /// A mark comes back twice.
        case marksTwice
        /// In place of a mark comes one that was never sent.
        case marksUnknown
        /// A mark comes back after the next one.
        case marksOutOfOrder
        /// The carrier does not obey a clear: it plays on.
        case clearIgnored
        /// The carrier obeys a clear, and forgets the marks that it dropped.
        case clearKeepsMarks

        // What the carrier says of the call.
        /// This many messages of audio come before the start.
        case mediaBeforeStart(Int)
        /// The stream is started again.
        case secondStart
        /// A second connection starts the call that is up already.
        case secondStream
        /// The stream is stopped twice.
        case stopTwice
        /// The numbers of the messages jump ahead by so many.
        case numbersJump(Int)
        /// The numbers go on right before the end of their range, and so begin anew.
        case numbersWrap
        /// The numbers and timestamps begin anew.
        case numbersRestart
        /// These keys are pressed, 250 ms apart.
        case keys([Digit])
    }

    /// Which messages a fault of the network or of audio touches.
    public enum Way: String, Equatable, Sendable, CaseIterable {
        case toServer = "to_server"
        case toCaller = "to_caller"
        case both
    }

    /// When a fault happens, on the call's clock. See `occasion`, too.
    public enum Timing: Equatable, Sendable {
        /// Once: at this moment, or to the first message from then on.
        case at(CallTime)
        /// To every message from here to there. A fault that needs no message happens once, at a moment that is drawn.
        case during(from: CallTime, to: CallTime?)
        /// One period after `from`, then again each period, as `at`.
        case every(CallTime, from: CallTime, to: CallTime?)

        public static let always = Timing.during(from: .zero, to: nil)
    }

    /// What must be so for a fault to happen; one that is due waits for it.
    public enum Situation: String, Equatable, Sendable, CaseIterable {
        case callerSpeaks = "caller_speaks"
        case agentSpeaks = "agent_speaks"
    }

    public var kind: Kind
    public var timing: Timing
    /// How likely it happens on each occasion; 0 to 1.
    public var chance: Double
    public var way: Way
    public var situation: Situation?

    public init(
        _ kind: Kind, _ timing: Timing = .always, chance: Double = 1, way: Way = .both,
        while situation: Situation? = nil
    ) {
        self.kind = kind
        self.timing = timing
        self.chance = chance
        self.way = way
        self.situation = situation
    }
}

extension Fault.Kind {
    /// As people write it, in files and reports.
    public var name: String {
        switch self {
        case .delay: "delay"
        case .jitter: "jitter"
        case .stall: "stall"
        case .silence: "silence"
        case .drop: "drop"
        case .slowReader: "slow_reader"
        case .loss: "loss"
        case .duplicate: "duplicate"
        case .reorder: "reorder"
        case .badBase64: "bad_base64"
        case .badSize: "bad_size"
        case .brokenJSON: "broken_json"
        case .marksEarly: "marks_early"
        case .marksLate: "marks_late"
        case .marksNever: "marks_never"
        case .marksTwice: "marks_twice"
        case .marksUnknown: "marks_unknown"
        case .marksOutOfOrder: "marks_out_of_order"
        case .clearIgnored: "clear_ignored"
        case .clearKeepsMarks: "clear_keeps_marks"
        case .mediaBeforeStart: "media_before_start"
        case .secondStart: "second_start"
        case .secondStream: "second_stream"
        case .stopTwice: "stop_twice"
        case .numbersJump: "numbers_jump"
        case .numbersWrap: "numbers_wrap"
        case .numbersRestart: "numbers_restart"
        case .keys: "keys"
        }
    }

    /// What brings a fault about.
    public enum Occasion: Equatable, Sendable {
        /// A message passes: any, one of audio, a mark that was reached, a clear that came.
        case message, audio, mark, clear
        /// The time comes.
        case moment
        /// The call begins, or the caller ends it: once, and its timing says nothing.
        case opening, ending
    }

    public var occasion: Occasion {
        switch self {
        case .delay, .jitter: .message
        case .loss, .duplicate, .reorder, .badBase64, .badSize, .brokenJSON: .audio
        case .marksEarly, .marksLate, .marksNever, .marksTwice, .marksUnknown, .marksOutOfOrder: .mark
        case .clearIgnored, .clearKeepsMarks: .clear
        case .stall, .silence, .drop, .slowReader, .secondStart, .secondStream, .numbersJump, .numbersWrap,
            .numbersRestart, .keys:
            .moment
        case .mediaBeforeStart: .opening
        case .stopTwice: .ending
        }
    }

    /// Whether `Fault.way` says anything; the others have but one.
    public var hasWay: Bool {
        switch self {
        case .delay, .jitter, .stall, .silence, .loss, .duplicate, .reorder: true
        default: false
        }
    }
}
