/// A phrase as a short row of word classes: `{stop} {gap}* {texting}`.
///
/// Elements are separated by spaces: `a|{name}|b` one of these words, a class being all of its own, `{!name}` any word
/// that is not of the class, `{any}` any word; `?` after it: may be missing; `*`: any number of times. `$` ends a
/// pattern: nothing may follow in the clause but a word that closes a sentence. Matching keeps a set of places, so it
/// never goes back: its time grows with the length of the clause, whatever is in it.
struct PhrasePattern: Sendable {
    struct Element: Sendable {
        /// By word number.
        var words: Set<Int>
        var isNegated: Bool
        var isOptional: Bool
        var repeats: Bool

        func takes(_ word: Int) -> Bool { words.contains(word) != isNegated }
    }

    var elements: [Element] = []
    /// Something that closes a sentence must follow.
    var isClosed = false

    /// Words that one match may span: longer phrases are two phrases.
    static let maxSpan = 16

    init(_ text: String, vocabulary: inout Vocabulary) {
        for part in text.split(separator: " ") {
            if part == "$" {
                isClosed = true
                continue
            }
            let repeats = part.hasSuffix("*")
            let isOptional = repeats || part.hasSuffix("?")
            let body = isOptional ? part.dropLast() : part
            let isNegated = body.hasPrefix("{!") || body == "{any}"
            elements.append(
                Element(
                    words: vocabulary.numbers(of: body), isNegated: isNegated, isOptional: isOptional, repeats: repeats)
            )
        }
    }

    /// - Parameter isClosing: whether a match may end before the word of this index where the pattern is closed.
    /// - Returns: where the longest match ends that starts at `start`; `nil`: none does.
    func end(of words: [Int], from start: Int, isClosing: (Int) -> Bool) -> Int? {
        var places = closure(1)
        let goal: UInt32 = 1 << UInt32(elements.count)
        var longest: Int?
        for index in start..<min(words.count, start + Self.maxSpan) {
            var next: UInt32 = 0
            for (place, element) in elements.enumerated() where places & (1 << UInt32(place)) != 0 {
                guard element.takes(words[index]) else { continue }
                next |= 1 << UInt32(place + 1)
                if element.repeats { next |= 1 << UInt32(place) }
            }
            if next == 0 { break }
            places = closure(next)
            if places & goal != 0, !isClosed || isClosing(index + 1) { longest = index + 1 }
        }
        return longest
    }

    /// Words that a match may start with; `nil`: any.
    var firstWords: Set<Int>? {
        var words: Set<Int> = []
        for element in elements {
            if element.isNegated { return nil }
            words.formUnion(element.words)
            if !element.isOptional { break }
        }
        return words
    }

    private func closure(_ places: UInt32) -> UInt32 {
        var places = places
        for (place, element) in elements.enumerated() where element.isOptional && places & (1 << UInt32(place)) != 0 {
            places |= 1 << UInt32(place + 1)
        }
        return places
    }
}

/// Numbers for the words that patterns know; 0 is every other word.
struct Vocabulary: Sendable {
    let classes: [String: Set<String>]
    private(set) var numbers: [String: Int] = [:]
    /// Classes that a pattern named and that do not exist.
    private(set) var missing: Set<String> = []

    init(classes: [String: Set<String>]) { self.classes = classes }

    func number(of word: String) -> Int { numbers[word] ?? 0 }

    mutating func numbers(of element: Substring) -> Set<Int> {
        var numbers: Set<Int> = []
        for choice in element.split(separator: "|") {
            guard choice.hasPrefix("{") else {
                numbers.insert(add(String(choice)))
                continue
            }
            let name = String(choice.dropFirst().dropLast().drop { $0 == "!" })
            if name == "any" { continue }
            if classes[name] == nil { missing.insert(name) }
            for word in classes[name] ?? [] { numbers.insert(add(word)) }
        }
        return numbers
    }

    private mutating func add(_ word: String) -> Int {
        if let number = numbers[word] { return number }
        numbers[word] = numbers.count + 1
        return numbers.count
    }
}
