import ParleyCore

/// One clause until its end was told: what of it was handed out, by which voice, and what is left to say.
struct SpokenClause: Sendable {
    let generation: Generation
    let number: Int
    let text: String

    // MARK: Of all voices together

    /// Sound that was handed out.
    private(set) var handed = CallTime.zero
    /// No voice is left to say it.
    var failure: EngineError?

    // MARK: Of the voice that has it now

    private(set) var engine = 0
    private(set) var session = 0
    /// What the voice knows its generation as.
    private(set) var run = Generation(0)
    /// Where the text that it was given begins, in UTF-8 units.
    private(set) var textStart = 0
    /// Sound that was handed out before it.
    private var before = CallTime.zero
    /// When it could begin.
    var asked = CallTime.zero
    /// When its last sound came.
    private(set) var last: CallTime?
    /// Told ahead of their sound, in the clause's own places.
    private var words: [WordEnd] = []
    private var tellsWords = false
    /// The end in the text of the last word whose sound was handed out.
    private var wordsEnd = 0
    /// Sound that came before its turn.
    private(set) var held: [SpeechChunk] = []
    private(set) var heldLength = CallTime.zero
    /// Of what the voice was given.
    private(set) var givenCharacters = 0
    /// The voice has said all of it.
    var isDone = false
    /// It was ended without the voice's word.
    private var isStopped = false

    init(_ text: String, generation: Generation, number: Int) {
        self.text = text
        self.generation = generation
        self.number = number
    }

    /// Another voice is given what is left, from `start` on.
    mutating func give(to engine: Int, session: Int, run: Generation, from start: Int, at now: CallTime) {
        (self.engine, self.session, self.run) = (engine, session, run)
        (textStart, wordsEnd, before) = (start, start, handed)
        asked = now
        last = nil
        words = []
        tellsWords = false
        (held, heldLength) = ([], .zero)
        isDone = false
        failure = nil
        givenCharacters = given.count
    }

    /// Nothing is left to say, whatever the voice does.
    mutating func stop() {
        isDone = true
        isStopped = true
        words = []
        (held, heldLength) = ([], .zero)
    }

    mutating func hold(_ chunk: SpeechChunk) {
        held.append(chunk)
        heldLength += chunk.length
    }

    mutating func takeHeld() -> [SpeechChunk] {
        defer { (held, heldLength) = ([], .zero) }
        return held
    }

    /// What the voice was given.
    var given: Substring { text[index(at: textStart)...] }
    /// Of its sound, what was handed out.
    var handedByVoice: CallTime { handed - before }
    /// One voice alone has said it.
    var isOfOneVoice: Bool { textStart == 0 && before == .zero && !isStopped }

    // MARK: Sound

    /// The chunk as the call gets it: each word with the sound that ends it, counted from the clause's own start. A word told ahead
    /// of its sound waits: the sound may never come, and what was not said to its end is not told.
    mutating func handOut(_ chunk: SpeechChunk, at now: CallTime) -> SpeechChunk {
        if !chunk.samples.isEmpty { last = now }
        handed += chunk.length
        words += chunk.words.compactMap(place)
        if !words.isEmpty { tellsWords = true }
        let end = handed.milliseconds
        var chunk = chunk
        chunk.words = words.filter { $0.audioEnd <= end }
        words.removeAll { $0.audioEnd <= end }
        wordsEnd = chunk.words.reduce(wordsEnd) { max($0, $1.textEnd) }
        return chunk
    }

    /// `nil`: in no place of this clause.
    private func place(_ word: WordEnd) -> WordEnd? {
        let length = text.utf8.count - textStart
        let times = 0...Int(Int32.max)
        guard (0...length).contains(word.textEnd), times.contains(word.audioEnd),
            word.phoneEnds.allSatisfy(times.contains)
        else { return nil }
        let delay = before.milliseconds
        return WordEnd(
            textEnd: textStart + word.textEnd, audioEnd: delay + word.audioEnd,
            phoneEnds: word.phoneEnds.map { delay + $0 })
    }

    // MARK: What is left

    /// Where the words begin, in UTF-8 units, that were surely not said to their end; `nil` when all was said.
    ///
    /// - Parameter pace: how long the voice takes for a character. Only asked where it tells no words.
    func rest(pace: CallTime) -> Int? {
        var start = index(at: handedByVoice == .zero ? textStart : tellsWords ? wordsEnd : reckonedEnd(pace))
        while start < text.endIndex, Self.separates(text[start]) { start = text.index(after: start) }
        guard text[start...].contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
        return text.utf8.distance(from: text.startIndex, to: start)
    }

    /// The end of the last word that ends by the share of the text that the sound is of its expected length.
    private func reckonedEnd(_ pace: CallTime) -> Int {
        let said = Int(handedByVoice.nanoseconds / max(1, pace.nanoseconds))
        var end = textStart
        var place = textStart
        var wasWord = false
        for (count, character) in given.enumerated() {
            guard count <= said else { return end }
            if wasWord, character.isWhitespace { end = place }
            wasWord = !character.isWhitespace
            place += character.utf8.count
        }
        return givenCharacters <= said ? place : end
    }

    private static func separates(_ character: Character) -> Bool {
        character.isWhitespace || [".", ",", ";", ":", "!", "?", "…"].contains(character)
    }

    /// The start of the character in which this place is: a voice may count wrongly.
    private func index(at offset: Int) -> String.Index {
        var index = text.utf8.index(text.startIndex, offsetBy: min(max(0, offset), text.utf8.count))
        while index > text.startIndex, index.samePosition(in: text) == nil { index = text.utf8.index(before: index) }
        return index
    }
}

extension SpeechChunk {
    /// How long it is heard.
    var length: CallTime {
        sampleRate > 0 ? CallTime(nanoseconds: Int64(samples.count) * 1_000_000_000 / Int64(sampleRate)) : .zero
    }
}
