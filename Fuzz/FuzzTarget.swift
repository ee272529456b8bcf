/// One reader of what strangers send, and what must hold whatever they send.
///
/// The fuzzer calls `check` with inputs that it makes up, the tests with those of `Corpus/<name>`. To add one: a file in
/// `Targets`, a line in `all`, a folder of small inputs in `Corpus`.
public struct FuzzTarget: Sendable {
    /// Its name on the command line, and its folder in `Corpus`.
    public let name: String
    /// Reads an input in every way that must come to the same; throws which property does not hold. A trap is a finding
    /// as well.
    public let check: @Sendable ([UInt8]) throws(Broken) -> Void

    public static let all = [
        FuzzTarget(name: "twilio", check: TwilioTarget.check),
        FuzzTarget(name: "native", check: NativeTarget.check),
        FuzzTarget(name: "websocket", check: WebSocketTarget.check),
        FuzzTarget(name: "handshake", check: HandshakeTarget.check),
        FuzzTarget(name: "text", check: TextTarget.check),
        FuzzTarget(name: "flow", check: FlowTarget.check),
        FuzzTarget(name: "capsule", check: CapsuleTarget.check),
    ]
}

/// A property that an input breaks.
public struct Broken: Error, Equatable, CustomStringConvertible {
    public var description: String
    public init(_ description: String) { self.description = description }
}

func require(_ holds: Bool, _ property: @autoclosure () -> String) throws(Broken) {
    if !holds { throw Broken(property()) }
}
