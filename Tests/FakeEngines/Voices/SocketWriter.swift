/// The parts of speaking that all WebSocket voices share.
protocol SocketWriter: ClauseWriter {
    var socket: FakeWebSocket { get }
    /// A message with sound whose field for it holds this.
    func soundMessage(_ field: FakeJSON) -> FakeJSON?
}

extension SocketWriter {
    func garbage(_ kind: FakeVoiceGarbage) async -> Bool {
        switch kind {
        case .cutJSON: await socket.send("{\"type\":\"chunk\",\"audio\":\"//")
        case .wrongTypes:
            await socket.send(
                #"{"type":5,"audio":{},"data":[],"context_id":7,"isFinal":"no","done":"yes","sequence_id":"x"}"#)
        case .unknownType: await socket.send(#"{"type":"weather","text":"mild","context_id":"none"}"#)
        case .binary: await socket.send([0xFF, 0x00, 0xFE])
        case .badBase64: await socket.send((soundMessage("%%no=base64%%") ?? ["type": "Speech"]).text)
        }
    }

    func huge() async -> Bool {
        let size = 2 << 20
        guard let message = soundMessage(.string(String(repeating: "A", count: size))) else {
            return await socket.send([UInt8](repeating: 0xFF, count: size))
        }
        return await socket.send(message.text)
    }

    func drop() async { await socket.drop() }

    /// Returns without waiting for the handshake, which the reader of the connection takes part in.
    func close(_ code: UInt16) async { await socket.close(code: code, reason: "scripted") }
}
