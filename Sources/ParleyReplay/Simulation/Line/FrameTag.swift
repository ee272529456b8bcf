import ParleyCore

/// What a frame of the agent's audio is part of, written into its first eight octets: so that whoever plays it knows what the
/// caller hears.
struct FrameTag: Hashable, Sendable {
    enum Source: Hashable, Sendable {
        case reply(Generation, clause: Int)
        case phrase(Phrase)
    }
    var source: Source
    /// Of its clause or phrase, from 0.
    var frame: Int

    private static let phraseMark: UInt8 = 0x51
    private static let replyMark: UInt8 = 0x52

    init(source: Source, frame: Int) {
        self.source = source
        self.frame = frame
    }

    init(_ octets: Span<UInt8>) {
        let second = Int(octets[1]) | Int(octets[2]) << 8 | Int(octets[3]) << 16
        let third = Int(octets[4]) | Int(octets[5]) << 8
        frame = Int(octets[6]) | Int(octets[7]) << 8
        if octets[0] == Self.phraseMark {
            source = .phrase(Phrase.allCases[min(second, Phrase.allCases.count - 1)])
        } else {
            precondition(octets[0] == Self.replyMark, "every simulated frame carries its tag")
            source = .reply(Generation(UInt32(second)), clause: third)
        }
    }

    /// Writes itself into the first octets of a frame.
    private func write(to octets: inout [UInt8], at start: Int) {
        let (mark, second, third): (UInt8, Int, Int) =
            switch source {
            case .reply(let generation, let clause): (Self.replyMark, Int(generation.number), clause)
            case .phrase(let phrase): (Self.phraseMark, Phrase.allCases.firstIndex(of: phrase) ?? 0, 0)
            }
        octets[start] = mark
        octets[start + 1] = UInt8(truncatingIfNeeded: second)
        octets[start + 2] = UInt8(truncatingIfNeeded: second >> 8)
        octets[start + 3] = UInt8(truncatingIfNeeded: second >> 16)
        octets[start + 4] = UInt8(truncatingIfNeeded: third)
        octets[start + 5] = UInt8(truncatingIfNeeded: third >> 8)
        octets[start + 6] = UInt8(truncatingIfNeeded: frame)
        octets[start + 7] = UInt8(truncatingIfNeeded: frame >> 8)
    }

    /// Audio whose frames say what they are.
    ///
    /// - Parameters:
    ///   - first: of its clause's frames.
    ///   - words: from the clause's start.
    static func audio(_ source: Source, first: Int, frames: Int, words: [WordEnd] = []) -> SpeechAudio {
        let voice = SoundPool.shared.spoken
        var payload: [UInt8] = []
        payload.reserveCapacity(frames * 160)
        for frame in first..<first + frames {
            let start = frame * 160 % voice.count
            payload.append(contentsOf: voice[start..<start + 160])
            FrameTag(source: source, frame: frame).write(to: &payload, at: payload.count - 160)
        }
        return SpeechAudio(payload: payload, frameBytes: 160, words: words)
    }
}
