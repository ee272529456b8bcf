import ParleyCore

/// How long speech is for its text: what is expected of any voice, and what a voice has shown in a call.
struct SpeechPace: Equatable, Sendable {
    /// Expected of a voice that has said nothing yet, for each character.
    static let usual = CallTime.milliseconds(45)
    /// A single word has no usual length.
    private static let breath = CallTime.milliseconds(500)

    private var sound = CallTime.zero
    private var characters: Int64 = 0

    /// For each character.
    var perCharacter: CallTime {
        characters == 0 ? Self.usual : CallTime(nanoseconds: sound.nanoseconds / characters)
    }

    /// A clause was said whole.
    mutating func learn(_ length: CallTime, characters: Int) {
        sound += length
        self.characters += Int64(characters)
    }

    func expected(characters: Int) -> CallTime { perCharacter.times(characters) }

    /// Within 60 % of the usual length, and a breath above it.
    static func isUsual(_ length: CallTime, characters: Int) -> Bool {
        let expected = usual.times(characters).nanoseconds
        return length.nanoseconds >= expected * 4 / 10
            && length.nanoseconds <= expected * 16 / 10 + breath.nanoseconds
    }
}

extension CallTime {
    fileprivate func times(_ count: Int) -> CallTime { CallTime(nanoseconds: nanoseconds * Int64(count)) }
}
