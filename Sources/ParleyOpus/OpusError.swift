import COpus
import ParleyCore

/// Numbers that all of Opus shares.
enum Opus {
    static let sampleRates = [8_000, 16_000, 24_000, 48_000]

    /// Samples in the frames that Opus codes: 2.5, 5, 10, 20, 40 and 60 ms.
    static func isFrame(_ count: Int, sampleRate: Int) -> Bool {
        guard count % (sampleRate / 400) == 0 else { return false }
        return switch count / (sampleRate / 400) {
        case 1, 2, 4, 8, 16, 24: true
        default: false
        }
    }

    static func check(sampleRate: Int) throws(CodecError) {
        guard sampleRates.contains(sampleRate) else {
            throw CodecError(
                code: Int(OPUS_BAD_ARG),
                description: "Opus has no sample rate of \(sampleRate); use 8000, 16000, 24000 or 48000")
        }
    }

    /// Turns what a call of libopus answers into an error, where it is one. `doing` says what was asked for.
    @discardableResult
    static func check(_ answer: Int32, _ doing: @autoclosure () -> String) throws(CodecError) -> Int {
        if answer >= 0 { return Int(answer) }
        let words = opus_strerror(answer).map { String(cString: $0) } ?? "error \(answer)"
        throw CodecError(code: Int(answer), description: "Opus cannot \(doing()): \(words)")
    }
}
