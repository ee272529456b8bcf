/// Words taken as they are.
enum FreeText {
    /// One line of at most 200 characters without control characters; `nil` where nothing is left.
    static func text(in answer: String) -> String? {
        var line = ""
        var pendingSpace = false
        for character in answer.prefix(2_000) {
            if character.isWhitespace
                || character.unicodeScalars.allSatisfy({ $0.properties.generalCategory == .control })
            {
                pendingSpace = !line.isEmpty
                continue
            }
            // A combining sequence that hides a control character is not worth keeping.
            if character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) { continue }
            if pendingSpace { line.append(" ") }
            pendingSpace = false
            line.append(character)
            if line.count >= 200 { break }
        }
        let hasWord = line.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        return hasWord ? line : nil
    }
}
