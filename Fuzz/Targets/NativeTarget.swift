import ParleyCore
import ParleyWire

/// Parley's own dialect, both ends. The input is a `WireScript`.
enum NativeTarget: DialectTarget {
    static var ordinaryStart: LegStart { LegStart(format: LegFormat(codec: .linear16, sampleRate: 16_000)) }

    static func makeGateway() -> NativeDialect { NativeDialect() }

    static func makePeer(of start: LegStart) -> NativePeer {
        NativePeer(format: start.format, from: start.from, parameters: start.parameters)
    }

    static func carried(_ start: LegStart) -> LegStart { start }

    static func heard(_ octets: [UInt8], format: LegFormat) -> [LegRecorder.Report] {
        if format.codec == .opus { return [.packet(octets, sequence: 0)] }
        let samples = stride(from: 0, to: octets.count, by: 2).map {
            Int16(truncatingIfNeeded: Int(octets[$0]) | Int(octets[$0 + 1]) << 8)
        }
        return [.audio(samples, timestamp: -1)]
    }
}
