/// Finds in a text what must not travel by text: it stays on the telephone, on its lock screen, and with the carriers.
///
/// Answers what kind it is and never what it says. Meant against slips, not against somebody who hides a number on
/// purpose.
public struct SensitiveData: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// 13 to 19 digits that begin as a payment card's do and pass Luhn's test (ISO/IEC 7812-1).
        case cardNumber = "card_number"
        /// Three, two and four digits (US Social Security Administration).
        case socialSecurityNumber = "social_security_number"
        /// An IBAN (ISO 13616).
        case accountNumber = "account_number"
        /// "Your password is ...", "PIN: 1234", "123456 is your code".
        case secret
        case health = "health_word"
        case configured = "configured_word"
    }

    public static let standardHealthWords = [
        "diagnosis", "diagnoses", "diagnosed", "prognosis", "hiv", "chlamydia", "gonorrhea", "syphilis", "herpes",
        "hepatitis", "tuberculosis", "cancer", "tumor", "tumour", "oncology", "oncologist", "chemotherapy", "biopsy",
        "pregnant", "pregnancy", "abortion", "miscarriage", "psychiatric", "psychiatrist", "schizophrenia", "bipolar",
        "antidepressant", "antidepressants", "methadone", "dialysis",
    ]

    private let healthWords: WordList
    private let words: WordList

    /// - Parameters:
    ///   - healthWords: words or short phrases; in any case, whole words only.
    ///   - words: the operator's own, likewise.
    public init(healthWords: [String] = SensitiveData.standardHealthWords, words: [String] = []) {
        self.healthWords = WordList(healthWords)
        self.words = WordList(words)
    }

    /// What is in it, each kind once, in the order of the cases.
    ///
    /// - Parameter body: any Unicode text; time grows with its length.
    public func kinds(in body: String) -> [Kind] {
        let digits = DigitGroups(body)
        let words = SpacedWords(body)
        return Kind.allCases.filter { kind in
            switch kind {
            case .cardNumber: digits.hasCardNumber
            case .socialSecurityNumber: digits.hasSocialSecurityNumber
            case .accountNumber: words.hasAccountNumber
            case .secret: words.hasSecret
            case .health: healthWords.isIn(words)
            case .configured: self.words.isIn(words)
            }
        }
    }
}
