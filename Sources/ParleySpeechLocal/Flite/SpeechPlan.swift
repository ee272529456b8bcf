#if LocalSpeech
import CFlite

/// How flite means to say a clause: phones with stress, and when each word ends.
struct SpeechPlan {
    struct Phone: Equatable {
        /// As flite names it, without stress; `pau` is silence.
        var name: String
        /// Seconds from the first sample.
        var end: Float = 0
        var isStressed = false
        /// The word that begins with this phone, in lower case.
        var startsWord: String?
    }

    struct Word: Equatable {
        /// Offset just past it, in UTF-8 units of the source.
        var textEnd: Int
        /// Seconds from the first sample.
        var end: Float
    }

    var phones: [Phone] = []
    /// One for each word of the source; "7:30" is one, though two are spoken.
    var words: [Word] = []
    /// Seconds: where the first sound starts and the last one ends.
    var speechStart: Float = 0
    var speechEnd: Float = 0

    init() {}

    /// Reads a synthesised utterance, or one whose durations are settled.
    init(utterance: UnsafeMutablePointer<cst_utterance>, text: SpokenText) {
        readPhones(utterance)
        readWords(utterance, text: text)
    }

    private mutating func readPhones(_ utterance: UnsafeMutablePointer<cst_utterance>) {
        guard utt_relation_present(utterance, "Segment") != 0 else { return }
        var isFirst = true
        var segment = utt_relation(utterance, "Segment").pointee.head
        while let item = segment {
            let name = Self.string(item, "name")
            let end = item_feat_float(item, "end")
            if name != "pau" {
                isFirst = false
                speechEnd = end
            } else if isFirst {
                speechStart = end
            }
            phones.append(
                Phone(
                    name: name, end: end, isStressed: Self.isStressed(item), startsWord: Self.wordStarting(at: item)))
            segment = item_next(item)
        }
    }

    private mutating func readWords(_ utterance: UnsafeMutablePointer<cst_utterance>, text: SpokenText) {
        guard utt_relation_present(utterance, "Token") != 0 else { return }
        var names: [String] = []
        var ends: [Float?] = []
        var token = utt_relation(utterance, "Token").pointee.head
        while let item = token {
            names.append(Self.string(item, "name"))
            ends.append(item_last_daughter(item).flatMap(Self.end(ofWord:)))
            token = item_next(item)
        }
        for (textEnd, end) in zip(text.ends(ofTokens: names), ends) {
            guard let end else { continue }
            // Two tokens of one source word ("20", "pounds" of "£20.") end together.
            if let last = words.last, text.isWordless(from: last.textEnd, to: textEnd) { words.removeLast() }
            words.append(Word(textEnd: textEnd, end: end))
        }
    }

    private static func end(ofWord word: UnsafeMutablePointer<cst_item>) -> Float? {
        guard let structure = item_as(word, "SylStructure"), let syllable = item_last_daughter(structure),
            let segment = item_last_daughter(syllable)
        else { return nil }
        return item_feat_float(segment, "end")
    }

    private static func isStressed(_ segment: UnsafeMutablePointer<cst_item>) -> Bool {
        guard let structure = item_as(segment, "SylStructure"), let syllable = item_parent(structure) else {
            return false
        }
        return string(syllable, "stress") == "1"
    }

    private static func wordStarting(at segment: UnsafeMutablePointer<cst_item>) -> String? {
        guard let structure = item_as(segment, "SylStructure"), item_prev(structure) == nil,
            let syllable = item_parent(structure), item_prev(syllable) == nil, let word = item_parent(syllable)
        else { return nil }
        return string(word, "name").lowercased()
    }

    private static func string(_ item: UnsafeMutablePointer<cst_item>, _ feature: String) -> String {
        guard item_feat_present(item, feature) != 0, let text = item_feat_string(item, feature) else { return "" }
        return String(cString: text)
    }
}
#endif
