import ParleyCore

/// A synthesiser: clauses one after the other, in pieces of half a second, somewhat faster than they are spoken.
struct SimulatedVoice {
    private var random: SplitMix64
    private let latency: ClosedRange<Int>
    /// It tells when words end.
    private let tellsWords: Bool
    private var isFreeAt = CallTime.zero
    private static let pieceFrames = 25
    /// 60 ms a letter.
    private static let framesPerLetter = 3

    init(seed: UInt64) {
        random = SplitMix64(seed: seed, stream: 0x701CE)
        latency = random.pick([20...80, 60...250, 150...450])
        tellsWords = random.chance(0.8)
    }

    mutating func speak(
        _ text: String, _ generation: Generation, clause: Int, at now: CallTime, faults: inout EngineFaults,
        into queue: inout EventQueue<Happening>
    ) {
        if faults.happens(.voiceNever, at: now) { return }
        var due = max(now, isFreeAt) + random.milliseconds(latency)
        if faults.happens(.voiceLate, at: now) { due += random.milliseconds(1_000...5_000) }
        func put(_ answer: SynthesizerAnswer) { queue.put(.input(.synthesizer(answer)), at: due) }
        if faults.happens(.voiceFails, at: now) { return put(.failed(generation, clause: clause)) }
        var frames = text.utf8.count * Self.framesPerLetter
        if faults.happens(.voiceShort, at: now) { frames = random.below(frames) }
        let words = tellsWords ? Self.words(of: text) : []
        let stall = faults.happens(.voiceStalls, at: now) ? random.below(frames / Self.pieceFrames + 1) : nil
        let source = FrameTag.Source.reply(generation, clause: clause)
        for (piece, first) in stride(from: 0, to: frames, by: Self.pieceFrames).enumerated() {
            if piece == stall { due += random.milliseconds(800...6_000) }
            let count = min(Self.pieceFrames, frames - first)
            let told = words.filter { $0.audioEnd > first * 20 && $0.audioEnd <= (first + count) * 20 }
            put(.audio(generation, clause: clause, FrameTag.audio(source, first: first, frames: count, words: told)))
            due += random.milliseconds(20...120)
        }
        put(.done(generation, clause: clause))
        isFreeAt = due
    }

    mutating func cancel(
        _ generation: Generation, at now: CallTime, faults: inout EngineFaults, in queue: inout EventQueue<Happening>
    ) {
        isFreeAt = now
        // What is on its way still comes, now and then.
        if faults.happens(.voiceAfterCancel, at: now) || random.chance(0.2) { return }
        queue.removeAll { happening in
            guard case .input(.synthesizer(let answer)) = happening else { return false }
            switch answer {
            case .audio(generation, _, _), .done(generation, _), .failed(generation, _): return true
            default: return false
            }
        }
    }

    private static func words(of text: String) -> [WordEnd] {
        var ends: [WordEnd] = []
        var offset = 0
        var isInWord = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: " "), isInWord { ends.append(end(offset)) }
            isInWord = byte != UInt8(ascii: " ")
            offset += 1
        }
        if isInWord { ends.append(end(offset)) }
        return ends
    }

    private static func end(_ offset: Int) -> WordEnd {
        WordEnd(textEnd: offset, audioEnd: offset * framesPerLetter * 20)
    }
}
