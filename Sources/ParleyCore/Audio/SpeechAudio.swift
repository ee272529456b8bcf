/// A stretch of synthesised speech, already in a leg's codec and cut into 20 ms frames. Immutable and shared:
/// copying one copies a reference.
public struct SpeechAudio: Hashable, Sendable {
    /// The frames' encoded octets, one after another.
    public let payload: [UInt8]
    /// Where each frame ends in `payload`; empty when all frames have `frameBytes` octets.
    public let frameEnds: [Int]
    /// Octets of every frame where they are all alike (mu-law: 160); 0 where `frameEnds` says.
    public let frameBytes: Int
    /// The same audio as 8 kHz mu-law, 160 octets a frame, for the voice activity detector's echo reference;
    /// empty when `payload` is just that.
    public let reference: [UInt8]
    /// When each word ends, in milliseconds from the start of the clause this belongs to. May be empty.
    public let words: [WordEnd]

    public init(payload: [UInt8], frameBytes: Int, reference: [UInt8] = [], words: [WordEnd] = []) {
        precondition(frameBytes > 0 && payload.count % frameBytes == 0, "audio is whole frames")
        self.payload = payload
        self.frameBytes = frameBytes
        frameEnds = []
        self.reference = reference
        self.words = words
    }

    public init(packets: [[UInt8]], reference: [UInt8], words: [WordEnd] = []) {
        precondition(reference.count == packets.count * 160, "one reference frame a packet")
        var ends: [Int] = []
        ends.reserveCapacity(packets.count)
        var payload: [UInt8] = []
        for packet in packets {
            payload += packet
            ends.append(payload.count)
        }
        self.payload = payload
        frameBytes = 0
        frameEnds = ends
        self.reference = reference
        self.words = words
    }

    /// Several stretches as one; `nil` for none. All in one format.
    public init?(joining parts: [SpeechAudio]) {
        guard let first = parts.first else { return nil }
        payload = parts.flatMap(\.payload)
        frameBytes = first.frameBytes
        reference = parts.flatMap(\.reference)
        words = parts.flatMap(\.words)
        var offset = 0
        var ends: [Int] = []
        for part in parts {
            ends += part.frameEnds.map { $0 + offset }
            offset += part.payload.count
        }
        frameEnds = ends
    }

    /// Number of 20 ms frames.
    public var frameCount: Int { frameBytes > 0 ? payload.count / frameBytes : frameEnds.count }

    /// Lends the audio as 8 kHz mu-law.
    func withReference<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        (reference.isEmpty ? payload : reference).withUnsafeBufferPointer(body)
    }

    /// The octets of one frame, as a range of `payload`.
    public func range(ofFrame index: Int) -> Range<Int> {
        if frameBytes > 0 { return index * frameBytes..<(index + 1) * frameBytes }
        return (index == 0 ? 0 : frameEnds[index - 1])..<frameEnds[index]
    }
}

/// Where a spoken word ends: in the text that was asked for, and in the audio that came back.
public struct WordEnd: Hashable, Sendable {
    /// Offset just past the word, in UTF-8 units of the clause's text.
    public var textEnd: Int
    /// Milliseconds of audio from the start of the clause.
    public var audioEnd: Int
    /// The same for each phone of the word, the last being the word's own end; empty where the voice does not tell.
    public var phoneEnds: [Int]

    public init(textEnd: Int, audioEnd: Int, phoneEnds: [Int] = []) {
        self.textEnd = textEnd
        self.audioEnd = audioEnd
        self.phoneEnds = phoneEnds
    }

    /// The same word where its clause begins later.
    func delayed(by milliseconds: Int) -> WordEnd {
        WordEnd(
            textEnd: textEnd, audioEnd: audioEnd + milliseconds, phoneEnds: phoneEnds.map { $0 + milliseconds })
    }
}
