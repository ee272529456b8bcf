/// A host that a text names without a scheme: the longest beginning that ends in a top-level domain.
struct BareName {
    struct Label {
        /// In lower case, look-alikes folded.
        var plain: [UInt8] = []
        /// In lower case, as written.
        var written = ""
        var isForeign = false
        /// The dot in front of it is another script's.
        var hasForeignDot = false
        var hasLatin = false
        /// Where it ends, in letters from the name's start.
        var end = 0

        var text: String { String(decoding: plain, as: UTF8.self) }
        var isNumber: Bool { !plain.isEmpty && plain.allSatisfy(\.isDigit) }

        mutating func append(_ letter: LinkLetter) {
            isForeign = isForeign || letter.isForeign
            hasLatin = hasLatin || (!letter.isForeign && letter.plain.isLetter)
            guard letter.plain != LinkLetter.unseen else { return }
            plain.append(letter.plain)
            written += letter.scalar.properties.lowercaseMapping
        }
    }

    let host: String
    /// In letters.
    let length: Int
    let isForeign: Bool
    let isAddress: Bool

    init?(_ labels: [Label], endings: Set<String>) {
        guard labels.count >= 2, !labels.contains(where: \.plain.isEmpty), let last = labels.last else { return nil }
        isAddress = labels.count == 4 && labels.allSatisfy { $0.isNumber && UInt8($0.text) != nil }
        var count = 0
        if isAddress || labels[0].text == "www" {
            count = labels.count
        } else {
            let firstLatin = labels.firstIndex(where: \.hasLatin) ?? labels.count
            let firstWord = labels.firstIndex { !$0.isNumber } ?? labels.count
            for index in labels.indices.dropFirst().reversed() {
                // "8.30.am" is a time of day.
                let isClock = firstWord == index && ["am", "pm"].contains(labels[index].text)
                if !isClock, Self.isEnding(labels[index], afterLatin: firstLatin < index, endings) {
                    count = index + 1
                    break
                }
            }
        }
        guard count > 0 else { return nil }
        host = labels[..<count].map(\.text).joined(separator: ".")
        length = count == labels.count ? last.end : labels[count - 1].end
        isForeign = labels[..<count].contains { $0.isForeign || $0.hasForeignDot }
    }

    /// A look-alike ending counts beside Latin letters only: a word of another script may happen to fold to one.
    private static func isEnding(_ label: Label, afterLatin: Bool, _ endings: Set<String>) -> Bool {
        let text = label.text
        let isKnown = TopLevelDomains.contains(text) || endings.contains(text)
        guard label.isForeign else { return isKnown }
        return TopLevelDomains.containsForeign(label.written) || (isKnown && (label.hasLatin || afterLatin))
    }
}
