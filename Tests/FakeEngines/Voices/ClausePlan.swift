/// A stretch of sound as it goes out. Times are milliseconds from the clause's start.
struct SoundPiece: Sendable {
    let start: Int
    let end: Int
    /// Made when it goes out: a first sound that waited for the whole clause's would be a late one.
    let makeBytes: @Sendable () -> [UInt8]

    var bytes: [UInt8] { makeBytes() }
}

/// What is asked of the sound.
struct SoundShape: Sendable {
    var encoding: FakeEncoding
    var rate: Int
}

/// What becomes of one clause, in order, before anybody cancels it.
struct ClausePlan: Sendable {
    enum Step: Sendable {
        case pause(Duration)
        case sound(SoundPiece)
        case garbage(FakeVoiceGarbage)
        case huge, fail, stall, drop
        case close(UInt16)
        case end
    }
    private(set) var steps: [Step] = []
    /// After the last step comes the first sound again.
    private(set) var isEndless = false
    private(set) var piecesAfterCancel = 0
    let isPaced: Bool
    /// As it is told, and as the sound is.
    let shape: SoundShape

    /// - Parameters:
    ///   - clause: of the server, from 0.
    ///   - faults: those for this clause.
    init(_ text: String, clause: Int, shape wanted: SoundShape, script: FakeVoiceScript, faults: [FakeVoiceFault]) {
        isPaced = script.isPaced
        var shape = wanted
        var pause = script.firstSound
        var isNoise = false
        var isSplit = false
        for fault in faults {
            switch fault {
            case .wrongRate(let rate): shape.rate = rate
            case .late(let time): pause += time
            case .noise: isNoise = true
            case .splitsSamples: isSplit = true
            case .endless: isEndless = true
            case .soundAfterCancel(let pieces): piecesAfterCancel = pieces
            default: break
            }
        }
        self.shape = shape
        var pieces: [SoundPiece] = []
        let length = FakeSound.milliseconds(text)
        for start in stride(from: 0, to: length, by: max(script.pieceMilliseconds, 1)) {
            let end = min(start + script.pieceMilliseconds, length)
            let range = start * shape.rate / 1_000..<end * shape.rate / 1_000
            pieces.append(
                SoundPiece(start: start, end: end) { [shape, isNoise] in
                    shape.encoding.bytes(
                        isNoise ? FakeSound.noise(range) : FakeSound.tone(clause: clause, rate: shape.rate, range))
                })
        }
        if isSplit { pieces = Self.split(pieces) }
        if pause > .zero { steps.append(.pause(pause)) }
        steps += pieces.map { .sound($0) }
        steps.append(.end)
        for fault in faults { insert(fault, pieces.count) }
    }

    private mutating func insert(_ fault: FakeVoiceFault, _ pieces: Int) {
        switch fault {
        case .stalls(let after): cut(after, pieces, .stall)
        case .drops(let after): cut(after, pieces, .drop)
        case .closes(let code, let after): cut(after, pieces, .close(code))
        case .fails(let after): cut(after, pieces, .fail)
        case .endsEarly(let after): cut(after, pieces, .end)
        case .garbage(let garbage, let after): steps.insert(.garbage(garbage), at: place(after))
        case .huge(let after): steps.insert(.huge, at: place(after))
        case .endsTwice: steps.append(.end)
        case .endless: steps.removeAll { if case .end = $0 { true } else { false } }
        default: break
        }
    }

    /// Where the piece of this number is, or the end.
    private func place(_ after: Int) -> Int {
        var seen = 0
        return steps.firstIndex { step in
            guard case .sound = step else { return false }
            seen += 1
            return seen > after
        } ?? steps.firstIndex { if case .end = $0 { true } else { false } } ?? steps.count
    }

    /// The step comes after so many pieces, and nothing after it.
    private mutating func cut(_ after: Int, _ pieces: Int, _ step: Step) {
        steps.removeSubrange(place(min(after, pieces))...)
        steps.append(step)
    }

    /// Moves a byte of each piece into the one before.
    private static func split(_ pieces: [SoundPiece]) -> [SoundPiece] {
        pieces.indices.map { index in
            SoundPiece(start: pieces[index].start, end: pieces[index].end) {
                var bytes = index == 0 ? pieces[index].bytes[...] : pieces[index].bytes.dropFirst()
                if index + 1 < pieces.count { bytes += pieces[index + 1].bytes.prefix(1) }
                return Array(bytes)
            }
        }
    }
}
