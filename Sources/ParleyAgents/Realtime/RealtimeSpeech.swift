import ParleyCore
import ParleySpeech

/// One reply's own sound, cut among the clauses that the call asks for.
///
/// The model says what it sounds like and what it says, not which sound is which word. Within one item of its answer
/// sound is shared out by characters: by the item's length once all of it is here, before that by the rate of what the
/// model said earlier. All of it is played, in order; only where a clause or a word ends is reckoned.
struct RealtimeSpeech {
    /// An item of the model's answer.
    struct Segment {
        let item: String
        let content: Int
        /// As the call was given it.
        var text: [UInt8] = []
        /// Mu-law, 8 octets a millisecond.
        var audio: [UInt8] = []
        var isWhole = false
        /// Octets that went to clauses.
        var given = 0

        var milliseconds: Int { audio.count / 8 }
    }

    /// What the call asked to hear.
    struct Clause {
        let number: Int
        let text: String
        /// The item it is part of, and where in its text and its sound; `nil` until it is its turn.
        var place: Place?
        var words: [WordEnd] = []
        /// Octets given, without what was made up.
        var given = 0
    }

    struct Place {
        var segment: Int
        /// Behind what was said before it.
        var from: Int
        var to: Int
        /// In octets.
        var start: Int
    }

    /// Octets of one frame: clauses are whole frames, so that no silence is heard between two.
    private static let frame = 160

    let engine: String
    private(set) var segments: [Segment] = []
    private(set) var clauses: [Clause] = []
    /// Clauses that have all they get.
    private var done = 0
    /// Nobody wants any of it.
    var isMuted = false

    /// Octets.
    private(set) var length = 0
    var hasUngiven: Bool { segments.contains { $0.given < $0.audio.count } }
    var isEmpty: Bool { segments.isEmpty }
    var clausesOwed: [Int] { clauses[done...].map(\.number) }

    init(engine: String) { self.engine = engine }

    // MARK: From the model

    mutating func hear(_ octets: [UInt8], of item: String, content: Int) {
        segments[index(of: item, content)].audio += octets
        length += octets.count
    }

    mutating func read(_ words: String, of item: String, content: Int) {
        segments[index(of: item, content)].text += Array(words.utf8)
    }

    func text(of item: String, content: Int) -> String {
        guard let index = find(item, content) else { return "" }
        return String(decoding: segments[index].text, as: UTF8.self)
    }

    /// Nothing more comes of what is here so far.
    mutating func complete() {
        for index in segments.indices { segments[index].isWhole = true }
    }

    private func find(_ item: String, _ content: Int) -> Int? {
        segments.lastIndex { $0.item == item && $0.content == content }
    }

    private mutating func index(of item: String, _ content: Int) -> Int {
        if let index = find(item, content) { return index }
        // Items come one after another.
        complete()
        segments.append(Segment(item: item, content: content))
        return segments.count - 1
    }

    // MARK: To the call

    mutating func speak(_ text: String, clause: Int) { clauses.append(Clause(number: clause, text: text)) }

    /// What can be handed out by now.
    ///
    /// - Parameter rate: octets of sound to a character of text, as far as is known.
    mutating func advance(_ generation: Generation, rate: Int) -> [SpeechAnswer] {
        guard !isMuted else { return [] }
        var answers: [SpeechAnswer] = []
        while done < clauses.count, place(done) {
            if isSoundless(done) {
                let error = EngineError(engine: engine, message: "words came without sound")
                answers.append(.failed(generation, clause: clauses[done].number, error))
                done += 1
                continue
            }
            let share = share(done, rate: rate)
            if let chunk = give(done, share) {
                answers.append(.chunk(generation, clause: clauses[done].number, chunk))
            }
            guard share.isSettled else { break }
            if clauses[done].given == 0 { answers.append(.chunk(generation, clause: clauses[done].number, silence())) }
            answers.append(.done(generation, clause: clauses[done].number))
            done += 1
        }
        return answers
    }

    private func isSoundless(_ index: Int) -> Bool {
        guard let place = clauses[index].place else { return false }
        return segments[place.segment].isWhole && segments[place.segment].audio.isEmpty
    }

    /// The clause's sound went with the one before: a frame that its words can be put on record by.
    private mutating func silence() -> SpeechChunk {
        let words = [WordEnd(textEnd: clauses[done].text.utf8.count, audioEnd: 20)]
        clauses[done].words = words
        return SpeechChunk(samples: [Int16](repeating: 0, count: Self.frame), sampleRate: 8_000, words: words)
    }

    /// Finds the clause in the model's words: what the call says is cut from them.
    ///
    /// - Returns: false while they are not here.
    private mutating func place(_ index: Int) -> Bool {
        if clauses[index].place != nil { return true }
        guard !segments.isEmpty else { return false }
        let before = index > 0 ? clauses[index - 1].place : nil
        let first = before?.segment ?? 0
        let needle = Array(clauses[index].text.utf8)
        for segment in first..<segments.count {
            let from = segment == first ? before?.to ?? 0 : 0
            guard let found = Self.find(needle, in: segments[segment].text, from: from) else { continue }
            clauses[index].place = Place(
                segment: segment, from: from, to: found + needle.count, start: segments[segment].given)
            return true
        }
        // Other words than the model's: they get what is there.
        let from = min(before?.to ?? 0, segments[first].text.count)
        clauses[index].place = Place(
            segment: first, from: from, to: min(from + needle.count, segments[first].text.count),
            start: segments[first].given)
        return true
    }

    private static func find(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard !needle.isEmpty, text.count - start >= needle.count else { return nil }
        return (start...(text.count - needle.count)).first { text[$0..<$0 + needle.count].elementsEqual(needle) }
    }

    /// How much of its item's sound a clause gets.
    private struct Share {
        /// By now, from its start.
        var octets: Int
        /// It will not get more.
        var isSettled: Bool
        /// What it is reckoned to be in the end: for the words.
        var expected: Int
    }

    private func share(_ index: Int, rate: Int) -> Share {
        guard let place = clauses[index].place else { return Share(octets: 0, isSettled: false, expected: 0) }
        let segment = segments[place.segment]
        let left = segment.audio.count - place.start
        let characters = place.to - place.from
        let hasMore = Self.hasWords(segment.text[min(place.to, segment.text.count)...])
        func whole(_ octets: Int) -> Int { max(octets - octets % Self.frame, clauses[index].given) }
        if segment.isWhole {
            guard hasMore else { return Share(octets: left, isSettled: true, expected: left) }
            let octets = whole(left * characters / max(1, segment.text.count - place.from))
            return Share(octets: octets, isSettled: true, expected: octets)
        }
        let guess = whole(max(Self.frame, characters * rate))
        // What may be its last is not waited for; where words follow, their sound is not taken.
        return hasMore
            ? Share(octets: min(guess, left), isSettled: left >= guess, expected: guess)
            : Share(octets: left, isSettled: false, expected: max(guess, left))
    }

    private static func hasWords(_ text: ArraySlice<UInt8>) -> Bool {
        String(decoding: text, as: UTF8.self).contains { $0.isLetter || $0.isNumber }
    }

    /// - Returns: `nil` where there is nothing new to hear, and no word's end to tell.
    private mutating func give(_ index: Int, _ share: Share) -> SpeechChunk? {
        guard let place = clauses[index].place, share.octets > 0 else { return nil }
        let range = place.start + clauses[index].given..<place.start + max(share.octets, clauses[index].given)
        var chunk = SpeechChunk(samples: [], sampleRate: 8_000)
        MuLaw.decode(segments[place.segment].audio[range].span, appendingTo: &chunk.samples)
        segments[place.segment].given = range.upperBound
        clauses[index].given += range.count
        chunk.words = words(index, place, share)
        return range.isEmpty && chunk.words.isEmpty ? nil : chunk
    }

    /// Ends of words that lie in what has been given, and were not told before.
    private mutating func words(_ index: Int, _ place: Place, _ share: Share) -> [WordEnd] {
        let clause = clauses[index]
        let end = clause.given / 8
        let characters = max(1, place.to - place.from)
        let lead = max(0, place.to - place.from - clause.text.utf8.count)
        let fresh = Self.ends(of: clause.text).dropFirst(clause.words.count).map { textEnd in
            let reckoned = share.expected / 8 * (lead + textEnd) / characters
            return WordEnd(textEnd: textEnd, audioEnd: share.isSettled ? min(reckoned, end) : reckoned)
        }.prefix { share.isSettled || $0.audioEnd <= end }
        clauses[index].words += fresh
        return Array(fresh)
    }

    /// Where the words of a text end, in UTF-8 units.
    private static func ends(of text: String) -> [Int] {
        var ends: [Int] = []
        var (offset, isInWord) = (0, false)
        for character in text {
            if character.isWhitespace && isInWord { ends.append(offset) }
            isInWord = !character.isWhitespace
            offset += character.utf8.count
        }
        if isInWord { ends.append(offset) }
        return ends
    }
}
