import ParleyCore

/// A recorded call's caller, heard by a detector of its own: beside the audio it is given what left for the caller, paced as a
/// provider plays it, and the second opinions that came. It shares nothing with the call but the detector's code.
public struct CapsuleHearing {
    /// What the detector made of each 20 ms.
    public private(set) var activity: [VoiceActivity] = []
    /// What the call made of them.
    public private(set) var inCall: [VoiceActivity] = []
    public private(set) var echoPath: (delay: Int, gain: Float)?
    /// Where the file is damaged, and how: what follows was not heard.
    public private(set) var damage: String?

    /// The first frame that the call heard otherwise.
    public var difference: Int? { zip(activity, inCall).enumerated().first { $1.0 != $1.1 }?.offset }

    /// - Parameter ignoresReference: as if nothing had been played.
    /// - Throws: `CapsuleError`, when it is no capsule, when it has no sound, and where its leg is not a telephone's.
    public init(_ octets: [UInt8], ignoresReference: Bool = false) throws(CapsuleError) {
        let reader = try CapsuleReader(octets)
        guard reader.settings.format == .telephone else { throw .unheard("its audio is not a telephone's") }
        var detector = VoiceActivityDetector()
        var line = PacedLine()
        // What the call did about an input came after it was heard.
        var done: [(ReplayStep, CallTime)] = []
        var (own, calls, isRedacted): ([VoiceActivity], [VoiceActivity], Bool) = ([], [], false)
        let report = try CapsuleReplay.run(octets) { step, moment in
            switch step {
            case .frame, .effect: return done.append((step, moment.at))
            case .heard(let samples, let activity):
                isRedacted = isRedacted || samples.isEmpty
                guard !samples.isEmpty else { break }
                own.append(line.withPlaying(at: moment.at) { detector.process(samples.span, playing: $0) })
                calls.append(activity)
            case .told(.opinions(let willCome)): detector.hasSecondOpinion = willCome
            case .told(.opinion(let frame, let odds)): detector.take(opinion: odds, ofFrame: frame)
            case .told: break
            }
            for (step, at) in done {
                switch step {
                case .frame(let octets) where !ignoresReference: line.play(octets, at: at)
                case .effect(.clear): line.clear(at: at)
                default: break
                }
            }
            done.removeAll(keepingCapacity: true)
        }
        guard !isRedacted else { throw .unheard("it was redacted") }
        (activity, inCall, echoPath, damage) = (own, calls, detector.echoPath, report.damage)
    }
}

/// The caller's end: frames are played one after the other, each as soon as it is there.
private struct PacedLine {
    private var frames: [[UInt8]] = []
    private var end = CallTime.zero

    mutating func play(_ frame: [UInt8], at now: CallTime) {
        end = max(end, now) + .frame
        frames.append(frame)
    }

    mutating func clear(at now: CallTime) {
        frames = []
        end = now
    }

    func withPlaying<Result>(at now: CallTime, _ body: (Span<UInt8>?) -> Result) -> Result {
        guard end > now else { return body(nil) }
        let index = frames.count - 1 - Int((end - now).nanoseconds / CallTime.frame.nanoseconds)
        guard frames.indices.contains(index) else { return body(nil) }
        let frame = frames[index]
        return body(frame.span)
    }
}
