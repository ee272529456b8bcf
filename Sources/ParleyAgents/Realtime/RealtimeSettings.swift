import ParleyActions
import ParleyCore
import ParleyNetwork

/// How a speech-to-speech model is reached, and what it is told.
public struct RealtimeSettings: Sendable {
    /// Which names a server goes by.
    public enum Dialect: String, Sendable, CaseIterable {
        /// `audio/pcmu`, `output_modalities`.
        case ga
        /// `g711_ulaw`, `modalities`, and a header that says so.
        case beta
    }

    /// A function as the model is told of it; `schema` is its arguments' JSON Schema, as text.
    public struct Tool: Equatable, Sendable {
        public var name: String
        public var description: String
        public var schema: String

        public init(name: String, description: String, schema: String) {
            self.name = name
            self.description = description
            self.schema = schema
        }
    }

    /// As its owner calls it.
    public var name: String
    public var address: NetworkAddress
    public var key: Secret?
    /// For `wss`.
    public var trust: TLSTrust?
    public var dialect = Dialect.ga
    public var model: String
    public var voice: String
    /// Who the agent is and what it is there for.
    public var instructions: String
    /// What it says first; empty: the model finds words of its own.
    public var greeting = ""
    /// Writes down what the caller says.
    public var transcriptionModel: String
    /// Of the caller (ISO 639-1); empty: the model finds out.
    public var language = ""
    /// Only the beta dialect has one.
    public var temperature: Double?
    /// Said when the caller asks whether a machine is talking.
    public var honestAnswer: String
    /// Names that the configuration has numbers for.
    public var transferTargets: [String] = []
    /// What the model may ask for.
    public var registry: ActionRegistry
    public var times = Times()
    public var bounds = Bounds()

    /// How long is waited for what.
    public struct Times: Equatable, Sendable {
        /// From the end of a turn to its transcript.
        public var transcript = CallTime.milliseconds(1_500)
        /// From a turn's transcript to the call's question; then the answer is not wanted.
        public var question = CallTime.seconds(1)
        /// Without a sign of a response that was asked for.
        public var stall = CallTime.seconds(4)
        /// From a cancellation to its confirmation; then it is taken for done.
        public var cancellation = CallTime.milliseconds(500)
        /// Until a connection stands.
        public var connect = CallTime.seconds(2)
        /// Between attempts to connect once two have failed.
        public var retry = CallTime.seconds(2)

        public init() {}
    }

    /// What a server may make of a turn, or a call (reliability: a bound on every engine's answer).
    public struct Bounds: Equatable, Sendable {
        /// Of a reply.
        public var characters = 4_000
        /// Of a reply.
        public var audio = CallTime.seconds(120)
        public var callsPerTurn = 5
        public var callsPerCall = 20
        /// Of one reply: the first, and one after each round of functions.
        public var responses = 8
        /// Messages that say nothing, in ten seconds; then the connection is dropped.
        public var garbage = 10

        public init() {}
    }

    public init(
        name: String = "openai_realtime", address: NetworkAddress, model: String = "gpt-realtime",
        voice: String = "marin", instructions: String = "", transcriptionModel: String = "gpt-4o-mini-transcribe",
        honestAnswer: String = RealtimeSettings.standardHonestAnswer, registry: ActionRegistry = .builtIn
    ) {
        self.name = name
        self.address = address
        self.model = model
        self.voice = voice
        self.instructions = instructions
        self.transcriptionModel = transcriptionModel
        self.honestAnswer = honestAnswer
        self.registry = registry
    }

    public static let standardHonestAnswer = "I am an automated assistant, not a person."

    /// The address with the model in it.
    var target: NetworkAddress {
        var address = address
        let query = address.target.drop { $0 != "?" }
        guard !query.dropFirst().split(separator: "&").contains(where: { $0.hasPrefix("model=") }) else {
            return address
        }
        address.target += (query.isEmpty ? "?" : query.count == 1 ? "" : "&") + "model=" + Self.escaped(model)
        return address
    }

    /// RFC 3986, 2.3: what is not unreserved is percent-encoded.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                out += "%" + (hex.count < 2 ? "0" : "") + hex
            }
        }
        return out
    }

    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let key { headers.append(("Authorization", "Bearer \(key.revealed)")) }
        // A server of today refuses a client that sends it.
        if dialect == .beta { headers.append(("OpenAI-Beta", "realtime=v1")) }
        return headers
    }

    /// What the model is told on every response.
    var fullInstructions: String {
        [
            instructions,
            "You talk with a caller on the telephone. Keep every answer short. "
                + "If the caller asks whether they talk with a machine, a robot or a person, say the truth: \(honestAnswer)",
        ].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// The configured actions, and what every agent may do with its call.
    var tools: [Tool] {
        registry.tools.map { Tool(name: $0.name, description: $0.description, schema: $0.schema.canonical) }
            + RealtimeFunction.tools(transferTargets: transferTargets)
    }
}
