import Testing

@testable import ParleyActions

@Suite("Numbers, formats and dates in templates")
struct TemplateFormatTests {
    @Test(
        "printf, with what Go prints for the same",
        arguments: [
            ("`%s and %v` `a` 12", "a and 12"), ("`%d%%` 50", "50%"),
            ("`%q` `a\"\\é\u{200F}\u{1}`", #""a\"\\é\u200f\x01""#),
            ("`%v %v` true 1.50", "true 1.5"), ("`%.2f` 3.14159", "3.14"), ("`%.2f` 5", "5.00"),
            ("`%f` 1.5", "1.500000"),
            ("`%.0f` 2.5", "2"), ("`%.0f` 3.5", "4"), ("`%.2f` 0.125", "0.12"), ("`%.2f` 0.135", "0.14"),
            ("`%.1f` 0.05", "0.0"), ("`%.1f` 0.051", "0.1"), ("`%.1f` 0.04", "0.0"), ("`%.2f` 99.996", "100.00"),
            ("`%.2f` -0.001", "0.00"), ("`%.2f` -1.005", "-1.00"), ("`%.2f` 1e3", "1000.00"), ("`%.1f` 0", "0.0"),
            ("`%5d|` 42", "   42|"), ("`%-5d|` 42", "42   |"), ("`%05d` 42", "00042"), ("`%05d` -42", "-0042"),
            ("`%-5s|` `é`", "é    |"), ("`%5s` `abcdefg`", "abcdefg"), ("`%08.2f` -3.14159", "-0003.14"),
            ("`%-05d|` 7", "7    |"), ("`%d` 123456789012345678901234567890", "123456789012345678901234567890"),
            ("`no places`", "no places"), ("`%5v|%-6v|` true `a`", " true|a     |"),
        ])
    func printf(arguments: String, expected: String) throws {
        #expect(try rendered("{{ printf \(arguments) }}") == expected)
    }

    @Test(
        "A literal format that we do not know, or whose values do not fit in number, is refused when it is loaded",
        arguments: [
            "%x", "%t", "%", "%!", "%+d", "% d", "%#v", "%*d", "%[1]d", "%.2d", "%.3s", "%05s", "%999d", "%.99f", "%T",
            "%s %s", "none", "%99999999999999999999d",
        ])
    func refusedFormats(format: String) {
        #expect(throws: TemplateFault.self) { try Template("{{ printf \"\(format)\" .a }}", name: "t") }
    }

    @Test(
        "date, by Go's reference layout",
        arguments: [
            ("`2006-01-02` `2026-11-24`", "2026-11-24"),
            ("`Monday, 2 January 2006` `2026-11-24T15:04:05Z`", "Tuesday, 24 November 2026"),
            ("`Mon Jan _2 15:04:05 2006` `2026-03-04T05:06:07Z`", "Wed Mar  4 05:06:07 2026"),
            ("`3:04 PM` `2026-11-24T15:05:00+01:00`", "3:05 PM"), ("`3:04pm` `2026-11-24T00:05`", "12:05am"),
            ("`03:4:5 pm` `2026-11-24T12:05:09Z`", "12:5:9 pm"),
            ("`01/02/06` `2026-11-04`", "11/04/26"), ("`1/2/2006` `2026-03-04`", "3/4/2026"),
            ("`2006.01.02` `2026-11-24`", "2026.11.24"), ("`__2 002` `2026-02-01`", " 32 032"),
            ("`2006-01-02T15:04:05Z07:00` `2026-11-24T15:00:00+05:30`", "2026-11-24T15:00:00+05:30"),
            ("`2006-01-02T15:04:05Z07:00` `2026-11-24T15:00:00Z`", "2026-11-24T15:00:00Z"),
            ("`-0700 -07 MST` `2026-11-24T15:00:00-03:30`", "-0330 -03 -0330"),
            ("`15:04 MST -07:00` `2026-11-24T15:00:00Z`", "15:00 UTC +00:00"),
            ("`05.000 05.999 05,0` `2026-11-24T15:00:07.25Z`", "07.250 07.25 07,2"),
            ("`5.99` `2026-11-24T15:00:07Z`", "7"),
            ("`Jan Janet Month Mon` `2026-11-24`", "Nov Janet Month Tue"), ("`_2006` `2026-11-24`", "_2026"),
            ("`2006-01-02 15:04:05` 0", "1970-01-01 00:00:00"),
            ("`2006-01-02 15:04:05` 1764072000", "2025-11-25 12:00:00"),
            ("`2006-01-02 15:04:05` -1.5", "1969-12-31 23:59:58"), ("`15:04 le 2` `2026-11-24 09:30`", "09:30 le 24"),
            ("`Mon 2006-01-02` `2024-02-29`", "Thu 2024-02-29"), ("`Monday` `0001-01-01`", "Monday"),
            ("`Monday` `9999-12-31`", "Friday"), ("`2 Jan 2006` 253402300799", "31 Dec 9999"),
            ("`2 Jan 2006` -62135596800", "1 Jan 0001"),
        ])
    func date(arguments: String, expected: String) throws {
        #expect(try rendered("{{ date \(arguments) }}") == expected)
    }

    @Test(
        "What is no day or time is refused, without its text",
        arguments: [
            "2026-02-30", "2025-02-29", "2026-13-01", "0000-01-01", "2026-11-24T24:00", "2026-11-24T15:00:60Z",
            "2026-11-24T15", "2026-11-24T", "2026-11-24T15:00+1", "2026-11-24T15:00:00.Z", "tomorrow", "",
            "2026-11-24T15:00Zx", "１２３４-01-01", "2026-1-2",
        ])
    func refusedDates(text: String) throws {
        let fault = try rendered("{{ date `2006` .d }}", #"{"d":"\#(text)"}"#)
        #expect(fault.hasPrefix("t:1:4: `date` takes a day as 2026-11-24"))
        #expect(fault.hasSuffix("this text is none of them"))
    }

    @Test("Milliseconds, booleans and far years are refused as dates")
    func refusedDateKinds() throws {
        for value in ["1764072000000", "true", "1e300", "[]"] {
            let fault = try rendered("{{ date `2006` .d }}", #"{"d":\#(value)}"#)
            #expect(fault.hasPrefix("t:1:4: `date` takes a day as 2026-11-24"), "\(value)")
        }
    }

    @Test("A day and its number are the same day, from the first to the last")
    func civilDates() {
        var previous = 0
        var wrong: [Int] = []
        for number in -719_162...2_932_896 {
            guard number % 37 == 0 || number % 146_097 < 3 else { continue }
            let date = CivilDate(number: number)
            let order = date.map { ($0.year * 12 + $0.month) * 31 + $0.day } ?? 0
            if date?.number != number || order <= previous { wrong.append(number) }
            previous = order
        }
        #expect(wrong == [])
        #expect(CivilDate(number: -719_163) == nil)
        #expect(CivilDate(number: 2_932_897) == nil)
        #expect(CivilDate(number: 2_932_896) == CivilDate(year: 9_999, month: 12, day: 31))
        #expect(CivilDate(number: 11_016) == CivilDate(year: 2_000, month: 2, day: 29))
    }
}
