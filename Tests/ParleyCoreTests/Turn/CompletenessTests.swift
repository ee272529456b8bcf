import Testing

@testable import ParleyCore

@Suite("Whether more may be coming")
struct CompletenessTests {
    typealias Row = (text: String, expected: Completeness)
    static let visit = AnswerKind.choice(["check-up", "exam", "check-up and cleaning", "cleaning", "a root canal"])

    @Test(
        "After a yes-or-no question",
        arguments: [
            ("Yes.", .complete), ("Yes, please.", .complete), ("Yeah, that works.", .complete),
            ("That's right.", .complete),
            ("No, thank you.", .complete), ("no thanks", .complete), ("Not really.", .complete),
            ("I don't think so.", .complete), ("Yes, I am.", .complete), ("Yes it is", .complete),
            ("Sure, that's fine", .complete),
            ("um yes", .unknown), ("Yes, um,", .incomplete(.hesitation)), ("Yes, but", .incomplete(.link)),
            ("Yeah, and", .incomplete(.link)), ("No, because", .incomplete(.link)), ("no, I", .incomplete(.object)),
            ("yes, it's", .incomplete(.object)), ("You have that works.", .unknown), ("", .unknown),
            ("No, Wednesday is better", .unknown), ("yes... no", .unknown), ("let me see", .incomplete(.hesitation)),
        ] as [Row])
    func yesNo(row: Row) { #expect(Completeness.of(row.text, as: .yesNo) == row.expected) }

    @Test(
        "After a read-back a no may bring its correction",
        arguments: [
            ("Yes.", .complete), ("That's correct.", .complete), ("No.", .plausible), ("no, at", .incomplete(.object)),
            ("No, make it Wednesday.", .unknown),
        ] as [Row])
    func confirmation(row: Row) { #expect(Completeness.of(row.text, as: .confirmation) == row.expected) }

    @Test(
        "After a choice",
        arguments: [
            ("A cleaning.", .complete), ("a cleaning please", .complete), ("Um, a cleaning,", .complete),
            ("I would like an exam", .complete), ("cleanings", .complete), ("The second one.", .complete),
            ("number two", .complete), ("In the second one.", .complete), ("root canal", .complete),
            ("A check up.", .plausible), ("a checkup", .plausible), ("a check-up and cleaning", .complete),
            ("A cleaning and a", .incomplete(.object)), ("A check-up and", .incomplete(.link)),
            ("a check up or", .incomplete(.link)), ("I would like the", .incomplete(.object)),
            ("Um,", .incomplete(.hesitation)),
            ("my tooth", .incomplete(.answer)), ("a cleaning next Tuesday afternoon", .unknown),
            ("What do you mean by that exactly?", .unknown), ("overcleaning", .unknown),
        ] as [Row])
    func choice(row: Row) { #expect(Completeness.of(row.text, as: Self.visit) == row.expected) }

    @Test(
        "After a question for four digits",
        arguments: [
            ("Four, eight, one, six.", .complete), ("4816", .complete), ("4 8 1 6", .complete),
            ("forty eight sixteen", .complete),
            ("double four one six", .complete), ("four eight double two", .complete), ("twelve thirty-four", .complete),
            ("five hundred six", .complete), ("it's oh one oh two", .complete),
            ("four eight one", .incomplete(.figures)), ("48", .incomplete(.figures)),
            ("Seven free,", .incomplete(.figures)),
            ("four eight double", .incomplete(.figures)), ("it's", .incomplete(.object)),
            ("it's four", .incomplete(.figures)),
            ("four eight one um", .incomplete(.hesitation)), ("four eight and", .incomplete(.link)),
            ("four eight one six two", .plausible), ("four eight no sorry five eight", .unknown),
            ("A word.", .incomplete(.answer)),
            ("four eight to", .incomplete(.figures)), ("four eight one to", .complete),
        ] as [Row])
    func digits(row: Row) { #expect(Completeness.of(row.text, as: .digits(4...4)) == row.expected) }

    @Test(
        "A number of four to eight digits is whole at eight",
        arguments: [
            ("one two three", .incomplete(.figures)), ("one two three four", .plausible), ("1234567", .plausible),
            ("12345678", .complete), ("1234 5678", .complete),
        ] as [Row])
    func digitRange(row: Row) { #expect(Completeness.of(row.text, as: .digits(4...8)) == row.expected) }

    @Test(
        "After a question for a telephone number",
        arguments: [
            ("Five, five, five, zero, one four.", .incomplete(.figures)), ("555", .incomplete(.figures)),
            ("415-555-0142", .complete), ("(415) 555-0142", .complete), ("4155550142", .complete),
            ("four one five five five five oh one four two", .complete),
            ("my number is four one five", .incomplete(.figures)),
            ("My number is", .incomplete(.object)), ("you can reach me at", .incomplete(.object)),
            ("415 555", .incomplete(.figures)), ("415 555 01", .incomplete(.half)), ("415 555 014", .incomplete(.half)),
            ("1 415 555 0142", .complete), ("+1 415 555 0142", .complete), ("1 415 555 014", .incomplete(.half)),
            ("+44 20 7946 0958", .plausible), ("four one five triple five zero one four two", .complete),
            ("It's four, one, five, five, five, five, year one, nine, eight.", .plausible), ("this number", .complete),
            ("This number is fine.", .complete), ("the number I'm calling from", .complete),
            ("To want to,", .incomplete(.object)),
            ("four one five five five five and then", .incomplete(.figures)),
        ] as [Row])
    func phone(row: Row) { #expect(Completeness.of(row.text, as: .phone(10)) == row.expected) }

    @Test(
        "After a question for a day",
        arguments: [
            ("Wednesday.", .complete), ("next Tuesday", .complete), ("tomorrow please", .complete),
            ("November 24th", .complete),
            ("the twenty first of November", .complete), ("Friday the 27th", .complete), ("11/24", .complete),
            ("in two weeks", .complete), ("a week from", .incomplete(.object)),
            ("the twenty first of", .incomplete(.object)),
            ("the twenty", .incomplete(.date)), ("November", .incomplete(.date)), ("next", .incomplete(.object)),
            ("in two", .incomplete(.date)), ("the", .incomplete(.object)), ("the 24th", .plausible),
            ("November twenty", .plausible),
            ("next week", .plausible), ("Wednesday or", .incomplete(.link)), ("Wednesday the", .incomplete(.object)),
            ("Dumb,", .incomplete(.answer)), ("um", .incomplete(.hesitation)),
            ("I may come to you then you see", .unknown),
        ] as [Row])
    func date(row: Row) { #expect(Completeness.of(row.text, as: .date) == row.expected) }

    @Test(
        "After a question for a time",
        arguments: [
            ("three thirty", .complete), ("3:30", .complete), ("3.30 please", .complete), ("three p.m.", .complete),
            ("At three p M..", .complete), ("half past nine", .complete), ("At quarter to four,", .complete),
            ("noon", .complete),
            ("ten o'clock", .complete), ("three in the afternoon", .complete), ("ten past three", .complete),
            ("1530", .complete), ("at three", .plausible), ("four forty", .plausible), ("in the morning", .plausible),
            ("half past", .incomplete(.date)), ("quarter to", .incomplete(.half)), ("at", .incomplete(.object)),
            ("three p", .incomplete(.date)), ("three oh", .incomplete(.date)), ("at around", .incomplete(.object)),
            ("between two and", .incomplete(.link)), ("in the", .incomplete(.object)),
            ("half past for", .incomplete(.half)),
        ] as [Row])
    func time(row: Row) { #expect(Completeness.of(row.text, as: .time) == row.expected) }

    @Test(
        "After a question for a day and a time",
        arguments: [
            ("Wednesday at ten thirty", .complete), ("tomorrow at half past four", .complete),
            ("next Tuesday at 3 p.m.", .complete),
            ("Friday at noon", .complete), ("Wednesday", .incomplete(.half)), ("at ten thirty", .incomplete(.half)),
            ("Wednesday morning", .incomplete(.half)), ("Wednesday at", .incomplete(.object)),
            ("Wednesday at ten", .plausible),
            ("Wednesday, um,", .incomplete(.hesitation)), ("the twenty first of", .incomplete(.object)),
            ("November", .incomplete(.date)), ("Tuesday at half past", .incomplete(.date)),
            ("One, three.", .incomplete(.answer)),
            ("whenever you have a free slot I can", .incomplete(.object)),
        ] as [Row])
    func dateTime(row: Row) { #expect(Completeness.of(row.text, as: .dateTime) == row.expected) }

    @Test(
        "Where a sentence is asked for, words seldom tell that it is over",
        arguments: [
            ("I would like to book an appointment.", .unknown), ("My tooth hurts and", .incomplete(.link)),
            ("because,", .incomplete(.link)), ("I need to", .incomplete(.object)),
            ("it's about my", .incomplete(.object)),
            ("I would like", .incomplete(.object)), ("let me see", .incomplete(.hesitation)),
            ("hold on", .incomplete(.hesitation)),
            ("Well I was going to...", .incomplete(.hesitation)), ("my number is 415", .incomplete(.half)),
            ("my number is 415 555", .incomplete(.half)), ("my number is 415 555 0142", .unknown),
            ("it is double", .incomplete(.figures)),
            ("at three thirty", .unknown), ("s m i", .incomplete(.half)), ("S. M. I. T. H.", .incomplete(.half)),
            ("Goodbye.", .complete),
            ("that's all thank you", .complete), ("operator", .complete), ("Yes.", .plausible), ("Hello?", .plausible),
            ("I think so", .unknown), ("what is it for", .incomplete(.object)), ("I know who he is", .unknown),
            ("Anna", .unknown),
            ("seven four nine two", .plausible), ("!!!", .unknown),
        ] as [Row])
    func open(row: Row) { #expect(Completeness.of(row.text, as: .open) == row.expected) }

    @Test(
        "However long or strange a text is, it is judged",
        arguments: [String(repeating: "one ", count: 5_000), "٣٤ ½ 5️⃣ é—", "...", "+++", "1:2:3", "p.m", "24t"])
    func strange(text: String) {
        for kind in [AnswerKind.open, .yesNo, .choice(["", "…"]), .digits(1...1), .phone(10), .dateTime, .time] {
            _ = Completeness.of(text, as: kind)
        }
    }
}
