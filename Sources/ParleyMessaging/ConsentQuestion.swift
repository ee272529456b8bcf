/// Whether what somebody heard asked about texts at all: a yes to another question is no consent.
public enum ConsentQuestion {
    /// - Parameter heard: what they really heard of the agent before they answered.
    public static func namesTexts(_ heard: String) -> Bool {
        FoldedText(heard).words.contains { word in words.contains { word.hasPrefix($0) } }
    }

    /// In the languages that have built-in opt-out words; folded.
    private static let words = ["text", "sms", "messag", "mensa", "nachricht", "messagg"]
}
