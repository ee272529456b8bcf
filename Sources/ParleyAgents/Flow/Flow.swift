import Foundation
import ParleyCore

/// A conversation as one YAML file describes it, checked: every name in it leads somewhere.
public struct Flow: Sendable {
    /// As given to the loader, for messages.
    public internal(set) var file: String
    /// The file's text, for recordings of calls: they hold what decided them.
    public internal(set) var source = ""
    public internal(set) var settings: FlowSettings
    /// In the file's order; the call begins at the first.
    var steps: [FlowStep]
    /// What is allowed and probably not meant: a step that nothing leads to, a value that may be empty.
    public internal(set) var warnings: [FlowIssue] = []
    var positions: [String: Int] = [:]

    /// The steps' ids, in the file's order.
    public var stepIDs: [String] { steps.map(\.id) }
    /// The slots that its questions fill, in the file's order.
    public var slotNames: [String] { steps.compactMap(\.ask?.slot) }
    /// The actions it asks for, each once, in the file's order: what the configuration must know.
    public var actionNames: [String] {
        unique(
            steps.compactMap {
                switch $0.kind {
                case .action(let action): action.name
                case .consent: ConsentStep.action
                default: nil
                }
            })
    }
    /// The transfer targets it names, each once: what the configuration must know.
    public var transferTargets: [String] {
        unique(
            steps.compactMap { if case .transfer(let target, _) = $0.kind { target } else { nil } }
                + (settings.operatorTarget.map { [$0] } ?? []))
    }

    func step(_ id: String) -> FlowStep? { positions[id].map { steps[$0] } }

    private func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

/// What holds for the whole flow.
public struct FlowSettings: Sendable {
    /// The business, as it is spoken and written: `{{business}}`.
    public internal(set) var name: String
    /// Dates and times are of this zone.
    public internal(set) var timeZone: TimeZone
    /// BCP 47. English is the only language that is understood so far.
    public internal(set) var language: String
    /// Where a caller goes who asks for a person; `nil`: nowhere.
    public internal(set) var operatorTarget: String?
    /// The caller cannot cut the greeting off.
    public internal(set) var isGreetingProtected: Bool
    /// What is said to "what can you do".
    var help: Template?
    /// What is said to "are you a machine", before the question is put again.
    var about: Template?
    /// What ends the call when the caller says goodbye.
    var goodbye: Template?
    /// Said where the call follows a text; each sentence only if none of the thread's values in it is empty.
    var welcomeBack: [Template] = []
    /// Where each of its keys stands.
    var lines: [String: Int]
}

struct FlowStep: Sendable {
    var id: String
    var kind: Kind
    /// `nil` after a step that ends the call, and where a kind has its own ways on.
    var next: String?
    var line: Int
    /// Where each of its keys stands.
    var lines: [String: Int]

    enum Kind: Sendable {
        case say(SayStep)
        case ask(AskStep)
        case confirm(ConfirmStep)
        case branch(BranchStep)
        case action(ActionStep)
        case consent(ConsentStep)
        case transfer(target: String, Template?)
        case end(Template?)
    }

    var ask: AskStep? { if case .ask(let ask) = kind { ask } else { nil } }
}

struct SayStep: Sendable {
    var text: Template
    var interruption: Interruption
}

/// A question that fills a slot.
struct AskStep: Sendable {
    enum Kind: Sendable {
        case yesNo
        case oneOf([FlowChoice])
        case date, time, dateTime
        /// How many digits there may be.
        case digits(ClosedRange<Int>)
        /// With the country code that a national number gets.
        case phone(country: String?, length: Int)
        case freeText
    }
    var slot: String
    var kind: Kind
    var prompt: Template
    /// Asked instead of the prompt, in turn, after an answer that was not understood; the last one repeats.
    var reprompts: [Template]
    /// Asked when a date is known and the time is not, and the other way round.
    var timePrompt: Template?
    var datePrompt: Template?
    /// Said before the flow goes on; best with the answer in it.
    var acknowledgement: Template?
    /// Reads the answer back and asks whether it is right.
    var confirmation: Template?
    var retries: Int
    var onFailure: String?
    var listening: Listening
    var hours: OpeningHours?
    /// "the treatment": how `confirm` names this when it asks what to change.
    var label: String
}

struct Listening: Equatable, Sendable {
    var interruption = Interruption.always
    /// Milliseconds; `nil`: as configured.
    var hangover: Int?
}

/// One of the answers to a `one_of` question.
struct FlowChoice: Equatable, Sendable {
    var value: String
    var spoken: String
    var key: String?
    /// What the caller may say for it, as tokens; the value and the spoken form are among them.
    var phrases: [[String]]

    init(value: String, spoken: String? = nil, key: String? = nil, synonyms: [String] = []) {
        self.value = value
        self.spoken = spoken ?? value.replacing("_", with: " ")
        self.key = key
        let articles: Set<String> = ["a", "an", "the"]
        var phrases: [[String]] = []
        var seen: Set<[String]> = []
        for phrase in [value.replacing("_", with: " "), self.spoken] + synonyms {
            let tokens = Words(phrase).tokens
            let bare = tokens.count > 1 && articles.contains(tokens[0]) ? Array(tokens.dropFirst()) : tokens
            if !bare.isEmpty, seen.insert(bare).inserted { phrases.append(bare) }
        }
        self.phrases = phrases
    }
}

/// Reads key details back before anything is done with them.
struct ConfirmStep: Sendable {
    var text: Template
    var reprompts: [Template]
    var changePrompt: Template?
    var onNo: String?
    var retries: Int
    var onFailure: String?
    var listening: Listening
    /// The slots that the text reads back and that a question fills.
    var slots: [String]
}

struct BranchStep: Sendable {
    struct Arm: Sendable {
        /// Every slot must have one of its values.
        var conditions: [(slot: String, values: [String])]
        var next: String
    }
    var arms: [Arm]
    var otherwise: String
}

struct ActionStep: Sendable {
    var name: String
    var arguments: TemplateTree
    /// Where each of them stands.
    var argumentLines: [String: Int]
    /// What it settles when it has come to its end: values of its answer, by their names there.
    var results: [String]
    var sayBefore: Template?
    var onRefused: String
    var onFailed: String
}

/// Asks for consent to text, and has the answer recorded with the wording.
struct ConsentStep: Sendable {
    /// The action that stores consent, granted or not.
    static let action = "record_consent"
    /// The only purpose that a spoken yes within a call covers.
    static let purpose = "transactional_in_call"

    var wording: Template
    /// Changes whenever the wording in the file does.
    var version: String
    /// Who texts; empty: the default channel.
    var channel: String
    /// Who is texted, read back in the wording; `nil`: the caller.
    var number: Template?
    var reprompt: Template?
    var onNo: String
    /// Where a granted consent could not be stored: nothing may be texted.
    var onFailed: String
}
