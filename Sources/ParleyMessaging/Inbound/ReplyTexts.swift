/// What the sender answers by itself to an opt-out, an opt-in or a call for help. Says what the rules ask for and no
/// more.
///
/// Sources: 47 CFR 64.1200(a)(12) (one confirmation, no marketing); CTIA Messaging Principles 2023, section 5.1.
public struct ReplyTexts: Equatable, Sendable {
    public enum Reply: String, Sendable, CaseIterable {
        case optedOut = "opted_out"
        /// One confirmation that names both the opt-out and the booking.
        case optedOutAndCancelling = "opted_out_and_cancelling"
        case optedIn = "opted_in"
        case help
    }

    public enum Field: String, Sendable, CaseIterable {
        case name, programme, contact
    }

    /// Which value is missing or too long; says nothing of the value.
    public enum Fault: Error, Equatable, Sendable {
        case missing(Field)
        case tooLong(Field, limit: Int)
    }

    /// Who texts; at most 40 characters.
    public let name: String
    /// What the texts are, as "Appointment texts"; at most 100 characters.
    public let programme: String
    /// A telephone number, an address or a page; at most 80 characters.
    public let contact: String

    public static let maxName = 40
    public static let maxProgramme = 100
    public static let maxContact = 80
    /// Of what a booking is called; the rest is dropped.
    public static let maxBooking = 60

    public init(name: String, programme: String, contact: String) throws(Fault) {
        self.name = try Self.checked(name, .name, Self.maxName)
        self.programme = try Self.checked(programme, .programme, Self.maxProgramme)
        self.contact = try Self.checked(contact, .contact, Self.maxContact)
    }

    /// The whole text: nothing is to be put in front of it or behind it.
    ///
    /// - Parameter booking: what the booking is called, as "your appointment"; used by the confirmation that names it.
    public func text(for reply: Reply, booking: String = "your booking") -> String {
        switch reply {
        case .optedOut:
            return "You are opted out and will get no more texts from \(name). Reply START to get them again."
        case .optedOutAndCancelling:
            let asked = String(Self.clean(booking).prefix(Self.maxBooking))
            return "You are opted out and will get no more texts from \(name). We also have your request to cancel "
                + "\(asked.isEmpty ? "your booking" : asked). Reply START to get texts again."
        case .optedIn:
            return
                "You will get texts from \(name) again. Msg & data rates may apply. Reply HELP for help, STOP to"
                + " opt out."
        case .help:
            return "\(name): \(programme). Contact: \(contact). Msg & data rates may apply. Reply STOP to opt out."
        }
    }

    private static func checked(_ value: String, _ field: Field, _ limit: Int) throws(Fault) -> String {
        var value = clean(value)
        while let last = value.last, last == "." || last == " " { value.removeLast() }
        guard !value.isEmpty else { throw .missing(field) }
        guard value.count <= limit else { throw .tooLong(field, limit: limit) }
        return value
    }

    /// Control characters and line ends become spaces, invisible ones go, runs of spaces become one.
    private static func clean(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !Folding.isInvisible(scalar) {
            let isGap = scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
            if !isGap {
                out.append(scalar)
            } else if let last = out.last, last != " " {
                out.append(" ")
            }
        }
        if out.last == " " { out.removeLast() }
        return String(out)
    }
}
