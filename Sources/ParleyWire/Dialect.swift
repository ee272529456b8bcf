import ParleyCore

/// What a peer says about the call when its media stream begins.
public struct LegStart: Equatable, Sendable {
    public enum Track: String, Sendable { case inbound, outbound }

    /// The stream's name, on the socket; empty where the peer has none.
    public var streamID: String
    /// The call's name, for the peer's other interfaces; the stream's where the peer gives none.
    public var callID: String
    public var accountID: String
    /// Who the peer says is calling; empty where it does not say. Not proven.
    public var from: String
    public var format: LegFormat
    public var tracks: [Track]
    /// What the peer passes through from whoever set the call up: a token, the agent's name.
    public var parameters: [String: String]

    public init(
        streamID: String = "", callID: String = "", accountID: String = "", from: String = "",
        format: LegFormat = .telephone, tracks: [Track] = [.inbound], parameters: [String: String] = [:]
    ) {
        self.streamID = streamID
        self.callID = callID
        self.accountID = accountID
        self.from = from
        self.format = format
        self.tracks = tracks
        self.parameters = parameters
    }
}

/// What a message on the media socket says, besides audio.
public enum LegEvent: Equatable, Sendable {
    case connected
    case started(LegStart)
    case digit(Digit)
    case mark(Mark)
    /// A mark that is none of ours. Counted, never stored.
    case unknownMark
    /// So much of the caller's audio is missing. Up to 1,000 ms has been filled with silence, more not at all: the
    /// stream goes on from here. 0: the peer began to count anew.
    case gap(milliseconds: Int)
    /// An audio message that came before, or too late, and was dropped.
    case duplicate
    /// The peer ended the stream.
    case stopped
    /// A message that we do not know: counted, not an error, as providers add new ones without warning.
    case unknown
}

/// Takes what a dialect decodes. Samples and packets are lent for the length of the call and must be copied to be kept.
public protocol LegEventSink {
    /// The caller's audio, in order: 1 to 20 ms at a time, at the leg's rate.
    ///
    /// - Parameter timestamp: the media time of the first sample, in milliseconds; -1 where the peer does not say.
    mutating func audio(_ samples: Span<Int16>, timestamp: Int)

    /// One packet of compressed audio (Opus), for the leg's decoder.
    ///
    /// - Parameter sequence: counts packets, and wraps: a hole is a lost packet, which the decoder conceals.
    mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16)

    mutating func receive(_ event: LegEvent)
}

/// One peer's dialect of "media over a WebSocket", seen from the gateway. Whole messages in, audio and events out;
/// audio, marks and clears in, message payloads out. No sockets, no clocks.
///
/// Nothing is allocated for a message of audio, either way.
public protocol Dialect: Sendable {
    /// How audio travels here; what the peer said once `started` was reported.
    var format: LegFormat { get }
    /// Whether `appendAudio` writes the payload of a binary message; else of a text message. All else is text.
    var outboundAudioIsBinary: Bool { get }
    /// Whether the peer returns the marks that a clear drops, as if they had been played.
    var clearReturnsMarks: Bool { get }
    /// Whether the peer takes text messages of our own making (`{"event":"note", ...}`).
    var takesNotes: Bool { get }

    /// Takes one text message.
    ///
    /// - Throws: see `WireError.handling`. Of a message that is refused nothing has been reported.
    mutating func decodeText(
        _ message: UnsafeRawBufferPointer, into sink: inout some LegEventSink
    ) throws(WireError)

    /// Takes one binary message.
    mutating func decodeBinary(
        _ message: UnsafeRawBufferPointer, into sink: inout some LegEventSink
    ) throws(WireError)

    /// Appends the payload of one message with one frame of audio, in the leg's codec. After `started` only.
    mutating func appendAudio(_ frame: Span<UInt8>, to out: inout [UInt8])
    /// Appends the payload of one text message that asks for a mark to be sent back. After `started` only.
    func appendMark(_ mark: Mark, to out: inout [UInt8])
    /// Appends the payload of one text message that drops what is queued and not played. After `started` only.
    func appendClear(to out: inout [UInt8])
    /// Appends the payload of one text message that tells the peer that its call is up, and our name for it.
    ///
    /// - Returns: false where the dialect has no such message; then nothing is appended and nothing to be sent.
    func appendStarted(call: String, to out: inout [UInt8]) -> Bool
}

extension Dialect {
    public var takesNotes: Bool { false }
    public var clearReturnsMarks: Bool { true }
    public func appendStarted(call: String, to out: inout [UInt8]) -> Bool { false }
}
