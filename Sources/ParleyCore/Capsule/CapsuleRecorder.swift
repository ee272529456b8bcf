/// Writes down all that a call was told, and what it did about it, as it goes.
///
/// Pure: it fills a buffer, which the shell takes from time to time and puts away. Every input is told to it before the call
/// is given it, its outputs while the call has it, and `finish()` after. Nothing is allocated for a frame but the buffer's own
/// growth.
public struct CapsuleRecorder: Sendable {
    private let format: LegFormat
    private let phrases: [Phrase: SpeechAudio]
    private var phrasesWritten: Set<Phrase> = []
    /// Whole records that nobody has taken yet.
    private var pending: [UInt8]
    /// The input that the call is dealing with: kind, time and body, without length and checksum.
    private var input: [UInt8] = []
    /// What it did about it: the kind, no time, and the body.
    private var outputs: [UInt8] = []
    private static let outputsHead = 2
    private var framesInARow = 0
    private var now = CallTime.zero
    /// The time of the last record.
    private var written = CallTime.zero
    private var hashWritten = CallTime.zero
    public private(set) var hash = OutputHash()
    public private(set) var inputs = 0
    public private(set) var frames = 0

    /// - Parameter header: who, when, with which engines; how the call behaves is put to it.
    public init(header: CapsuleHeader, settings: CallSettings) {
        format = settings.format
        phrases = settings.phrases
        pending = CapsuleFormat.magic + [CapsuleFormat.version]
        // A second of both directions, and what is around it.
        pending.reserveCapacity(64 << 10)
        input.reserveCapacity(1 << 10)
        outputs.reserveCapacity(1 << 10)
        outputs += [CapsuleFormat.Kind.outputs.rawValue, 0]
        var header = header
        header.describe(settings)
        var record: [UInt8] = [CapsuleFormat.Kind.header.rawValue, 0]
        header.append(to: &record)
        CapsuleFormat.append(record, to: &pending)
    }

    /// Octets that wait to be taken.
    public var waiting: Int { pending.count }

    /// Takes what has been written: whole records, which follow those taken before. The room for the next ones is made at once: one
    /// allocation for each taking.
    public mutating func take() -> [UInt8] {
        let taken = pending
        pending = []
        pending.reserveCapacity(taken.count + Self.slack)
        return taken
    }

    /// What one input may add to a full buffer.
    private static let slack = 4 << 10

    // MARK: Inputs

    public mutating func hear(_ samples: Span<Int16>, at now: CallTime) {
        if format.codec == .mulaw {
            begin(.mulaw, at: now)
            MuLaw.encode(samples, appendingTo: &input)
        } else {
            begin(.linear16, at: now)
            for index in samples.indices {
                let bits = UInt16(bitPattern: samples[index])
                input.append(UInt8(truncatingIfNeeded: bits))
                input.append(UInt8(truncatingIfNeeded: bits >> 8))
            }
        }
    }

    /// - Parameter isNoisy: see `Call.isLineNoisy`.
    mutating func hear(_ activity: VoiceActivity, isNoisy: Bool, at now: CallTime) {
        begin(.judged, at: now)
        input.append(activity.flags | (isNoisy ? VoiceActivity.noisy : 0))
        input.append(fixed: activity.score.bitPattern)
    }

    public mutating func handle(_ event: CallEvent, at now: CallTime) {
        begin(.event, at: now)
        event.append(to: &input)
    }

    private mutating func begin(_ kind: CapsuleFormat.Kind, at now: CallTime) {
        inputs += 1
        self.now = now
        input.removeAll(keepingCapacity: true)
        input.append(kind.rawValue)
        input.append(time: now - written)
        written = now
        if outputs.count > Self.outputsHead { outputs.removeLast(outputs.count - Self.outputsHead) }
        framesInARow = 0
    }

    // MARK: Outputs

    public mutating func play(_ frame: Span<UInt8>) {
        frames += 1
        framesInARow += 1
        hash.add(frame: frame)
    }

    public mutating func perform(_ effect: CallEffect) {
        // Its audio has to be known before the input that plays it.
        if case .note(.bridged(let phrase)) = effect { write(phrase) }
        closeFrames()
        let line = effect.line
        outputs.append(varint: UInt64(line.utf8.count) << 1 | 1)
        outputs += line.utf8
        hash.add(line: line)
    }

    private mutating func closeFrames() {
        guard framesInARow > 0 else { return }
        outputs.append(varint: UInt64(framesInARow) << 1)
        framesInARow = 0
    }

    private mutating func write(_ phrase: Phrase) {
        guard let audio = phrases[phrase], phrasesWritten.insert(phrase).inserted else { return }
        // Without time: the input that waits has been given the time since the record before.
        var record: [UInt8] = [CapsuleFormat.Kind.phrase.rawValue, 0]
        record.append(text: phrase.rawValue)
        audio.append(to: &record)
        CapsuleFormat.append(record, to: &pending)
    }

    /// The call has dealt with the input.
    public mutating func finish() {
        if outputs.count == Self.outputsHead, framesInARow == 1 {
            framesInARow = 0
            input[0] |= CapsuleFormat.sentOneFrame
        }
        CapsuleFormat.append(input, to: &pending)
        closeFrames()
        if outputs.count > Self.outputsHead { CapsuleFormat.append(outputs, to: &pending) }
        if now - hashWritten >= .seconds(1) {
            hashWritten = now
            var record: [UInt8] = [CapsuleFormat.Kind.hash.rawValue, 0]
            record.append(fixed: hash.value)
            CapsuleFormat.append(record, to: &pending)
        }
    }

    /// Nothing comes after this.
    public mutating func end() {
        var record: [UInt8] = [CapsuleFormat.Kind.end.rawValue, 0]
        record.append(fixed: hash.value)
        record.append(varint: inputs)
        record.append(varint: frames)
        CapsuleFormat.append(record, to: &pending)
    }
}
