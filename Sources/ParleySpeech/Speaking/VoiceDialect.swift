import ParleyCore

/// What a voice's server said of a clause, which is known by the number that it was spoken under.
public enum VoiceNews: Equatable, Sendable {
    /// Of what follows, where it is not the format that was asked for.
    case format(Int, VoiceFormat)
    /// Its sound, cut anywhere.
    case audio(Int, [UInt8])
    case words(Int, [TimedWord])
    /// All of its sound has come.
    case done(Int)
    case failed(Int, VoiceFault)
    /// The connection is of no use any more, nor is what it was working on.
    case broken(VoiceFault)
    /// Nothing that the protocol has. A few are let pass.
    case garbage
}

/// A word as a voice spoke it.
public struct TimedWord: Equatable, Sendable {
    public var text: String
    /// Milliseconds of audio from the clause's start.
    public var end: Int

    public init(_ text: String, end: Int) {
        self.text = text
        self.end = end
    }
}

/// A message to a voice's server.
public enum VoiceMessage: Equatable, Sendable {
    case text([UInt8])
    case binary([UInt8])
}

/// One voice's protocol over one connection. Pure: messages in, news out; no socket, no clock.
public protocol VoiceDialect: Sendable {
    /// Of a clause's sound, unless news says otherwise.
    var format: VoiceFormat { get }
    /// How much room should be kept ready on open connections, in clauses.
    var spare: Int { get }
    /// After so long without a message of ours, this one is sent; `nil`: the connection needs none.
    var keepAlive: (every: CallTime, message: VoiceMessage)? { get }
    /// What is said before the connection is closed.
    var goodbye: [VoiceMessage] { get }

    /// It will take no clause any more.
    var isSpent: Bool { get }

    /// How many more clauses the connection takes at this moment.
    func room(at now: CallTime) -> Int
    /// The connection stands.
    mutating func opened() -> [VoiceMessage]
    /// - Parameter id: unique in a session, rising.
    mutating func speak(_ text: String, as id: Int, at now: CallTime) -> [VoiceMessage]
    /// Nobody wants these clauses, which were spoken here and are not over.
    ///
    /// - Returns: `nil` where only the connection's end stops them.
    mutating func cancel(_ ids: [Int], at now: CallTime) -> [VoiceMessage]?
    /// A text message of a WebSocket.
    mutating func take(text: UnsafeRawBufferPointer, into news: inout [VoiceNews])
    /// A binary message, or bytes that came over TCP.
    mutating func take(binary: UnsafeRawBufferPointer, into news: inout [VoiceNews])
}

extension VoiceDialect {
    public var spare: Int { 1 }
    public var keepAlive: (every: CallTime, message: VoiceMessage)? { nil }
    public var goodbye: [VoiceMessage] { [] }
    public var isSpent: Bool { false }
    public mutating func opened() -> [VoiceMessage] { [] }
    public mutating func take(text: UnsafeRawBufferPointer, into news: inout [VoiceNews]) { news.append(.garbage) }
    public mutating func take(binary: UnsafeRawBufferPointer, into news: inout [VoiceNews]) { news.append(.garbage) }
}
