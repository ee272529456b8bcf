/// Everything one call came to: what was said, what was measured, how it ended. Milliseconds count from the stream's
/// start.
public struct CallReport: Codable, Equatable, Sendable {
    /// One stretch of the caller's, as it was understood.
    public struct HeardCaller: Codable, Equatable, Sendable {
        public var turn: Int
        public var text: String
        public var isKeyed = false
        public var isBackchannel = false
        public var beganMS: Double?
        public var endedMS: Double?
    }

    /// One reply of the agent, as far as the caller heard it.
    public struct HeardAgent: Codable, Equatable, Sendable {
        public var generation: Int
        public var heard: String
        public var unheard = ""
        public var wasCut = false
        public var beganMS: Double?
        public var endedMS: Double?
    }

    /// The gateway's own account of one answer, on the gateway's clock.
    public struct Waterfall: Codable, Equatable, Sendable {
        public var turn: Int
        public var generation: Int
        public var lastVoicedMS: Double?
        public var pausedMS: Double?
        public var endpointMS: Double?
        public var finalMS: Double?
        public var askedMS: Double?
        public var firstTextMS: Double?
        public var firstClauseMS: Double?
        public var firstAudioMS: Double?
        public var firstFrameMS: Double?
        public var edgeMS: Double?
    }

    public struct Consent: Codable, Equatable, Sendable {
        public var purpose: String
        public var isGranted: Bool
        public var wording = ""
    }

    public struct Message: Codable, Equatable, Sendable {
        /// As the gateway shows it: masked.
        public var to = ""
        public var body: String
        public var state = ""
        public var segments = 1
    }

    public struct Variable: Codable, Equatable, Sendable {
        public var name: String
        public var value: String
    }

    /// One line of the caller and the answer to it, measured on this side of the wire.
    public struct Turn: Codable, Equatable, Sendable {
        /// Which line of the script, from 1.
        public var line: Int
        public var text: String
        public var beganMS: Double
        /// First and last voiced frame of the line, as sent.
        public var firstVoicedMS: Double?
        public var lastVoicedMS: Double?
        /// The first frame of the answer came in. Bridging phrases do not count.
        public var answeredMS: Double?
        /// The answer's first audible frame began to play.
        public var heardMS: Double?
        /// The agent was audible or had audio queued when this line began.
        public var isOverAgent = false
        /// The first `clear` after the first voiced frame of a line that began over the agent.
        public var clearedMS: Double?
        /// The gateway went on with its reply: this line was no turn.
        public var isNoTurn = false
        public var waterfall: Waterfall?

        /// Last voiced frame sent, to first frame of the answer received.
        public var edgeMS: Double? { difference(lastVoicedMS, answeredMS) }
        /// Last voiced frame sent, to the answer being heard.
        public var earMS: Double? { difference(lastVoicedMS, heardMS) }
        /// First voiced frame over the agent, to the agent's audio being cleared.
        public var bargeInMS: Double? { isOverAgent ? difference(firstVoicedMS, clearedMS) : nil }

        private func difference(_ from: Double?, _ to: Double?) -> Double? {
            guard let from, let to else { return nil }
            return to - from
        }
    }

    /// The fixture's name, or the WAV's.
    public var name = ""
    public var url = ""
    public var provider = ""
    public var codec = ""
    /// The gateway's id of the call, where it told one.
    public var callID: String?
    /// Whether the gateway sent notes at all. Without, there is no text on either side.
    public var hasNotes = false
    public var durationMS = 0.0

    public var turns: [Turn] = []
    public var callerTurns: [HeardCaller] = []
    public var agentTurns: [HeardAgent] = []
    /// Each name once, with the value it had last, in the order first settled.
    public var variables: [Variable] = []
    public var consents: [Consent] = []
    public var messages: [Message] = []
    public var bargeInsConfirmed = 0
    public var bargeInsResumed = 0
    public var bridged = 0
    /// Why it ended, as the gateway put it; `caller_hung_up` when this side did; else empty: the other side closed.
    public var endReason = ""
    /// The code with which the socket was closed; `nil` where there was none.
    public var closeCode: UInt16?
    /// What kept the caller from finishing: "the agent was not heard for 20 s after line 2".
    public var stuck: String?

    public var framesSent = 0
    public var packetsDropped = 0
    public var mediaReceived = 0
    public var agentAudioMS = 0.0
    public var clearsReceived = 0
    public var marksReceived = 0
    public var marksReturned = 0
    /// Messages of the other side that its protocol does not have or that could not be read.
    public var messagesUnknown = 0
    /// What the carrier did wrong on purpose; `nil` where it was not asked to.
    public var faults: FaultReport?

    public init() {}

    /// The agent's words that the caller heard, in order.
    public var heardAgent: String { agentTurns.map(\.heard).filter { !$0.isEmpty }.joined(separator: " ") }
    /// The caller's words that were understood, in order.
    public var heardCaller: String { callerTurns.map(\.text).filter { !$0.isEmpty }.joined(separator: " ") }

    public func variable(_ name: String) -> String? { variables.last { $0.name == name }?.value }

    public mutating func settle(_ name: String, _ value: String) {
        if let index = variables.firstIndex(where: { $0.name == name }) {
            variables[index].value = value
        } else {
            variables.append(Variable(name: name, value: value))
        }
    }

    public var edges: [Double] { turns.compactMap(\.edgeMS) }
    public var ears: [Double] { turns.compactMap(\.earMS) }
    public var bargeIns: [Double] { turns.compactMap(\.bargeInMS) }
}
