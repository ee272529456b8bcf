import ParleyCore
import ParleyWire

/// The messages that a replayed call puts on its media socket, as its dialect writes them: to be compared with what was
/// received at the other end (`parley call --record-wire`), byte for byte.
public struct ReplayedWire {
    /// Payloads in the order they are sent: audio, marks, clears. What only tells a watcher how the call goes is not among
    /// them, as it decides nothing.
    public private(set) var payloads: [[UInt8]] = []
    private var dialect: any Dialect

    /// - Throws: `.header`, where the capsule does not say which dialect its call was in.
    public init(header: CapsuleHeader, format: LegFormat) throws(CapsuleError) {
        var peer: any PeerDialect
        switch header["provider"] {
        case "twilio":
            dialect = TwilioDialect()
            peer = TwilioPeer(streamID: header["stream"] ?? "", callID: "CA0", accountID: "AC0")
        case "native":
            dialect = NativeDialect()
            peer = NativePeer(format: format)
        default: throw .header("provider")
        }
        // The dialect is brought to where the call's was: its peer has begun the stream.
        var start: [UInt8] = []
        peer.appendStart(to: &start)
        var inlet = Inlet()
        let fault = start.withUnsafeBytes { message -> WireError? in
            do throws(WireError) { try dialect.decodeText(message, into: &inlet) } catch { return error }
            return nil
        }
        if fault != nil { throw .header("stream") }
    }

    public mutating func take(_ step: ReplayStep) {
        var payload: [UInt8] = []
        switch step {
        case .frame(let octets): dialect.appendAudio(octets.span, to: &payload)
        case .effect(.clear): dialect.appendClear(to: &payload)
        case .effect(.mark(let mark)): dialect.appendMark(mark, to: &payload)
        case .effect, .heard, .told: return
        }
        payloads.append(payload)
    }

    /// Compares with what the other end received.
    ///
    /// - Returns: what is different, in one line; `nil` where nothing is.
    public func difference(from received: WireRecording) -> String? {
        let theirs = received.messages.filter(Self.isOfTheCall).map(\.payload)
        for (index, (mine, other)) in zip(payloads, theirs).enumerated() where mine != other {
            return "message \(index + 1): replayed \(Self.shown(mine)), received \(Self.shown(other))"
        }
        guard payloads.count == theirs.count else {
            return "\(payloads.count) messages were replayed, \(theirs.count) were received"
        }
        return nil
    }

    /// Audio in binary, or one of the three messages that a call's effects become.
    private static func isOfTheCall(_ message: WireRecording.Message) -> Bool {
        !message.isText
            || ["media", "mark", "clear"].contains { message.payload.starts(with: Array("{\"event\":\"\($0)\"".utf8)) }
    }

    private static func shown(_ payload: [UInt8]) -> String {
        String(decoding: payload.prefix(80), as: UTF8.self) + (payload.count > 80 ? "..." : "")
    }

    /// What the stream's start says is known.
    private struct Inlet: LegEventSink {
        mutating func audio(_ samples: Span<Int16>, timestamp: Int) {}
        mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {}
        mutating func receive(_ event: LegEvent) {}
    }
}
