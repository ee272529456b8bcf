import ParleyCore
import Testing

@testable import ParleyWire

/// Takes audio as a call does: looks at it, keeps nothing.
private struct Listener: WebSocketSink {
    var dialect = TwilioDialect()
    var ear = Ear()
    var failures = 0

    struct Ear: LegEventSink {
        var heard = 0
        var addresses: Set<UInt> = []
        mutating func audio(_ samples: Span<Int16>, timestamp: Int) {
            heard += samples.count
            samples.withUnsafeBufferPointer { _ = addresses.insert(UInt(bitPattern: $0.baseAddress)) }
        }
        mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {}
        mutating func receive(_ event: LegEvent) {}
    }

    mutating func text(_ message: UnsafeRawBufferPointer) {
        do { try dialect.decodeText(message, into: &ear) } catch { failures += 1 }
    }
    mutating func binary(_ message: UnsafeRawBufferPointer) {}
    mutating func ping(_ payload: UnsafeRawBufferPointer) {}
    mutating func pong(_ payload: UnsafeRawBufferPointer) {}
    mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) {}
}

@Test("A call's frames go from socket bytes to samples through buffers that stay where they are")
func buffersStay() throws {
    var listener = Listener()
    var receiver = WebSocketReceiver(role: .server)
    try receiver.receive(clientFrame(.text, TwilioVectors.start), into: &listener)
    let reply = [UInt8](repeating: 0x2A, count: 160)
    var out: [UInt8] = []
    out.reserveCapacity(1_024)
    let capacity = out.capacity
    for index in 1...400 {
        let octets = [UInt8](repeating: 0x55, count: 160)
        try receiver.receive(
            clientFrame(.text, TwilioVectors.media(octets, chunk: index, timestamp: index * 20)), into: &listener)
        #expect(receiver.heldCapacity == 0)

        out.removeAll(keepingCapacity: true)
        let media = WebSocketFrame.begin(in: &out)
        listener.dialect.appendAudio(reply.span, to: &out)
        WebSocketFrame.end(media, .text, in: &out)
        let mark = WebSocketFrame.begin(in: &out)
        listener.dialect.appendMark(Mark(generation: Generation(3), index: UInt32(index)), to: &out)
        WebSocketFrame.end(mark, .text, in: &out)
        #expect(out.capacity == capacity)
    }
    #expect(listener.failures == 0)
    #expect(listener.ear.heard == 400 * 160)
    #expect(listener.ear.addresses.count == 1)
}
