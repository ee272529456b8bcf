import ParleyCore

/// One call as a caller would make it: what is said or keyed and when, and what must come of it.
///
/// On disk it is a folder with `call.yaml` and the WAV files that it names; see `docs/parley-call.md`.
public struct CallScript: Equatable, Sendable {
    /// What to call this script in reports: the folder's name.
    public var name: String
    /// The number the caller calls from, as `+` and digits.
    public var caller: String?
    /// A WAV that is mixed under everything the caller sends, in a loop: the noise of the line.
    public var background: String?
    public var lines: [Line]
    /// When the caller hangs up. `nil`: never; the other side ends the call, or `expect.maxDuration` does.
    public var hangUp: Cue?
    public var expect: Expectations

    public init(
        name: String, caller: String? = nil, background: String? = nil, lines: [Line], hangUp: Cue? = nil,
        expect: Expectations = Expectations()
    ) {
        self.name = name
        self.caller = caller
        self.background = background
        self.lines = lines
        self.hangUp = hangUp
        self.expect = expect
    }

    /// One thing the caller does.
    public struct Line: Equatable, Sendable {
        public enum Content: Equatable, Sendable {
            /// A WAV file, relative to the script, and its words.
            case speech(wav: String, text: String)
            /// Key presses, 250 ms apart.
            case keys([Digit])
        }
        public var content: Content
        public var cue: Cue

        public init(_ content: Content, _ cue: Cue) {
            self.content = content
            self.cue = cue
        }

        /// The line for people: its words, or the keys in brackets.
        public var text: String {
            switch content {
            case .speech(let wav, let text): text.isEmpty ? wav : text
            case .keys(let digits): "[\(String(digits.map(\.character)))]"
            }
        }
    }

    /// When the caller does something. Lines are taken in order: a cue is looked at when the line before is over.
    public enum Cue: Equatable, Sendable {
        /// The agent has spoken since the line before, and has then been quiet for this long.
        case afterQuiet(CallTime)
        /// At this moment of the call, counted from the stream's start.
        case at(CallTime)
        /// This long after the agent was first heard speaking since the line before.
        case intoAgent(CallTime)
    }
}

/// What must be true of a call when it is over. An empty one expects nothing.
public struct Expectations: Equatable, Sendable {
    /// A value the agent settled, or a reading of it: `day`, `weekday(when)`, `time(when)`.
    public struct Variable: Equatable, Sendable {
        public enum Reading: String, Sendable, CaseIterable {
            case value
            /// The English weekday of an ISO 8601 date, or the weekday itself.
            case weekday
            /// `HH:MM` of an ISO 8601 date and time, or of a time.
            case time
        }
        public var name: String
        public var reading: Reading
        public var pattern: TextPattern

        public init(name: String, reading: Reading = .value, pattern: TextPattern) {
            self.name = name
            self.reading = reading
            self.pattern = pattern
        }
    }

    /// How often something must have happened.
    public enum Count: Equatable, Sendable {
        case exactly(Int)
        case atLeast(Int)

        func allows(_ count: Int) -> Bool {
            switch self {
            case .exactly(let wanted): count == wanted
            case .atLeast(let least): count >= least
            }
        }
    }

    public enum Consent: String, Sendable, CaseIterable {
        case granted, refused
        /// The question was never answered, or never asked.
        case none
    }

    public var variables: [Variable] = []
    /// In what the caller *heard* of the agent.
    public var agentSays: [TextPattern] = []
    public var agentDoesNotSay: [TextPattern] = []
    /// In what was understood of the caller.
    public var callerSays: [TextPattern] = []
    public var messages: Count?
    public var messageContains: [TextPattern] = []
    public var consent: Consent?
    /// The end reason (`agent_ended`, `no_speech`, ...).
    public var end: String?
    /// Barge-ins that took the floor.
    public var bargeIns: Count?
    /// Barge-ins after which the agent went on from where it was.
    public var resumed: Count?
    /// Caller's turns that were taken as "mhm".
    public var backchannels: Count?
    /// Caller's turns that were given by keys.
    public var keyedTurns: Count?
    public var maxDuration: CallTime?

    public init() {}

    /// Whether any of these can only be judged from a gateway's notes.
    public var needsNotes: Bool {
        !variables.isEmpty || !agentSays.isEmpty || !agentDoesNotSay.isEmpty || !callerSays.isEmpty || messages != nil
            || !messageContains.isEmpty || consent != nil || end != nil || bargeIns != nil || resumed != nil
            || backchannels != nil || keyedTurns != nil
    }
}
