import Testing

@testable import ParleyAgents

@Suite struct SpokenTextTests {
    private func speak(_ pieces: [String], language: String = "en-US") -> String {
        var text = SpokenText(language: language)
        var out = ""
        for piece in pieces { out += text.feed(piece) }
        out += text.finish()
        return out
    }

    /// Without the white space at its ends and before its lines' ends.
    private func speak(_ text: String, language: String = "en-US") -> String {
        speak([text], language: language).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: "\n")
    }

    private func lines(_ text: String) -> String {
        speak(text).split(separator: "\n").joined(separator: "|")
    }

    @Test(
        "Markup is not spoken",
        arguments: [
            ("**Sure**, I *can* do ~~this~~ `that`.", "Sure, I can do this that."),
            ("## Your options", "Your options"), ("> quoted", "quoted"), ("_Really_ __good__.", "Really good."),
            ("See [our page](https://example.com/a/b?c=d) for more.", "See our page for more."),
            ("A ![picture](x.png) here.", "A here."), ("As told[1] before.", "As told before."),
            ("Hello 👋🏽 there 👨‍👩‍👧 you ❤️!", "Hello there you !"), ("Line<br>break <b>bold</b>", "Linebreak bold"),
            ("<a href=\"x y\">Our shop</a> is open.", "Our shop is open."), ("Use send_sms now.", "Use send sms now."),
            ("---", ""), ("Acme® and Foo™", "Acme and Foo"), ("\"Quoted\" (aside) words", "Quoted aside words"),
            ("<think>they want a table\n\nfor two</think>For how many?", "For how many?"),
            ("x < 5", "x 5"),
        ])
    func markup(text: String, spoken: String) { #expect(speak(text) == spoken) }

    @Test("Code is left out, and what stands around it is not")
    func code() {
        #expect(lines("Look:\n```swift\nlet x = 1\n```\nDone.") == "Look:|Done.")
        #expect(lines("Run ```x = 1``` now.") == "Run now.")
    }

    @Test("Each item of a list is a clause of its own; a number is said")
    func lists() {
        #expect(lines("We have:\n- haircuts\n* shaves\n\n• beards") == "We have:|haircuts|shaves|beards")
        #expect(lines("1. Haircut\n2) Shave") == "one, Haircut|two, Shave")
        #expect(speak("5.") == "five.")
        #expect(lines("| Day | Open |\n|---|---|\n| Monday | 9 |") == "Day Open|Monday 9")
    }

    @Test(
        "Addresses",
        arguments: [
            ("Go to https://www.example.com.", "Go to example dot com."),
            ("https://example.co.uk/booking", "example dot co dot uk slash booking"),
            ("https://example.com/a/b?c=d", "example dot com"), ("www.my-shop.com/", "my dash shop dot com"),
            ("Mail jo.smith@example.com, please.", "Mail jo dot smith at example dot com, please."),
            ("example.org is ours", "example dot org is ours"), ("Done.Next one", "Done.Next one"),
            ("<https://example.com>", "example dot com"),
        ])
    func addresses(text: String, spoken: String) { #expect(speak(text) == spoken) }

    @Test(
        "Money",
        arguments: [
            ("It is $5.", "It is five dollars."), ("$1 each", "one dollar each"),
            ("$12.50 a head", "twelve dollars and fifty cents a head"), ("£0.99!", "ninety-nine pence!"),
            ("€1,200", "one thousand two hundred euros"), ("$5 million, then", "five million dollars, then"),
            ("$3.5 billion", "three point five billion dollars"), ("$10k", "ten thousand dollars"),
            ("$20/month", "twenty dollars a month"), ("$5-$10", "five dollars to ten dollars"),
            ("$1.01", "one dollar and one cent"), ("$40.00", "forty dollars"),
        ])
    func money(text: String, spoken: String) { #expect(speak(text) == spoken) }

    @Test(
        "Times and dates",
        arguments: [
            ("At 3:30 PM.", "At three thirty p.m.\n"), ("at 3:00 pm on", "at three p.m. on"),
            ("at 3:00 on", "at three o'clock on"), ("It is 3:00.", "It is three o'clock."),
            ("9am-5pm", "nine a.m. to five p.m."),
            ("3pm, then", "three p.m., then"), ("at 15:30", "at three thirty p.m."), ("09:05", "nine oh five"),
            ("on 2026-05-04 at", "on May fourth, 2026 at"), ("on 24/12/2026", "on December twenty-fourth, 2026"),
            ("12/24/2026", "December twenty-fourth, 2026"), ("May 5, 2026", "May fifth, 2026"),
            ("the 21st", "the twenty-first"),
            ("I am here", "I am here"),
            ("Sat. at 9", "Saturday at 9"), ("He sat. Then", "He sat. Then"),
        ])
    func times(text: String, spoken: String) { #expect(speak(text) == spoken) }

    @Test(
        "Numbers",
        arguments: [
            ("We have 12 of 2026.", "We have 12 of 2026."),
            ("1,234 people", "one thousand two hundred thirty-four people"),
            ("3.14", "three point one four"), ("20%", "twenty percent"), ("2.5%", "two point five percent"),
            ("9-5", "9 to 5"), ("10–12 days", "10 to 12 days"), ("1/2", "one half"), ("2/3", "two thirds"),
            ("24/7", "24 7"),
            ("#5", "number 5"), ("~5", "about 5"), ("5km or 5 kg", "five kilometres or 5 kilograms"),
            ("-5", "minus 5"), ("50000", "fifty thousand"), ("zip 94110", "zip 9 4 1, 1 0"),
            ("code 0412", "code 0 4 1 2"),
            ("Call 555-0100.", "Call 5 5 5, 0 1 0 0."), ("+15550100", "plus 1 5 5, 5 0 1, 0 0"),
            ("(555) 010-1234", "5 5 5 0 1 0, 1 2 3 4"), ("020 7946 0000", "0 2 0 7 9 4 6 0 0 0 0"),
            ("1-800-555-0199", "1, 8 0 0, 5 5 5, 0 1 9 9"), ("reference A4K7MX", "reference A 4 K 7 M X"),
            ("COVID-19", "COVID-19"), ("a 24-hour line", "a 24-hour line"), ("192.168.0.1", "192.168.0.1"),
        ])
    func numbers(text: String, spoken: String) { #expect(speak(text) == spoken) }

    @Test(
        "Short forms",
        arguments: [
            ("12 Elm St. is near", "12 Elm Street is near"),
            ("12 Elm St. Your", "12 Elm Street. Your"), ("St. Mary", "Saint Mary"),
            ("e.g. on Monday", "for example on Monday"),
            ("tea & cake", "tea and cake"), ("and/or", "and or"), ("salt, etc.", "salt, et cetera."),
            ("5 min", "5 minutes"), ("ASAP!", "as soon as possible!"), ("100 %", "100 percent"), ("A → B", "A to B"),
        ])
    func shortForms(text: String, spoken: String) { #expect(speak(text) == spoken) }

    @Test(
        "Pauses, days and titles",
        arguments: [
            ("One - two", "One, two"), ("One – two — three.", "One, two, three."), ("Done. - Yes", "Done. Yes"),
            ("open 9 - 5", "open 9 to 5"), ("3pm - 5pm", "three p.m. to five p.m."),
            ("$5 - cheap", "five dollars, cheap"),
            ("well-known", "well-known"), ("One -", "One"),
            ("Tue, Nov 24", "Tuesday, November twenty-fourth"), ("Mon, Jan 5", "Monday, January fifth"),
            ("Dr. Smith and Mr. Jones", "Doctor Smith and Mister Jones"),
        ])
    func pausesAndTitles(text: String, spoken: String) { #expect(speak(text) == spoken) }

    @Test("In another language only what nobody can say goes; its numbers are left to the voice")
    func otherLanguages() {
        #expect(speak("**Das** kostet 5,50 € 🙂 am 3.4.", language: "de-DE") == "Das kostet 5,50 € am 3.4.")
    }

    @Test("Wherever the stream is cut, the same is spoken")
    func cuts() {
        let text =
            "## Hi 👨‍👩‍👧 **you**\r\n1. It is $5 million at 3:00 pm, Dr. Jo.\n- See [our page](https://a.com/b c) or <b>x</b>\n"
            + "```\ncode\n``` <think>no</think>12 Elm St. Yes, $4. €2 3:00 o'clock 020 7946 é"
        let whole = speak([text])
        let scalars = Array(text.unicodeScalars)
        func part(_ scalars: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(scalars)) }
        for cut in 0...scalars.count {
            #expect(speak([part(scalars[..<cut]), part(scalars[cut...])]) == whole, "cut at \(cut)")
        }
        #expect(speak(scalars.map { String($0) }) == whole)
        #expect(whole.contains("five million dollars") && whole.contains("See our page"))
    }

    @Test("A word is spoken as soon as it is whole, and not before")
    func promptness() {
        var text = SpokenText()
        #expect(text.feed("Hel") == "")
        #expect(text.feed("lo. ") == "Hello. ")
        // Its space comes with the next word: a comma may have to stand before that.
        #expect(text.feed("It is $5") == "It is")
        #expect(text.feed(" ") == " five")
        #expect(text.feed("more ") == " dollars more")
    }

    @Test("A word without end, a link that is not closed and half a tag are held back no longer than 300 characters")
    func bounds() {
        for start in ["", "[never closed ", "<never closed "] {
            var text = SpokenText()
            let spoken = text.feed(start + String(repeating: "ab ", count: 400))
            #expect(spoken.count > 800, "\(start)")
        }
        var text = SpokenText()
        #expect(text.feed(String(repeating: "x", count: 1_000)).count >= 900)
    }
}
