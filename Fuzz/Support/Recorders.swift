import ParleyCore
import ParleyWire

/// Keeps what a dialect reports of a peer's messages.
struct LegRecorder: LegEventSink {
    enum Report: Equatable {
        case audio([Int16], timestamp: Int)
        case packet([UInt8], sequence: UInt16)
        case event(LegEvent)
    }
    var reports: [Report] = []

    mutating func audio(_ samples: Span<Int16>, timestamp: Int) {
        reports.append(.audio(samples.withUnsafeBufferPointer { Array($0) }, timestamp: timestamp))
    }
    mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {
        reports.append(.packet(Array(packet), sequence: sequence))
    }
    mutating func receive(_ event: LegEvent) { reports.append(.event(event)) }
}

/// Keeps what a peer's dialect reports of a gateway's messages.
struct LineRecorder: PeerEventSink {
    enum Report: Equatable { case audio([UInt8]), mark(String), clear, started(String), note([UInt8]) }
    var reports: [Report] = []

    mutating func audio(_ octets: UnsafeRawBufferPointer) { reports.append(.audio(Array(octets))) }
    mutating func mark(_ name: String) { reports.append(.mark(name)) }
    mutating func clear() { reports.append(.clear) }
    mutating func started(call: String) { reports.append(.started(call)) }
    mutating func note(_ json: UnsafeRawBufferPointer) { reports.append(.note(Array(json))) }
}

/// Keeps what a WebSocket receiver reports.
struct MessageRecorder: WebSocketSink {
    enum Report: Equatable {
        case text([UInt8]), binary([UInt8]), ping([UInt8]), pong([UInt8]), close(UInt16?, [UInt8])
    }
    var reports: [Report] = []
    /// After so many the sink wants no more.
    var limit = Int.max
    var acceptsMore: Bool { reports.count < limit }

    mutating func text(_ message: UnsafeRawBufferPointer) { reports.append(.text(Array(message))) }
    mutating func binary(_ message: UnsafeRawBufferPointer) { reports.append(.binary(Array(message))) }
    mutating func ping(_ payload: UnsafeRawBufferPointer) { reports.append(.ping(Array(payload))) }
    mutating func pong(_ payload: UnsafeRawBufferPointer) { reports.append(.pong(Array(payload))) }
    mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) {
        reports.append(.close(code, Array(reason)))
    }
}

/// Hears nothing, so that what is allocated is the reader's own.
struct Deaf: LegEventSink, PeerEventSink, WebSocketSink {
    mutating func audio(_ samples: Span<Int16>, timestamp: Int) {}
    mutating func packet(_ packet: UnsafeRawBufferPointer, sequence: UInt16) {}
    mutating func receive(_ event: LegEvent) {}
    mutating func audio(_ octets: UnsafeRawBufferPointer) {}
    mutating func mark(_ name: String) {}
    mutating func clear() {}
    mutating func text(_ message: UnsafeRawBufferPointer) {}
    mutating func binary(_ message: UnsafeRawBufferPointer) {}
    mutating func ping(_ payload: UnsafeRawBufferPointer) {}
    mutating func pong(_ payload: UnsafeRawBufferPointer) {}
    mutating func close(code: UInt16?, reason: UnsafeRawBufferPointer) {}
}
