/// What was made of a frame, as a capsule without sound holds it.
extension VoiceActivity {
    /// Stands beside the flags: the line was noisy.
    static let noisy: UInt8 = 1 << 7

    var flags: UInt8 {
        (isSpeech ? 1 : 0) | (isConfirmed ? 2 : 0) | (isVoiced ? 4 : 0) | (isTone ? 8 : 0) | (isInterruption ? 16 : 0)
    }

    init(flags: UInt8, score: Float) {
        self.init(
            score: score, isSpeech: flags & 1 != 0, isConfirmed: flags & 2 != 0, isVoiced: flags & 4 != 0,
            isTone: flags & 8 != 0, isInterruption: flags & 16 != 0)
    }
}
