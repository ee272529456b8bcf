#if LocalSpeech
import ParleySpeech

extension LocalSpeech {
    /// Speech for a file: what fixtures and spoken clips are made of. Blocks until all is spoken.
    ///
    /// - Parameters:
    ///   - text: any length; cut into sentences so that no pause is lost.
    ///   - voice: a compiled-in voice, or `joe` where the engines directory has it.
    ///   - directory: as for `load`.
    /// - Returns: mono samples, and how many there are a second.
    public static func say(
        text: String, voice: Voice, directory: String = "engines"
    ) throws(EngineError) -> (samples: [Int16], sampleRate: Int) {
        let speaker = try clauseVoice(voice, directory: directory)
        var samples: [Int16] = []
        var sampleRate = 16_000
        for sentence in sentences(text) {
            try speaker.speak(sentence) { chunk in
                samples += chunk.samples
                sampleRate = chunk.sampleRate
                return true
            }
            // A breath between sentences, as one speaker would take.
            samples += [Int16](repeating: 0, count: sampleRate / 5)
        }
        return (samples, sampleRate)
    }

    /// Cuts after `.`, `?` and `!` that a space follows.
    static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        var mayEnd = false
        for character in text {
            if mayEnd && character.isWhitespace {
                sentences.append(current)
                current = ""
            }
            if !(current.isEmpty && character.isWhitespace) { current.append(character) }
            mayEnd = character == "." || character == "?" || character == "!"
        }
        if !current.isEmpty { sentences.append(current) }
        return sentences
    }
}
#endif
