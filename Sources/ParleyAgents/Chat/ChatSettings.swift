import ParleyCore

/// How long a chat agent waits, and how much it takes.
public struct ChatTimes: Equatable, Sendable {
    /// From a request to the first piece of its answer.
    public var firstToken = CallTime.seconds(4)
    /// A request that is given up after so long without a piece of an answer counts as one that stalled: the caller was kept
    /// waiting, and is asked to say it again.
    public var slow = CallTime.seconds(3)
    /// Between two pieces of an answer.
    public var stall = CallTime.seconds(4)
    /// From what the caller said to the end of the reply, tools and all.
    public var turn = CallTime.seconds(20)
    /// Before a request that failed is tried again, where the server does not say how long.
    public var retry = CallTime.milliseconds(250)
    /// At most, whatever the server says.
    public var longestRetry = CallTime.milliseconds(800)
    /// Added to it, up to this, so that calls that failed together do not come back together.
    public var jitter = CallTime.milliseconds(100)
    /// Where another model stands by, a request is tried again only so long after the first one: the other one starts
    /// within 3 s.
    public var retryWithin = CallTime.milliseconds(1_500)

    public init() {}
}

/// What a chat agent is like, beside its models.
struct ChatSettings: Sendable {
    /// As in the configuration; the first is asked first.
    var models: [String]
    var tools: ChatTools
    /// Said first, without a model; `nil`: the model opens.
    var greeting: String?
    /// What is said to "are you a machine?".
    var honestAnswer = HonestAnswer.standard
    /// BCP 47.
    var language = "en"
    var times = ChatTimes()
    /// A turn's text, as models wrote it.
    var mostCharacters = 4_000
}

/// A request for a model's next answer.
struct ChatRequest: Equatable, Sendable {
    /// Counts from 1 within a call.
    var id: UInt32
    /// Place in the chain.
    var model: Int
    var messages: [ChatMessage]
    var mayUseTools: Bool
}

/// Why a request gave no whole answer.
enum ChatFault: Equatable, Sendable {
    /// Its model is not asked for now: too many failures.
    case passedOver
    case unreachable(String)
    case status(Int, retryAfter: CallTime?)
    /// The stream broke, or nothing can be made of it.
    case broken(String)
    /// It has nothing to say to this.
    case wordless(String)
    case stalled

    /// One line for the record.
    var text: String {
        switch self {
        case .passedOver: "its circuit is open"
        case .unreachable(let why), .broken(let why), .wordless(let why): why
        case .status(let status, _): "the server answered \(status)"
        case .stalled: "no answer in time"
        }
    }

    /// The same request may fare better.
    var isRetryable: Bool {
        switch self {
        case .passedOver, .stalled: false
        case .unreachable, .broken, .wordless: true
        case .status(let status, _): status == 408 || status == 429 || status >= 500
        }
    }

    /// It may befall every call. What one caller can bring about with what they say shuts nobody else out of a model.
    var isOfEngine: Bool {
        switch self {
        case .passedOver, .wordless: false
        case .unreachable, .broken, .stalled: true
        case .status(let status, _): ![400, 413, 422].contains(status)
        }
    }

    var retryAfter: CallTime? {
        if case .status(_, let time) = self { time } else { nil }
    }
}
