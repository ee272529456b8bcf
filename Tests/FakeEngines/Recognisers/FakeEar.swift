import NIOWebSocket

/// One protocol's side of a fake recogniser: checks what the client says, and says what was heard. One value for a connection.
protocol FakeEar: Sendable {
    /// Samples a second of the audio that it steps to hear.
    var rate: Int { get }
    /// A client that says nothing for so long is sent away.
    var patience: Duration? { get }
    mutating func opened() -> [FakeStep]
    mutating func take(_ message: FakeMessage) -> [FakeStep]
    /// Called once for each step to hear or to settle; what is heard may be nothing.
    mutating func tell(_ heard: [FakeHeard]) -> [FakeMessage]
    /// The protocol's own words for trouble of its own.
    mutating func trouble() -> [FakeMessage]
    func garbage(_ kind: FakeFault.Garbage) -> FakeMessage
    mutating func outOfPatience() -> [FakeStep]
    /// A message of this many bytes that would be a partial.
    mutating func huge(_ bytes: Int) -> FakeMessage
}

/// What a fake does about a message.
enum FakeStep: Sendable {
    case say(FakeMessage)
    case hear([Int16])
    /// The client wants the turn's words.
    case settle
    /// The client drops the turn's audio.
    case forget
    /// The client broke the protocol.
    case wrong(String)
    case close(code: UInt16, reason: String)
}

extension FakeEar {
    var patience: Duration? { nil }
    mutating func outOfPatience() -> [FakeStep] { [] }
    mutating func opened() -> [FakeStep] { [] }
}

/// How a fake talks to its client.
protocol FakeWire: Sendable {
    var number: Int { get }
    /// - Parameter time: nil: for ever.
    func next(within time: Duration?) async -> FakeTaken<FakeMessage>
    @discardableResult
    func send(_ message: FakeMessage) async -> Bool
    func close(code: UInt16, reason: String) async
    func drop() async
    func stall() async
    /// The first part of a message, and more of it for as long as it is taken.
    func sendWithoutEnd() async
}

extension FakeWebSocket: FakeWire {
    func next(within time: Duration?) async -> FakeTaken<FakeMessage> { await mailbox.next(within: time) }

    @discardableResult
    public func send(_ message: FakeMessage) async -> Bool {
        switch message {
        case .text(let text): await send(text)
        case .binary(let bytes): await send(bytes)
        }
    }

    func sendWithoutEnd() async {
        let some = [UInt8](repeating: UInt8(ascii: " "), count: 4_096)
        guard await sendFrame(.text, isLast: false, Array("{\"type\":\"".utf8)) else { return }
        while await sendFrame(.continuation, isLast: false, some) {}
    }
}
