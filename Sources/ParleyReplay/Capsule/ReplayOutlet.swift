import ParleyCore

/// What is seen of a replayed call.
public enum ReplayStep {
    /// It put out one frame in the leg's codec.
    case frame([UInt8])
    case effect(CallEffect)
    /// It has dealt with 20 ms of the caller, and what it took them for; no samples where the capsule has none.
    case heard([Int16], VoiceActivity)
    /// It has dealt with this.
    case told(CallEvent)
}

/// Where in a recorded call something is.
public struct ReplayMoment: Equatable, Sendable {
    public var at: CallTime
    /// Which input of the call, from 1: many may come at one time.
    public var number: Int
}

/// Takes what a replayed call does: counts, hashes, and shows it to whoever watches.
struct ReplayOutlet: CallEffectSink {
    private(set) var hash = OutputHash()
    private var outputs: [CapsuleOutput] = []
    /// When the call is dealing with what it does now.
    var now = ReplayMoment(at: .zero, number: 0)
    private let watch: ((ReplayStep, ReplayMoment) -> Void)?

    init(watch: ((ReplayStep, ReplayMoment) -> Void)? = nil) { self.watch = watch }

    mutating func play(_ frame: Span<UInt8>) {
        hash.add(frame: frame)
        if case .frames(let count)? = outputs.last {
            outputs[outputs.count - 1] = .frames(count + 1)
        } else {
            outputs.append(.frames(1))
        }
        if let watch { watch(.frame(Array(frame)), now) }
    }

    mutating func feed(_ samples: Span<Int16>) {}

    mutating func perform(_ effect: CallEffect) {
        let line = effect.line
        hash.add(line: line)
        outputs.append(.line(line))
        watch?(.effect(effect), now)
    }

    func show(_ step: ReplayStep) { watch?(step, now) }

    /// What came of one input.
    mutating func takeOutputs() -> [CapsuleOutput] {
        defer { outputs.removeAll(keepingCapacity: true) }
        return outputs
    }
}

extension Array where Element == UInt8 {
    fileprivate init(_ span: Span<UInt8>) { self = span.withUnsafeBufferPointer { Array($0) } }
}
