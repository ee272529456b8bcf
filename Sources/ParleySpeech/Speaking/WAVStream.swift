/// Reads a WAV file as it comes, cut anywhere: its head, then its sound.
///
/// One channel of 16-bit samples or of mu-law. A length of 0, or near the largest there is, is what a server writes that
/// does not know it yet: to the end. Source: as for `ParleyCore.WAV`, which needs the whole file.
struct WAVStream {
    /// The sound begins within so many bytes.
    private static let longestHead = 64 << 10

    private var head: [UInt8] = []
    /// Of the sound; `nil`: to the end. Known once the head is over.
    private var left: Int?
    private var isSound = false

    /// - Returns: the format once, when it is known; and what of this is sound.
    mutating func take(_ piece: UnsafeRawBufferPointer) throws(VoiceFault) -> (format: VoiceFormat?, sound: [UInt8]) {
        if isSound { return (nil, sound(piece)) }
        head += piece
        guard let (format, start) = try readHead() else {
            guard head.count <= Self.longestHead else { throw VoiceFault("a WAV file whose sound never begins") }
            return (nil, [])
        }
        isSound = true
        let rest = head[start...]
        head = []
        return (format, rest.withUnsafeBytes { sound($0) })
    }

    private mutating func sound(_ piece: UnsafeRawBufferPointer) -> [UInt8] {
        guard let left else { return Array(piece) }
        let count = min(left, piece.count)
        self.left = left - count
        return Array(piece.prefix(count))
    }

    /// - Returns: the format, and where the sound begins; `nil` until that has come.
    private mutating func readHead() throws(VoiceFault) -> (VoiceFormat, Int)? {
        let begin = Array("RIFF".utf8)
        guard head.prefix(4).elementsEqual(begin.prefix(head.count)) else {
            throw VoiceFault("what it sends is no WAV file")
        }
        guard head.count >= 12 else { return nil }
        guard head[8..<12].elementsEqual("WAVE".utf8) else { throw VoiceFault("what it sends is no WAV file") }
        var format: VoiceFormat?
        var place = 12
        while head.count - place >= 8 {
            let size = number(at: place + 4, bytes: 4)
            let name = head[place..<place + 4]
            let body = place + 8
            if name.elementsEqual("data".utf8) {
                guard let format else { throw VoiceFault("a WAV file without a format") }
                left = size == 0 || size >= 0x7FFF_0000 ? nil : size
                return (format, body)
            }
            guard head.count - body >= size else { return nil }
            if name.elementsEqual("fmt ".utf8) { format = try readFormat(at: body, size: size) }
            // Chunks begin at even places.
            place = body + size + size % 2
        }
        return nil
    }

    private func readFormat(at place: Int, size: Int) throws(VoiceFault) -> VoiceFormat {
        guard size >= 16 else { throw VoiceFault("a WAV file with half a format") }
        var tag = number(at: place, bytes: 2)
        // The extensible form has the old tag at the start of its identifier.
        if tag == 0xFFFE, size >= 26 { tag = number(at: place + 24, bytes: 2) }
        let channels = number(at: place + 2, bytes: 2)
        let rate = number(at: place + 4, bytes: 4)
        let bits = number(at: place + 14, bytes: 2)
        switch (tag, bits, channels) {
        case (1, 16, 1): return VoiceFormat(.pcm16, rate: rate)
        case (7, 8, 1): return VoiceFormat(.mulaw, rate: rate)
        default:
            throw VoiceFault(
                "a WAV file of \(channels) channels, format \(tag), \(bits) bits; Parley takes one of 16-bit samples",
                isRetryable: false)
        }
    }

    private func number(at place: Int, bytes: Int) -> Int {
        (0..<bytes).reduce(0) { $0 | Int(head[place + $1]) << (8 * $1) }
    }
}
