import ParleyCore

/// Sound with the outline of speech and no words in it: a buzz of harmonics, four syllables a second.
enum ToneSpeech {
    /// The same samples for the same arguments, on every machine: whole numbers only.
    static func samples(milliseconds: Int, sampleRate: Int) -> [Int16] {
        let count = milliseconds * sampleRate / 1_000
        let syllable = sampleRate / 4
        // 125 Hz, a low voice; a sawtooth holds all its harmonics.
        let period = sampleRate / 125
        return (0..<count).map { index in
            let saw = (index % period) * 16_000 / period - 8_000
            // Rises and falls within each syllable, with a short gap between two.
            let place = index % syllable
            let rise = min(place, syllable * 4 / 5 - place)
            let gain = max(0, min(rise * 8, syllable))
            return Int16(saw * gain / syllable)
        }
    }

    /// Words end where their characters end.
    static func wordEnds(of text: String, millisecondsPerCharacter: Int) -> [WordEnd] {
        var ends: [WordEnd] = []
        var bytes = 0
        var characters = 0
        var isInWord = false
        for character in text {
            if character.isWhitespace && isInWord {
                ends.append(WordEnd(textEnd: bytes, audioEnd: characters * millisecondsPerCharacter))
            }
            isInWord = !character.isWhitespace
            bytes += character.utf8.count
            characters += 1
        }
        if isInWord { ends.append(WordEnd(textEnd: bytes, audioEnd: characters * millisecondsPerCharacter)) }
        return ends
    }
}
