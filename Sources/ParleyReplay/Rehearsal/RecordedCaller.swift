import ParleyCaller
import ParleyCore

/// A caller who does what was recorded, whatever the agent does: the same audio and keys at the same times, and leaves as then.
///
/// Where the recording ends before the call does, the line falls silent, and a while later the caller is gone.
struct RecordedCaller: VirtualCaller {
    /// After the recording, for the call to come to its own end.
    private static let patience = CallTime.seconds(20)

    var report = CallReport()
    private(set) var sent: [Int16] = []
    private(set) var heard: [Int16] = []
    private(set) var isGone = false
    private let call: RecordedCall
    /// Frames are sent this much before they are to come in.
    private let networkDelay: CallTime
    private let end: CallTime
    private var carrier: CarrierModel
    private var nextFrame = 0
    private var nextDigit = 0
    private var heardSamples = 0

    init(_ call: RecordedCall, networkDelay: CallTime) {
        self.call = call
        self.networkDelay = networkDelay
        carrier = CarrierModel(sampleRate: call.settings.format.sampleRate)
        let last = call.frames.last?.at ?? .zero
        end = call.left.map(\.at) ?? last + Self.patience
    }

    var nextDeadline: CallTime? {
        guard !isGone else { return nil }
        var next = end
        if nextFrame < call.frames.count { next = min(next, call.frames[nextFrame].at) }
        if nextDigit < call.digits.count { next = min(next, call.digits[nextDigit].at) }
        next = max(.zero, next - networkDelay)
        return carrier.nextMark.map { min($0, next) } ?? next
    }

    mutating func advance(to now: CallTime, into effects: inout [CallerMachine.Effect]) {
        while let due = nextDeadline, due <= now {
            for name in carrier.takeMarks(at: due) { effects.append(.mark(name)) }
            let coming = due + networkDelay
            if nextDigit < call.digits.count, call.digits[nextDigit].at <= coming {
                effects.append(.digit(call.digits[nextDigit].digit))
                nextDigit += 1
            }
            if nextFrame < call.frames.count, call.frames[nextFrame].at <= coming {
                let samples = call.frames[nextFrame].samples
                nextFrame += 1
                sent += samples
                effects.append(.frame(samples))
            } else if coming >= end {
                effects.append(.hangUp)
                closed(at: due)
            }
        }
        let position = Int(now.nanoseconds / 1_000 * Int64(carrier.sampleRate) / 1_000_000)
        if position > heardSamples {
            heard += carrier.takeHeard(heardSamples..<position)
            heardSamples = position
        }
    }

    mutating func receive(media samples: [Int16], at now: CallTime) { carrier.enqueue(samples, at: now) }

    mutating func receive(mark name: String, at now: CallTime, into effects: inout [CallerMachine.Effect]) {
        carrier.mark(name, at: now)
        for name in carrier.takeMarks(at: now) { effects.append(.mark(name)) }
    }

    mutating func receiveClear(at now: CallTime, into effects: inout [CallerMachine.Effect]) {
        let flushed = carrier.clear(at: now)
        if call.settings.clearReturnsMarks { effects += flushed.map { .mark($0) } }
    }

    /// Of how the call goes only that is kept which no effect of the call tells.
    mutating func receive(note: GatewayNote, at now: CallTime, into effects: inout [CallerMachine.Effect]) {
        switch note {
        case .message(let message): report.messages.append(message)
        case .consent(let consent): report.consents.append(consent)
        default: break
        }
    }

    mutating func closed(at now: CallTime) {
        isGone = true
        report.durationMS = Double(now.milliseconds)
    }
}
