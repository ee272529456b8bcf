import Testing

@testable import ParleyCore

@Suite("A second opinion on who speaks")
struct SecondOpinionTests {
    @Test("The gate opens above -1 and closes in the fifteenth frame after the last one that was")
    func gate() {
        var gate = OpinionGate()
        let odds: [Float] = [-1, -0.9] + Array(repeating: -4, count: 15) + [3]
        let isAwake = odds.map { gate.handle($0) }
        #expect(isAwake == [false] + Array(repeating: true, count: 15) + [false, true])
    }

    @Test("It stops within a frame of the detector alone and confirms no later; both come later where it hears nothing")
    func fusion() {
        func firsts(_ opinion: Float?) -> (speech: Int?, interruption: Int?, confirmed: Int?) {
            var detector = VoiceActivityDetector()
            detector.hasSecondOpinion = opinion != nil
            var voice = VoiceSignal()
            var activities: [VoiceActivity] = []
            for frame in 0..<140 {
                let samples = (0..<160).map { _ in voice.next(speaking: frame >= 100) }
                activities.append(detector.process(samples.span))
                if let opinion { detector.take(opinion: opinion, ofFrame: frame) }
            }
            return (
                activities.firstIndex(where: \.isSpeech), activities.firstIndex(where: \.isInterruption),
                activities.firstIndex(where: \.isConfirmed)
            )
        }
        let (alone, agreed, denied) = (firsts(nil), firsts(6), firsts(-6))
        #expect(alone.speech != nil && alone.interruption != nil && alone.confirmed != nil)
        #expect(agreed.speech ?? 999 <= alone.speech ?? 0)
        #expect(agreed.interruption ?? 999 <= (alone.interruption ?? 0) + 1)
        #expect(denied.interruption ?? 999 > alone.interruption ?? 999)
        #expect(agreed.confirmed ?? 999 <= alone.confirmed ?? 0)
        #expect(denied.confirmed ?? 999 > alone.confirmed ?? 999)
    }

    @Test("An opinion that is old, of the future or out of order does not count")
    func stale() {
        func scores(_ give: (inout VoiceActivityDetector, Int) -> Void) -> [Float] {
            var detector = VoiceActivityDetector()
            detector.hasSecondOpinion = true
            var voice = VoiceSignal()
            return (0..<130).map { frame in
                let samples = (0..<160).map { _ in voice.next(speaking: frame >= 100) }
                let score = detector.process(samples.span).score
                give(&detector, frame)
                return score
            }
        }
        let none = scores { _, _ in }
        #expect(scores { $0.take(opinion: -9, ofFrame: $1 - 6) } == none)
        #expect(scores { $0.take(opinion: -9, ofFrame: $1 + 1) } == none)
        #expect(scores { $0.take(opinion: -9, ofFrame: $1) } != none)
    }
}
