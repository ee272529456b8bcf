/// The messages of a conversation, as a fuzzer's input writes them: one a line.
///
///     {"event":"start"}       text, to the gateway
///     =0102FF                 binary, to the gateway: two digits a byte; any other byte is a digit too, by its low bits
///     >{"event":"clear"}      text, to the peer
///     >=0102FF                binary, to the peer
struct WireScript {
    struct Message {
        var bytes: [UInt8]
        var isBinary = false
    }
    private(set) var toGateway: [Message] = []
    private(set) var toPeer: [Message] = []

    init(_ input: [UInt8]) {
        for line in input.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: ">") {
                toPeer.append(Self.message(line.dropFirst()))
            } else {
                toGateway.append(Self.message(line))
            }
        }
    }

    private static func message(_ line: ArraySlice<UInt8>) -> Message {
        guard line.first == UInt8(ascii: "=") else { return Message(bytes: Array(line)) }
        let digits = line.dropFirst().map(digit)
        return Message(
            bytes: stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] },
            isBinary: true)
    }

    private static func digit(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x46, 0x61...0x66: (byte & 0x0F) + 9
        default: byte & 0x0F
        }
    }
}
