import ParleyCore
import ParleyNetwork
import ParleyWire

/// Reads the answer of one request for a turn's words, `{"text": ...}`. Confined to its event loop.
final class TranscriptReader: HTTPStreamUser {
    enum Outcome: Equatable {
        case words(String)
        /// With the time that the server wants to be left alone for, where it says so.
        case fault(VoiceFault, wait: CallTime?)
    }

    /// More than a turn's words can be.
    private static let longest = 64 << 10

    private var status = 200
    private var wait: CallTime?
    private var answer: [UInt8] = []
    /// Called once; `nil` from then on.
    private var tell: ((Outcome) -> Void)?

    init(_ tell: @escaping (Outcome) -> Void) { self.tell = tell }

    func head(status: Int, headers: [(name: String, value: String)]) {
        self.status = status
        let seconds = headers.first { $0.name.lowercased() == "retry-after" }.flatMap { Int($0.value) }
        if let seconds, (0...86_400).contains(seconds) { wait = .seconds(Double(seconds)) }
    }

    func body(_ piece: UnsafeRawBufferPointer) {
        guard answer.count + piece.count <= Self.longest else {
            return end(.fault(VoiceFault("its answer has more than \(Self.longest >> 10) KiB"), wait: nil))
        }
        answer += piece
    }

    func ended(_ problem: String?) {
        if let problem {
            end(.fault(VoiceFault(problem), wait: nil))
        } else if status != 200 {
            end(.fault(.status(status, SpeechAnswerReader.words(answer)), wait: wait))
        } else if let words = Self.words(answer) {
            end(.words(words))
        } else {
            end(.fault(VoiceFault("what it answers is no transcript"), wait: nil))
        }
    }

    private func end(_ outcome: Outcome) {
        let tell = tell
        self.tell = nil
        tell?(outcome)
    }

    static func words(_ answer: [UInt8]) -> String? {
        var words: String?
        let isWhole = answer.withUnsafeBytes { bytes in
            JSONScanner.message(bytes) { key, json throws(JSONError) in
                if key == "text" { words = try json.textOrSkip() } else { try json.skip() }
            }
        }
        return isWhole ? words : nil
    }
}
