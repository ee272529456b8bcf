import ParleyCore
import ParleyNetwork
import ParleyWire

/// Reads the answer of one request for speech. Confined to its event loop.
final class SpeechAnswerReader: HTTPStreamUser {
    /// Of an error's body; more says nothing new.
    private static let longestError = 4 << 10
    /// A kept connection that the server closes just as it is used fails so soon.
    private static let shortest = CallTime.milliseconds(500)

    private let id: Int
    private let carrier: RequestCarrier
    private var wav: WAVStream?
    private let began = CallTime.onLoop
    private var hasHead = false
    /// Of an answer that is no sound.
    private var status: Int?
    private var error: [UInt8] = []

    init(_ id: Int, container: SpeechContainer, carrier: RequestCarrier) {
        self.id = id
        self.carrier = carrier
        wav = container == .wav ? WAVStream() : nil
    }

    func head(status: Int, headers: [(name: String, value: String)]) {
        hasHead = true
        guard status == 200 else {
            self.status = status
            return
        }
        let type = headers.first { $0.name.lowercased() == "content-type" }?.value.lowercased() ?? ""
        if type.hasPrefix("text/") || type.hasPrefix("application/json") || type.hasPrefix("audio/mpeg") {
            carrier.take([.failed(id, VoiceFault("it answered with \(type), which is no sound Parley takes"))], of: id)
        }
    }

    func body(_ piece: UnsafeRawBufferPointer) {
        guard status == nil else {
            error += piece.prefix(Self.longestError - error.count)
            return
        }
        guard wav != nil else { return carrier.take([.audio(id, Array(piece))], of: id) }
        do throws(VoiceFault) {
            guard let (format, sound) = try wav?.take(piece) else { return }
            carrier.take((format.map { [.format(id, $0)] } ?? []) + [.audio(id, sound)], of: id)
        } catch {
            carrier.take([.failed(id, error)], of: id)
        }
    }

    func ended(_ problem: String?) {
        if let status {
            carrier.take([.failed(id, .status(status, Self.words(error)))], of: id)
        } else if let problem, !hasHead, .onLoop - began < Self.shortest {
            carrier.lost(id, VoiceFault(problem))
        } else if let problem {
            carrier.take([.failed(id, VoiceFault(problem))], of: id)
        } else {
            carrier.take([.done(id)], of: id)
        }
    }

    /// What an error's body says: `{"error": {"message": ...}}`, `{"error": ...}`, `{"message": ...}` or `{"detail": ...}`;
    /// else the body itself.
    static func words(_ body: [UInt8]) -> String {
        let said: String? = body.withUnsafeBytes { bytes in
            readVoiceMessage(bytes) { json throws(JSONError) in try Self.message(&json, depth: 0) } ?? nil
        }
        return said ?? String(decoding: body, as: UTF8.self)
    }

    private static func message(_ json: inout JSONScanner, depth: Int) throws(JSONError) -> String? {
        var found: String?
        try json.enterObject()
        while let key = try json.nextKey() {
            guard key == "error" || key == "message" || key == "detail" else {
                try json.skip()
                continue
            }
            let said =
                try json.kind() == .object && depth < 2
                ? try message(&json, depth: depth + 1) : try json.textOrSkip()
            found = found ?? said
        }
        return found
    }
}
