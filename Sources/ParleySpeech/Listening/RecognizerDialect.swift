import ParleyCore

/// How one recogniser speaks: what is sent to it when, and what its messages mean. One value for each connection.
///
/// Pure: no socket, no clock. Turns are told by a number that rises from turn to turn; of each come audio, then `finish` or
/// `cancel`, in this order, and nothing of a later turn before. Words of a turn that is over for the dialect are dropped by it.
package protocol RecognizerDialect: Sendable {
    /// The longest stretch in which nothing is sent; `nil`: the peer does not mind silence.
    var keepAliveAfter: CallTime? { get }
    /// False while the peer has to answer first. What is to be sent then waits, for a bounded time.
    var takesMore: Bool { get }

    /// The connection stands. `.ready` is told now or later.
    mutating func open(into line: inout DialectLine)
    /// - Parameter octets: a batch in the agreed form, of this length.
    mutating func audio(_ octets: [UInt8], length: CallTime, of turn: Int, into line: inout DialectLine)
    /// The caller may have finished. Words that are decoded early for it stay the turn's.
    mutating func pause(_ turn: Int, into line: inout DialectLine)
    /// The turn is over: `.final` or `.failed` is told now or later, or what is expected and by when.
    ///
    /// - Parameter quiet: how much of its audio's end is much quieter than the rest, so that no words are in it.
    mutating func finish(_ turn: Int, quiet: CallTime, into line: inout DialectLine)
    /// Nothing more is told of the turn, whether it is finished or not.
    mutating func cancel(_ turn: Int, into line: inout DialectLine)
    /// What was expected of a finished turn has not come in time: `.final` with the words that are there.
    mutating func conclude(_ turn: Int, into line: inout DialectLine)
    mutating func keepAlive(into line: inout DialectLine)
    /// The call is over. Where something is sent, the peer is given the time to close.
    mutating func end(into line: inout DialectLine)

    /// A text message. Lent.
    mutating func receive(text message: UnsafeRawBufferPointer, into line: inout DialectLine)
    /// A binary message, or bytes of a TCP connection as they come. Lent.
    mutating func receive(binary message: UnsafeRawBufferPointer, into line: inout DialectLine)
}

extension RecognizerDialect {
    package var keepAliveAfter: CallTime? { nil }
    package var takesMore: Bool { true }
    package mutating func pause(_ turn: Int, into line: inout DialectLine) {}
    package mutating func keepAlive(into line: inout DialectLine) {}
    package mutating func end(into line: inout DialectLine) {}
    package mutating func receive(text message: UnsafeRawBufferPointer, into line: inout DialectLine) {
        line.tell(.garbage)
    }
    package mutating func receive(binary message: UnsafeRawBufferPointer, into line: inout DialectLine) {
        line.tell(.garbage)
    }
}

/// What a dialect wants sent, and what it has understood; each in order.
package struct DialectLine: Equatable, Sendable {
    package enum Message: Equatable, Sendable {
        case text([UInt8])
        /// A binary message; over TCP, bytes.
        case binary([UInt8])
    }

    package enum Sign: Equatable, Sendable {
        /// The connection takes audio from now on.
        case ready
        /// A message without words.
        case alive
        /// All the words of a turn so far; they may change.
        case partial(Int, String)
        /// The words of a finished turn; empty where there are none.
        case final(Int, String)
        /// This turn's words will not come, and why. The connection goes on.
        case failed(Int, String)
        /// If nothing more comes within this time from now, the finished turn is concluded with what is there.
        case expect(Int, within: CallTime)
        /// The connection has served its purpose; the next turn has another one.
        case done
        /// A message that the protocol does not have; it is dropped and counted.
        case garbage
        /// The peer cannot go on, and why.
        case fault(String)
    }

    package private(set) var messages: [Message] = []
    package private(set) var signs: [Sign] = []

    package init() {}

    package mutating func send(_ message: Message) { messages.append(message) }

    package mutating func send(text: String) { send(.text(Array(text.utf8))) }

    package mutating func tell(_ sign: Sign) { signs.append(sign) }
}
