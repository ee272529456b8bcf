extension SpacedWords {
    /// A password, PIN or one-time code beside its value.
    var hasSecret: Bool {
        words.indices.contains { index in
            guard let label = SecretLabel(words, at: index) else { return false }
            return label.isFollowed(in: words) || label.isPreceded(in: words)
        }
    }
}

/// The words that announce a secret, and where they stand.
private struct SecretLabel {
    private enum Kind {
        /// Any word.
        case password
        /// Has digits.
        case code
        /// "Your code", which may be a booking's or a voucher's: digits and nothing else.
        case plainCode
    }
    private var kind: Kind
    private var range: Range<Int>

    init?(_ words: [SpacedWords.Word], at index: Int) {
        let word = words[index].text
        func text(_ offset: Int) -> String { index + offset < words.count ? words[index + offset].text : "" }
        var length = 1
        if Self.passwords.contains(word) {
            kind = .password
        } else if word == "mot", text(1) == "de", text(2) == "passe" {
            kind = .password
            length = 3
        } else if Self.codes.contains(word) {
            kind = .code
            if ["code", "number", "nr"].contains(text(1)) { length = 2 }
        } else if Self.codeKinds.contains(word), ["code", "codes", "passcode", "pin"].contains(text(1)) {
            kind = .code
            length = 2
        } else if Self.codeKinds.contains(word + text(1)), ["code", "passcode", "pin"].contains(text(2)) {
            kind = .code
            length = 3
        } else if word == "your", text(1) == "code" {
            kind = .plainCode
            length = 2
        } else {
            return nil
        }
        range = index..<min(index + length, words.count)
    }

    /// "Password is x", "PIN: 1234", "use password hunter2".
    func isFollowed(in words: [SpacedWords.Word]) -> Bool {
        let last = words[range.upperBound - 1]
        guard !last.endsSentence else { return false }
        var index = range.upperBound
        var isAnnounced = last.isLabel
        // "for room 12 is", "code (valid today) is": a few words may come between.
        for _ in 0..<6 where index < words.count && !isAnnounced {
            let word = words[index]
            if Self.links.contains(word.text) || word.isLabel {
                isAnnounced = true
                index += 1
            } else if index == range.upperBound, isValue(word, isAnnounced: false) {
                return true
            } else if word.endsSentence || word.hasDigit {
                return false
            } else {
                index += 1
            }
        }
        guard isAnnounced else { return false }
        while index < words.count, Self.fillers.contains(words[index].text) { index += 1 }
        return index < words.count && isValue(words[index], isAnnounced: true)
    }

    /// "1234 is your verification code".
    func isPreceded(in words: [SpacedWords.Word]) -> Bool {
        var index = range.lowerBound
        var isYours = words[index].text == "your"
        for _ in 0..<4 where index >= 2 {
            index -= 1
            let word = words[index]
            if word.endsSentence || word.isLabel { return false }
            isYours = isYours || word.text == "your"
            if Self.links.contains(word.text) {
                let value = words[index - 1]
                return isYours && value.hasDigit && !value.endsSentence && (4...32).contains(value.text.utf8.count)
            }
        }
        return false
    }

    private func isValue(_ word: SpacedWords.Word, isAnnounced: Bool) -> Bool {
        let length = word.text.utf8.count
        switch (kind, isAnnounced) {
        case (.password, true): return length >= 3 && !Self.states.contains(word.text)
        case (.password, false): return length >= 4 && word.hasDigit && !word.isNumber
        case (.code, true): return (3...12).contains(length) && word.hasDigit
        case (.code, false), (.plainCode, _): return (4...8).contains(length) && word.isNumber
        }
    }

    private static let passwords: Set<String> = [
        "password", "passwords", "passwd", "pwd", "passcode", "passphrase", "passwort", "kennwort", "contrasena",
        "senha",
        "wachtwoord",
    ]
    private static let codes: Set<String> = ["pin", "pincode", "otp", "cvv", "cvc", "cvv2"]
    private static let codeKinds: Set<String> = [
        "onetime", "verification", "security", "login", "signin", "authentication", "authenticator", "2fa", "mfa",
        "recovery", "backup",
    ]
    private static let links: Set<String> = ["is", "are", "was", "es", "est", "ist", "e"]
    private static let fillers: Set<String> = ["now", "the", "number", "following", "still", "simply", "just"]

    /// What a password may be said to be without telling it.
    private static let states: Set<String> = [
        "about", "accepted", "active", "and", "already", "always", "attached", "available", "being", "below", "blocked",
        "case", "changed", "compromised", "correct", "created", "different", "due", "easy", "empty", "enabled",
        "expired",
        "expiring", "for", "forgotten", "going", "good", "hard", "https", "http", "incorrect", "invalid", "kept",
        "locked",
        "long", "missing", "needed", "never", "new", "not", "obligatory", "old", "only", "optional", "our", "out",
        "over",
        "protected", "ready", "required", "reset", "safe", "same", "saved", "secure", "sent", "set", "shared", "short",
        "strong", "temporary", "that", "their", "this", "too", "unchanged", "unknown", "unsafe", "updated", "valid",
        "weak", "what", "with", "working", "wrong", "www", "you", "your",
    ]
}
