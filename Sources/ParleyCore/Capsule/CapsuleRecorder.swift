/// Writes down all that a call was told, and what it did about it, as it goes.
///
/// Pure: it fills a buffer, which the shell takes from time to time and puts away. Every input is told to it before the call
/// is given it, its outputs while the call has it, and `finish()` after. Nothing is allocated for a frame but the buffer's own
/// growth.
public struct CapsuleRecorder: Sendable {
    // What every frame needs stands together and first: with many calls these are the lines of memory that have to be fetched.

    /// Records that nobody has taken yet. The last one is open while the call deals with its input: it has no checksum yet.
    private var pending: [UInt8]
    /// Where in `pending` the open record begins, and where its kind stands.
    private var open: (start: UInt32, kind: UInt32) = (0, 0)
    /// The time of the last input.
    private var written = CallTime.zero
    private var hashWritten = CallTime.zero
    public private(set) var hash = OutputHash()
    public private(set) var inputs = 0
    public private(set) var frames = 0
    private var framesInARow: UInt32 = 0
    /// `outputs` is not empty; for most inputs it is.
    private var hasOutputs = false
    private let isMuLaw: Bool

    /// What the call did about the input, but for the last frames in a row: the body of a record.
    private var outputs: [UInt8] = []
    /// An event, for as long as its length is not known.
    private var scratch: [UInt8] = []
    private let phrases: [Phrase: SpeechAudio]
    private var phrasesWritten: Set<Phrase> = []

    /// - Parameter header: who, when, with which engines; how the call behaves is put to it.
    public init(header: CapsuleHeader, settings: CallSettings) {
        isMuLaw = settings.format.codec == .mulaw
        phrases = settings.phrases
        pending = CapsuleFormat.magic + [CapsuleFormat.version]
        // A second of both directions, and what is around it.
        pending.reserveCapacity(64 << 10)
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
        if isMuLaw {
            begin(.mulaw, at: now, octets: samples.count) { MuLaw.encode(samples, into: &$0) }
        } else {
            begin(.linear16, at: now, octets: 2 * samples.count) { octets in
                for index in samples.indices {
                    let bits = UInt16(bitPattern: samples[index])
                    octets[2 * index] = UInt8(truncatingIfNeeded: bits)
                    octets[2 * index + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                }
            }
        }
    }

    /// - Parameter isNoisy: see `Call.isLineNoisy`.
    mutating func hear(_ activity: VoiceActivity, isNoisy: Bool, at now: CallTime) {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(activity.flags | (isNoisy ? VoiceActivity.noisy : 0))
        scratch.append(fixed: activity.score.bitPattern)
        begin(.judged, at: now)
    }

    public mutating func handle(_ event: CallEvent, at now: CallTime) {
        scratch.removeAll(keepingCapacity: true)
        event.append(to: &scratch)
        begin(.event, at: now)
    }

    private mutating func begin(_ kind: CapsuleFormat.Kind, at now: CallTime) {
        let body = scratch
        begin(kind, at: now, octets: body.count) { octets in
            for index in body.indices { octets[index] = body[index] }
        }
    }

    /// Writes an input down, whole but for its checksum.
    @inline(__always)
    private mutating func begin(
        _ kind: CapsuleFormat.Kind, at now: CallTime, octets count: Int, _ body: (inout MutableSpan<UInt8>) -> Void
    ) {
        inputs += 1
        framesInARow = 0
        let sinceLast = now - written
        written = now
        let place = CapsuleFormat.open(kind, after: sinceLast, octets: count, in: &pending, body)
        open = (UInt32(place.start), UInt32(place.kind))
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
        hasOutputs = true
        hash.add(line: line)
    }

    private mutating func closeFrames() {
        guard framesInARow > 0 else { return }
        outputs.append(varint: UInt64(framesInARow) << 1)
        framesInARow = 0
        hasOutputs = true
    }

    private mutating func write(_ phrase: Phrase) {
        guard let audio = phrases[phrase], phrasesWritten.insert(phrase).inserted else { return }
        // Without time: the open input has been given the time since the record before.
        var record: [UInt8] = [CapsuleFormat.Kind.phrase.rawValue, 0]
        record.append(text: phrase.rawValue)
        audio.append(to: &record)
        let whole = CapsuleFormat.record(record)
        pending.insert(contentsOf: whole, at: Int(open.start))
        open = (open.start + UInt32(whole.count), open.kind + UInt32(whole.count))
    }

    /// The call has dealt with the input.
    public mutating func finish() {
        if !hasOutputs, framesInARow == 1 {
            framesInARow = 0
            pending[Int(open.kind)] |= CapsuleFormat.sentOneFrame
        }
        CapsuleFormat.close(from: Int(open.kind), in: &pending)
        closeFrames()
        if hasOutputs {
            CapsuleFormat.append([CapsuleFormat.Kind.outputs.rawValue, 0] + outputs, to: &pending)
            outputs.removeAll(keepingCapacity: true)
            hasOutputs = false
        }
        if written - hashWritten >= .seconds(1) {
            hashWritten = written
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
