/// One record of a capsule.
public enum CapsuleRecord: Equatable, Sendable {
    /// 20 ms of the caller, at the leg's rate.
    case heard([Int16], at: CallTime)
    case event(CallEvent, at: CallTime)
    /// 20 ms of the caller without the sound; `isNoisy`: the line, see `Call.isLineNoisy`.
    case judged(VoiceActivity, isNoisy: Bool, at: CallTime)
    case phrase(Phrase, SpeechAudio)
    /// What the call did about the input before.
    case outputs([CapsuleOutput])
    case hash(UInt64)
    case end(hash: UInt64, inputs: Int, frames: Int)
}

/// What a call did, as a capsule tells it.
public enum CapsuleOutput: Equatable, Sendable {
    /// So many frames were sent.
    case frames(Int)
    /// See `CallEffect.line`.
    case line(String)
}

/// Reads a capsule record by record. What is cut off or damaged ends it there.
public struct CapsuleReader: Sendable {
    public let header: CapsuleHeader
    /// How the call behaves; the recorded phrases it played are among the records.
    public let settings: CallSettings
    private var octets: [UInt8]
    private var position: Int
    private var now = CallTime.zero
    /// The input just read sent one frame: its outputs are told next.
    private var sentOneFrame = false
    /// Where the first damaged record begins, and what is wrong with it; `nil` as long as none has been met.
    public private(set) var damage: (offset: Int, error: CapsuleError)?

    /// - Throws: `CapsuleError`, when it is no capsule or its header is not whole.
    public init(_ octets: [UInt8]) throws(CapsuleError) {
        let magic = CapsuleFormat.magic
        guard octets.count > magic.count, octets.starts(with: magic) else { throw .notACapsule }
        guard octets[magic.count] == CapsuleFormat.version else { throw .version(octets[magic.count]) }
        self.octets = octets
        position = magic.count + 1
        let (kind, body, end) = try Self.record(of: octets, at: position)
        guard kind == CapsuleFormat.Kind.header.rawValue else { throw .header("record") }
        var cursor = CapsuleCursor(body)
        _ = try cursor.time()
        header = try CapsuleHeader(from: &cursor)
        settings = try header.settings()
        position = end
    }

    /// The recorded phrases among what has not been read yet.
    public func phrases() -> [Phrase: SpeechAudio] {
        var reader = self
        var phrases: [Phrase: SpeechAudio] = [:]
        while let record = reader.next() {
            if case .phrase(let phrase, let audio) = record { phrases[phrase] = audio }
        }
        return phrases
    }

    /// More of the same file has come. What has been read is forgotten, and places are counted from here. What follows damage is
    /// not kept: it will not be read.
    mutating func append(_ more: [UInt8]) {
        guard damage == nil else { return }
        octets.removeFirst(position)
        octets += more
        position = 0
    }

    /// - Returns: `nil` at the end, or where it is damaged.
    public mutating func next() -> CapsuleRecord? {
        if sentOneFrame {
            sentOneFrame = false
            return .outputs([.frames(1)])
        }
        guard position < octets.count, damage == nil else { return nil }
        do throws(CapsuleError) {
            let (kind, body, end) = try Self.record(of: octets, at: position)
            let record = try read(kind, body)
            position = end
            return record
        } catch {
            damage = (position, error)
            return nil
        }
    }

    /// The octets between length and checksum, the checksum being right.
    private static func record(
        of octets: [UInt8], at position: Int
    ) throws(CapsuleError) -> (kind: UInt8, body: ArraySlice<UInt8>, end: Int) {
        var cursor = CapsuleCursor(octets[position...])
        let length: Int = try cursor.whole()
        let record = try cursor.take(length)
        let checksum: UInt32 = try cursor.fixed()
        guard record.withUnsafeBytes({ OutputHash.checksum($0) }) == checksum else { throw .cutShort }
        guard let kind = record.first else { throw .cutShort }
        return (kind, record.dropFirst(), octets.count - cursor.remaining)
    }

    private mutating func read(_ octet: UInt8, _ body: ArraySlice<UInt8>) throws(CapsuleError) -> CapsuleRecord {
        var cursor = CapsuleCursor(body)
        let time = now + (try cursor.time())
        let plain = octet & ~CapsuleFormat.sentOneFrame
        guard let kind = CapsuleFormat.Kind(rawValue: plain), plain == octet || kind.isInput else {
            throw .unknown("record \(octet)")
        }
        guard time.nanoseconds.magnitude <= 31_536_000_000_000_000 else { throw .number }
        let record: CapsuleRecord
        switch kind {
        case .header: throw .unknown("a second header")
        case .phrase:
            guard let phrase = Phrase(rawValue: try cursor.text()) else { throw .unknown("a phrase") }
            let audio = try SpeechAudio(from: &cursor)
            guard audio.fits(settings.format) else { throw .audio }
            record = .phrase(phrase, audio)
        case .mulaw:
            guard settings.format.codec == .mulaw else { throw .audio }
            let coded = try cursor.take(cursor.remaining)
            guard coded.count == settings.format.samplesPerFrame else { throw .audio }
            record = .heard(coded.map { MuLaw.decode($0) }, at: time)
        case .linear16:
            guard settings.format.codec != .mulaw, cursor.remaining == settings.format.samplesPerFrame * 2 else {
                throw .audio
            }
            var samples: [Int16] = []
            samples.reserveCapacity(settings.format.samplesPerFrame)
            while !cursor.isAtEnd { samples.append(Int16(bitPattern: try cursor.fixed(UInt16.self))) }
            record = .heard(samples, at: time)
        case .event:
            let event = try CallEvent(from: &cursor)
            if case .synthesizer(.audio(_, _, let audio)) = event, !audio.fits(settings.format) { throw .audio }
            record = .event(event, at: time)
        case .judged:
            let flags = try cursor.octet()
            let score = Float(bitPattern: try cursor.fixed())
            guard (0...1).contains(score) else { throw .number }
            let activity = VoiceActivity(flags: flags, score: score)
            record = .judged(activity, isNoisy: flags & VoiceActivity.noisy != 0, at: time)
        case .outputs: record = .outputs(try Self.outputs(&cursor))
        case .hash: record = .hash(try cursor.fixed())
        case .end: record = .end(hash: try cursor.fixed(), inputs: try cursor.whole(), frames: try cursor.whole())
        }
        guard cursor.isAtEnd else { throw .unknown("what follows a record's body") }
        now = time
        sentOneFrame = plain != octet
        return record
    }

    private static func outputs(_ cursor: inout CapsuleCursor) throws(CapsuleError) -> [CapsuleOutput] {
        var outputs: [CapsuleOutput] = []
        while !cursor.isAtEnd {
            let word = try cursor.varint()
            guard let count = Int(exactly: word >> 1) else { throw .number }
            if word & 1 == 0 {
                outputs.append(.frames(count))
            } else {
                guard let line = String(validating: try cursor.take(count), as: UTF8.self) else { throw .text }
                outputs.append(.line(line))
            }
        }
        return outputs
    }
}
