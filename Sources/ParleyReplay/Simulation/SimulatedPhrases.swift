import ParleyCore

/// The recorded phrases of simulated calls: 1.2 s each.
enum SimulatedPhrases {
    static let frames = 60

    static let all: [Phrase: SpeechAudio] = Dictionary(
        uniqueKeysWithValues: Phrase.allCases.map { phrase in
            (phrase, FrameTag.audio(.phrase(phrase), first: 0, frames: frames))
        })
}
