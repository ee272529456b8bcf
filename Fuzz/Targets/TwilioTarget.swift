import ParleyCore
import ParleyWire

/// Twilio's dialect, both ends. The input is a `WireScript`.
enum TwilioTarget: DialectTarget {
    static var ordinaryStart: LegStart { LegStart(streamID: "MZ1", callID: "CA1", accountID: "AC1") }

    static func makeGateway() -> TwilioDialect { TwilioDialect() }

    static func makePeer(of start: LegStart) -> TwilioPeer {
        TwilioPeer(
            streamID: start.streamID, callID: start.callID, accountID: start.accountID, parameters: start.parameters)
    }

    static func carried(_ start: LegStart) -> LegStart {
        var start = start
        start.tracks = [.inbound]
        return start
    }

    static func heard(_ octets: [UInt8], format: LegFormat) -> [LegRecorder.Report] {
        [.audio(octets.map { MuLaw.decode($0) }, timestamp: 0)]
    }
}
