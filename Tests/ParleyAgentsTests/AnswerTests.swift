import ParleyActions
import Testing

@testable import ParleyAgents

@Test(
    "A yes, however it is said",
    arguments: [
        "yes", "Yes.", "yeah", "Yep!", "yup", "sure, that's fine", "yes please", "Yeah, go ahead.", "of course",
        "please do",
        "absolutely", "that's right", "That is correct.", "no problem", "uh, yes", "Yes, thank you.", "sounds good",
        "I do",
        "you may", "it is", "certainly", "definitely", "no worries", "yes, that works", "Yeah, yeah.",
    ])
func yes(text: String) {
    #expect(YesNo(Words(text)) == .yes)
}

@Test(
    "Words to go on with that are no clear yes",
    arguments: ["okay", "OK.", "alright", "fine", "mhm", "right", "uh huh", "why not", "I don't mind"])
func weakYes(text: String) {
    #expect(YesNo(Words(text)) == .weakYes)
}

@Test(
    "A no, however it is said",
    arguments: [
        "no", "No.", "nope", "no thanks", "No, thank you.", "not really", "I don't think so", "I'd rather not", "nah",
        "please don't", "not right now", "that's not right", "That's wrong.", "absolutely not", "no way", "it isn't",
        "never mind", "don't text me", "no need", "not at all", "of course not", "I would rather not",
    ])
func no(text: String) {
    #expect(YesNo(Words(text)) == .no)
}

@Test(
    "Neither yes nor no",
    arguments: [
        "maybe", "I'm not sure", "I don't know", "perhaps", "one", "1", "seven", "what", "", "🙂", "it depends",
        "yes no", "the dentist",
        "I guess", "hello", "probably", "well",
    ])
func unclear(text: String) {
    #expect(YesNo(Words(text)) == .unclear)
}

private let choices = [
    FlowChoice(value: "check_up", spoken: "a check-up", key: "1", synonyms: ["checkup", "exam"]),
    FlowChoice(value: "cleaning", spoken: "a cleaning", key: "2", synonyms: ["clean", "teeth cleaned", "hygienist"]),
    FlowChoice(value: "toothache", spoken: "a toothache", key: "3", synonyms: ["tooth hurts", "pain", "emergency"]),
]

@Test(
    "One of several, by name, near name, number or place",
    arguments: [
        ("a cleaning", "cleaning"), ("Cleaning, please.", "cleaning"), ("I need to get my teeth cleaned", "cleaning"),
        ("check up", "check_up"), ("checkup", "check_up"), ("Check-up.", "check_up"), ("a chekup", "check_up"),
        ("I have a toothache", "toothache"), ("tooth ache", "toothache"), ("my tooth hurts", "toothache"),
        ("tooth-ache.", "toothache"),
        ("I'm in pain", "toothache"), ("the second one", "cleaning"), ("number two", "cleaning"), ("two", "cleaning"),
        ("to", "cleaning"), ("option three", "toothache"), ("one", "check_up"), ("the first", "check_up"),
        ("the last one", "toothache"),
        ("not a cleaning, a check-up", "check_up"), ("a cleaning, no sorry, a check-up", "check_up"),
        ("clean", "cleaning"),
        ("cleanings", "cleaning"), ("hygenist", "cleaning"),
        ("a haircut", "-"), ("", "-"), ("seven", "-"), ("check-up or cleaning", "-"), ("I don't know", "-"),
        ("yes", "-"),
    ])
func oneOf(text: String, expected: String) {
    let found = ChoicePhrase.find(choices, in: Words(text), isAsked: true)
    #expect(found.map { choices[$0.index].value } ?? "-" == expected)
}

@Test(
    "Digits, one by one, in pairs, doubled, misheard",
    arguments: [
        ("oh seven nine two double four six", "0792446"), ("079244", "079244"), ("0-7-9", "079"), ("0 7 9.", "079"),
        ("one two three four", "1234"), ("twelve thirty four", "1234"), ("triple seven five", "7775"),
        ("nought nine", "09"),
        ("it's one two three", "123"), ("um, four for for", "444"), ("won to tree for", "1234"), ("six ate", "68"),
        ("eight hundred five five", "80055"), ("555-0100", "5550100"), ("(206) 555 0100", "2065550100"), ("oh", "0"),
        ("nineteen eighty four", "1984"), ("my number is 4 2", "42"), ("oh dear", ""), ("for me", ""), ("hello", ""),
        ("", ""),
        ("I would like to give it to you", ""), ("double", ""),
    ])
func digits(text: String, expected: String) {
    #expect(DigitString.digits(in: Words(text)) == expected)
}

@Test(
    "A phone number, national, international, or the one that calls",
    arguments: [
        ("oh seven nine double two, four four six, one one two", "1", "+17922446112"),
        ("two oh six, five five five, oh one double oh", "1", "+12065550100"),
        ("1 206 555 0100", "1", "+12065550100"), ("+44 20 7946 0958", "1", "+442079460958"),
        ("plus four four twenty seventy nine four six oh nine five eight", nil, "+442079460958"),
        ("020 7946 0958", "44", "+442079460958"), ("00 44 20 7946 0958", "1", "+442079460958"),
        ("5550100", nil, "5550100"), ("this number", "1", "+15005550006"),
        ("the number I'm calling from", "1", "+15005550006"),
        ("five five five", "1", nil), ("12345678901234567", "1", nil), ("no", "1", nil),
    ] as [(String, String?, String?)])
func phone(text: String, country: String?, expected: String?) {
    #expect(PhoneNumber.number(in: Words(text), caller: "+15005550006", country: country) == expected)
}

@Test(
    "What callers say beside the point",
    arguments: [
        ("repeat", Aside.sayAgain), ("Can you say that again?", .sayAgain), ("Sorry, what?", .sayAgain),
        ("pardon", .sayAgain),
        ("I didn't hear you", .sayAgain), ("What can you do?", .help), ("help", .help), ("What are my options?", .help),
        ("operator", .person), ("I want to talk to a human", .person), ("Can I speak to someone, please?", .person),
        ("Are you a machine?", .machine), ("Am I talking to a real person?", .machine),
        ("is this a recording", .machine),
        ("one moment please", .wait), ("hold on a second", .wait), ("goodbye", .goodbye), ("bye bye", .goodbye),
        ("hang up", .goodbye), ("Thanks, bye.", .goodbye),
    ])
func asides(text: String, expected: Aside) {
    #expect(Aside(Words(text)) == expected)
}

@Test(
    "Answers are not asides",
    arguments: [
        "yes", "a cleaning", "Tuesday at three", "no thanks", "the one after that", "I'll wait for Tuesday", "079244",
        "",
        "my son's toothache", "bye-law office", "again on Tuesday",
    ])
func notAsides(text: String) {
    #expect(Aside(Words(text)) == nil)
}

@Test(
    "Free text is one clean line of at most 200 characters",
    arguments: [
        ("  Anna \n Maria\u{7} ", "Anna Maria"), ("", nil), (" \n\t ", nil), ("...", nil), ("🦷", nil),
        ("Zoë O'Brien", "Zoë O'Brien"),
        (String(repeating: "a", count: 10_240), String(repeating: "a", count: 200)),
    ] as [(String, String?)])
func freeText(text: String, expected: String?) {
    #expect(FreeText.text(in: text) == expected)
}

@Test(
    "Values are spoken as people speak",
    arguments: [
        (15 * 60, "three p.m."), (0, "midnight"), (720, "noon"), (9 * 60 + 5, "nine oh five a.m."),
        (15 * 60 + 30, "three thirty p.m."),
        (12 * 60 + 15, "twelve fifteen p.m."), (10 * 60 + 45, "ten forty-five a.m."), (30, "twelve thirty a.m."),
    ])
func spokenTimes(minutes: Int, expected: String) {
    #expect(Spoken.time(ClockTime(minutes: minutes)) == expected)
}

@Test("Dates and digits are spoken as people speak")
func spokenValues() {
    let day = CalendarDay(number: 20_781)
    #expect(Spoken.day(day, thisYear: 2026) == "Tuesday the 24th of November")
    #expect(Spoken.day(day, thisYear: 2025) == "Tuesday the 24th of November 2026")
    #expect(Spoken.digits("0792446") == "0 7 9, 2 4 4 6")
    #expect(
        Spoken.digits("+12065550100") == "1 2 0, 6 5 5, 5 0 1, 0 0"
            || Spoken.digits("+12065550100") == "1 2 0, 6 5 5, 5 0 1 0 0")
    #expect(
        [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 31].map(Spoken.ordinal).joined(separator: " ")
            == "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 31st")
}

@Test("A reference is six characters that are not taken for one another, and the same for the same call")
func references() {
    let one = CallReference.make(callID: "01JD0000000000000000000001")
    #expect(one == CallReference.make(callID: "01JD0000000000000000000001"))
    #expect(one.count == 6)
    #expect(one.allSatisfy { "2346789ACFHJKMRWXY".contains($0) })
    let many = Set((0..<5_000).map { CallReference.make(callID: "01JD00000000000000000\($0)") })
    #expect(many.count >= 4_990)
}
