import ParleyActions
import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyAgents

/// A conversation by text: what comes in, and what the last reply is.
struct TextRow: CustomTestStringConvertible {
    var testDescription: String
    var texts: [String]
    var reply: String
    var status: Booking.Status
    var state: ConversationThread.State
    var when: String?
    var needsPerson: Bool

    init(
        _ title: String, _ texts: [String], _ reply: String, _ status: Booking.Status = .confirmed,
        _ state: ConversationThread.State = .engaged, when: String? = nil, needsPerson: Bool = false
    ) {
        testDescription = title
        self.texts = texts
        self.reply = reply
        self.status = status
        self.state = state
        self.when = when
        self.needsPerson = needsPerson
    }
}

private let sorry = "Sorry, I did not understand."
private let person = "Thank you. Somebody will read this and answer you."
private let first = "What can I book for you: a check-up, a cleaning, or is it a toothache?"
private let readBack = "A cleaning, Tue 24 Nov at 3:00 pm. Right? Reply YES or NO."
private let what = "What should I change, the treatment or the day and time?"
private let booked = "You are booked: a cleaning, Tue 24 Nov at 3:00 pm. Ref K7M4R2. Reply C to cancel."
private let tuesday = "2026-11-24T15:00"

/// A cleaning on Tuesday the 24th at three is confirmed.
private func bookedDesk() throws -> ThreadDesk {
    var desk = ThreadDesk(try dentist())
    let values = ["reason": "cleaning", "when": tuesday]
    for (slot, value) in values { desk.learn(slot, value) }
    let booking = Booking(status: .confirmed, reference: "K7M4R2", flow: "Bright Smile Dental", values: values)
    _ = desk.thread.handle(.bookingMoved(booking), at: desk.now)
    return desk
}

private func check(_ row: TextRow, _ desk: ThreadDesk) {
    var desk = desk
    var reply = ""
    for text in row.texts { reply = desk.text(text) }
    #expect(reply == row.reply)
    #expect(desk.thread.booking.status == row.status)
    #expect(desk.thread.state == row.state)
    if let when = row.when { #expect(desk.thread.known["when"] == when) }
    #expect(desk.turn.needsPerson == row.needsPerson)
    #expect(Segments(of: reply).count <= 1)
}

@Test(
    "Nothing is booked: texts fill the flow's slots, and all is read back",
    arguments: [
        TextRow("a first text", ["Hi, can I book?"], first, .none, .waitingOnCustomer),
        TextRow(
            "everything at once", ["cleaning next tue 3pm"], readBack, .proposed, .waitingOnCustomer, when: tuesday),
        TextRow("everything, then Y", ["cleaning Tue 3pm", "Y"], "", .confirmed, when: tuesday),
        TextRow(
            "one by one", ["hello", "a cleaning please", "Tuesday", "3"], readBack, .proposed, .waitingOnCustomer,
            when: tuesday),
        TextRow(
            "time first", ["cleaning", "15:00"], "3:00 pm. On which day?", .none, .waitingOnCustomer),
        TextRow("time, then day", ["cleaning", "15:00", "tue"], readBack, .proposed, .waitingOnCustomer),
        TextRow(
            "the day before the treatment", ["Tuesday at 3"], first, .none, .waitingOnCustomer, when: tuesday),
        TextRow("and then it", ["Tuesday at 3", "2"], readBack, .proposed, .waitingOnCustomer),
        TextRow("a choice by its place", ["hi", "the second one", "Tue 3pm"], readBack, .proposed, .waitingOnCustomer),
        TextRow(
            "a date in figures", ["cleaning 12/1 3p"], "A cleaning, Tue 1 Dec at 3:00 pm. Right? Reply YES or NO.",
            .proposed, .waitingOnCustomer),
        TextRow(
            "sat", ["cleaning", "sat 10am"], "A cleaning, Sat 21 Nov at 10:00 am. Right? Reply YES or NO.", .proposed,
            .waitingOnCustomer),
        TextRow(
            "tmrw", ["cleaning tmrw @ 3"], "Fri 20 Nov. What time would suit you?", .none, .waitingOnCustomer),
        TextRow(
            "a closed day", ["cleaning Sunday 3pm"], "We are closed on Sundays. On which day?", .none,
            .waitingOnCustomer),
        TextRow(
            "another day keeps the time", ["cleaning Sunday 3pm", "Tue then"], readBack, .proposed, .waitingOnCustomer),
        TextRow(
            "a closed hour", ["cleaning Tue 8pm"],
            "On Tuesdays we are open from 8:00 am to 6:00 pm. What time would suit you?", .none, .waitingOnCustomer),
        TextRow(
            "a conflict", ["cleaning", "Friday the 28th 3pm"],
            "The 28th is a Saturday, not a Friday. Which day and time would suit you?", .none, .waitingOnCustomer),
        TextRow("no", ["cleaning Tue 3pm", "N"], what, .proposed, .waitingOnCustomer),
        TextRow(
            "no, then another time", ["cleaning Tue 3pm", "no", "4"],
            "A cleaning, Tue 24 Nov at 4:00 pm. Right? Reply YES or NO.", .proposed, .waitingOnCustomer),
        TextRow("no, then which", ["cleaning Tue 3pm", "no", "the treatment"], first, .proposed, .waitingOnCustomer),
        TextRow(
            "no, the treatment, mended", ["cleaning Tue 3pm", "no", "the treatment", "checkup"],
            "A check-up, Tue 24 Nov at 3:00 pm. Right? Reply YES or NO.", .proposed, .waitingOnCustomer),
        TextRow(
            "no, the time, mended", ["cleaning Tue 3pm", "no", "the time", "4:30"],
            "A cleaning, Tue 24 Nov at 4:30 pm. Right? Reply YES or NO.", .proposed, .waitingOnCustomer),
        TextRow("no, then nothing", ["cleaning Tue 3pm", "no", "keep it"], readBack, .proposed, .waitingOnCustomer),
        TextRow(
            "no, with the day", ["cleaning Tue 3pm", "no, Wednesday"],
            "A cleaning, Wed 25 Nov at 3:00 pm. Right? Reply YES or NO.", .proposed, .waitingOnCustomer),
        TextRow("the same again", ["cleaning Tue 3pm", "Tue 3pm"], readBack, .proposed, .waitingOnCustomer),
        TextRow(
            "C", ["cleaning Tue 3pm", "C"], "", .cancelRequested, .waitingOnAgent),
        TextRow("not understood", ["hi", "blah"], person, .none, .waitingOnAgent, needsPerson: true),
        TextRow(
            "not understood at a question", ["cleaning", "blah"], "\(sorry) Which day and time would suit you?", .none,
            .waitingOnCustomer),
        TextRow("twice", ["cleaning", "blah", "blah"], person, .none, .waitingOnAgent, needsPerson: true),
        TextRow("three times", ["cleaning", "blah", "blah", "blah"], "", .none, .waitingOnAgent, needsPerson: true),
        TextRow("and then understood", ["cleaning", "blah", "blah", "Tue 3pm"], readBack, .proposed, .waitingOnAgent),
        TextRow(
            "not understood, understood, not understood", ["cleaning", "blah", "Tue", "blah"],
            "\(sorry) Tue 24 Nov. What time would suit you?", .none, .waitingOnCustomer),
        TextRow(
            "noise at the reading back", ["cleaning Tue 3pm", "blah"], "\(sorry) \(readBack)", .proposed,
            .waitingOnCustomer),
        TextRow("thanks asks nothing", ["cleaning", "thanks!"], "", .none, .waitingOnCustomer),
        TextRow("a person", ["cleaning", "can I talk to someone"], person, .none, .waitingOnAgent, needsPerson: true),
        TextRow(
            "a machine", ["cleaning", "are you a robot?"],
            "Yes, I am a machine: the automated assistant of Bright Smile Dental. Which day and time would suit you?",
            .none, .waitingOnCustomer),
        TextRow(
            "once more", ["cleaning", "sorry what?"], "Which day and time would suit you?", .none, .waitingOnCustomer),
        TextRow("YES to nothing", ["yes"], first, .none, .waitingOnCustomer),
    ])
func fillingByText(row: TextRow) throws {
    var row = row
    let desk = ThreadDesk(try dentist())
    if row.reply.isEmpty, row.status == .confirmed || row.status == .cancelRequested {
        // The reference is made of the text's number and time.
        let texts = row.texts.count
        let reference = CallReference.make(
            callID: "+12125550123 \(desk.now + 60_000 * Int64(row.status == .confirmed ? texts - 1 : texts - 1))")
        row.reply =
            row.status == .confirmed
            ? "Confirmed: a cleaning, Tue 24 Nov at 3:00 pm. Ref \(reference). Reply C to cancel."
            : "Your request to cancel is noted: a cleaning, Tue 24 Nov at 3:00 pm. Ref \(reference)."
    }
    check(row, desk)
}

private let change = "Change to a cleaning, Wed 25 Nov at 3:00 pm? Reply YES or NO."

@Test(
    "A booking is confirmed: yes, no, C, a date and a time move it",
    arguments: [
        TextRow("Y", ["Y"], booked),
        TextRow("a thumb", ["👍"], booked),
        TextRow("thanks", ["Great, thank you!"], ""),
        TextRow("ok", ["ok"], ""),
        TextRow("a reaction", ["Liked “You are booked: a cleaning, Tue 24 Nov at 3:00 pm”"], ""),
        TextRow("no", ["N"], what, .confirmed, .waitingOnCustomer),
        TextRow("no, then nothing", ["N", "nothing"], booked),
        TextRow("no, then a day", ["N", "Wed"], change, .changeRequested, .waitingOnCustomer),
        TextRow("a day", ["Wed"], change, .changeRequested, .waitingOnCustomer, when: "2026-11-25T15:00"),
        TextRow(
            "tomorrow", ["can we do tomorrow instead?"],
            "Change to a cleaning, Fri 20 Nov at 3:00 pm? Reply YES or NO.", .changeRequested, .waitingOnCustomer),
        TextRow(
            "a date", ["12/1"], "Change to a cleaning, Tue 1 Dec at 3:00 pm? Reply YES or NO.", .changeRequested,
            .waitingOnCustomer),
        TextRow(
            "a time", ["15:30"], "Change to a cleaning, Tue 24 Nov at 3:30 pm? Reply YES or NO.", .changeRequested,
            .waitingOnCustomer),
        TextRow(
            "a lone number", ["4"], "Change to a cleaning, Tue 24 Nov at 4:00 pm? Reply YES or NO.", .changeRequested,
            .waitingOnCustomer),
        TextRow(
            "both", ["Wed 4pm"], "Change to a cleaning, Wed 25 Nov at 4:00 pm? Reply YES or NO.", .changeRequested,
            .waitingOnCustomer),
        TextRow(
            "the treatment", ["can you make it a checkup"],
            "Change to a check-up, Tue 24 Nov at 3:00 pm? Reply YES or NO.", .changeRequested, .waitingOnCustomer),
        TextRow("the same", ["Tue 3pm, right?"], booked),
        TextRow(
            "a day, then yes", ["Wed", "YES"],
            "Confirmed: a cleaning, Wed 25 Nov at 3:00 pm. Ref K7M4R2. Reply C to cancel.", when: "2026-11-25T15:00"),
        TextRow(
            "a day, then a thumb", ["Wed", "👍"],
            "Confirmed: a cleaning, Wed 25 Nov at 3:00 pm. Ref K7M4R2. Reply C to cancel.", when: "2026-11-25T15:00"),
        TextRow(
            "a day, then no", ["Wed", "no"], "You stay booked: a cleaning, Tue 24 Nov at 3:00 pm. \(what)", .confirmed,
            .waitingOnCustomer, when: tuesday),
        TextRow("a day, then another", ["Fri", "Wed"], change, .changeRequested, .waitingOnCustomer),
        TextRow("and back again", ["Wed", "Tuesday"], booked, .confirmed, when: tuesday),
        TextRow("a closed day", ["Sunday"], "We are closed on Sundays. On which day?", .confirmed, .waitingOnCustomer),
        TextRow("a closed day, then kept", ["Sunday", "never mind"], booked, .confirmed, when: tuesday),
        TextRow("a closed day, then another", ["Sunday", "Wed"], change, .changeRequested, .waitingOnCustomer),
        TextRow(
            "a closed hour", ["8pm"], "On Tuesdays we are open from 8:00 am to 6:00 pm. What time would suit you?",
            .confirmed, .waitingOnCustomer),
        TextRow(
            "a day that has passed", ["Nov 3 2026"], "That day has passed already. On which day?", .confirmed,
            .waitingOnCustomer),
        TextRow(
            "C", ["C"], "Your request to cancel is noted: a cleaning, Tue 24 Nov at 3:00 pm. Ref K7M4R2.",
            .cancelRequested, .waitingOnAgent),
        TextRow(
            "C in words", ["please cancel my appointment"],
            "Your request to cancel is noted: a cleaning, Tue 24 Nov at 3:00 pm. Ref K7M4R2.", .cancelRequested,
            .waitingOnAgent),
        TextRow(
            "C after a change that waits", ["Wed", "c"],
            "Your request to cancel is noted: a cleaning, Tue 24 Nov at 3:00 pm. Ref K7M4R2.", .cancelRequested,
            .waitingOnAgent),
        TextRow("C twice", ["C", "C"], "Your request to cancel is noted already.", .cancelRequested, .waitingOnAgent),
        TextRow("C, then a day", ["C", "Wed 3pm"], change, .changeRequested, .waitingOnAgent),
        TextRow("CANCEL", ["CANCEL"], "", .cancelRequested, .waitingOnAgent),
        TextRow("STOP", ["STOP"], "", .confirmed, .engaged),
        TextRow("HELP", ["HELP"], "", .confirmed, .engaged),
        TextRow("noise", ["is there parking?"], "\(sorry) Text a new day or time, or C to cancel."),
        TextRow(
            "noise twice", ["is there parking?", "where can I park"], person, .confirmed, .waitingOnAgent,
            needsPerson: true),
    ])
func movingByText(row: TextRow) throws { check(row, try bookedDesk()) }

@Test("A text after a call knows what was said: only the rest is asked")
func textAfterCall() throws {
    var desk = ThreadDesk(try dentist())
    #expect(desk.call(["said a toothache"]).asked == ["reason", "when"])
    #expect(desk.text("hi again") == "Which day and time would suit you?")
    #expect(desk.text("Mon 9am").hasPrefix("An urgent visit for a toothache, Mon 23 Nov at 9:00 am. Right?"))
}

@Test("A visit that has been is no booking: the next text begins anew")
func textAfterVisit() throws {
    var desk = try bookedDesk()
    desk.now += 8 * 86_400_000
    #expect(desk.text("another cleaning please") == "Which day and time would suit you?")
    #expect(desk.text("Mon 9am").hasPrefix("A cleaning, Mon 30 Nov at 9:00 am. Right?"))
    #expect(desk.thread.booking.status == .proposed)
    #expect(desk.thread.booking.reference != "K7M4R2")
}

@Test("A yes to a day that has passed meanwhile asks for another")
func lateYes() throws {
    var desk = ThreadDesk(try dentist())
    _ = desk.text("cleaning tomorrow at 3pm")
    desk.now += 3 * 86_400_000
    #expect(desk.text("yes") == "Which day and time would suit you?")
    #expect(desk.thread.booking.status == .proposed)
}

private let kinds = Result {
    try FlowLoader.load(
        text: """
            settings: {name: Test, time_zone: Europe/London}
            steps:
              - {id: hello, say: Hello.}
              - {id: f, ask: first, kind: yes_no, prompt: "First visit?"}
              - id: fork
                branch:
                  - {when: {first: "yes"}, next: n}
                  - else: p
              - {id: n, ask: name, kind: free_text, prompt: "Your name?"}
              - {id: p, ask: phone, kind: phone, country: "1", prompt: "Your number?"}
              - {id: c, ask: pin, kind: digits, length: 4, prompt: "Four digits?"}
              - {id: may, consent: "May {{business}} text you? Message rates may apply. Reply STOP to end.", on_no: d}
              - {id: d, ask: day, kind: date, prompt: "Which day?"}
              - {id: t, ask: time, kind: time, prompt: "What time?"}
              - {id: act, action: look_up, on_failed: over}
              - {id: over, end: Bye.}
            """, file: "kinds.yaml")
}

@Test("Every kind of question is asked by text; consent and actions are not")
func everyKind() throws {
    var desk = ThreadDesk(try kinds.get())
    #expect(desk.text("hello") == "First visit?")
    #expect(desk.text("Y") == "Your name?")
    #expect(desk.text("Ann Lee") == "Your number?")
    #expect(desk.text("(212) 555-0124") == "Four digits?")
    #expect(desk.text("4711") == "Which day?")
    #expect(desk.text("the 24th") == "What time?")
    #expect(
        desk.text("3")
            == "First: yes, name: Ann Lee, phone: +12125550124, pin: 4711, Tue 24 Nov, 3:00 pm. Right? Reply YES or NO."
    )
    #expect(desk.text("no, 5pm").hasSuffix("5:00 pm. Right? Reply YES or NO."))
    #expect(desk.text("👍").hasPrefix("Confirmed: first: yes, name: Ann Lee"))
    #expect(
        desk.thread.known == [
            "first": "yes", "name": "Ann Lee", "phone": "+12125550124", "pin": "4711", "day": "2026-11-24",
            "time": "17:00",
        ])
}

@Test("What a branch leaves out is not asked, and this number is the texter's own")
func branchByText() throws {
    var desk = ThreadDesk(try kinds.get())
    _ = desk.text("hello")
    #expect(desk.text("nope") == "Your number?")
    #expect(desk.text("this number") == "Four digits?")
    #expect(desk.thread.known["phone"] == "+12125550123")
}

@Test(
    "A text of any kind gets one answer and never a crash",
    arguments: [
        "", " ", "👍👎", String(repeating: "a ", count: 5_000), String(repeating: "9", count: 10_000), "\u{0}\u{202e}",
        "{{when}}", "no sorry no sorry", "99:99", "/", "12/", "p", "a", "plus plus 212", "plus", "2026-99-99", "C C C",
        String(repeating: "👍", count: 3_000), "Liked “", "٣ مساءً", "the", "at", "in", "sat sun sat",
    ])
func hostileTexts(text: String) throws {
    let desks = [ThreadDesk(try dentist()), try bookedDesk(), ThreadDesk(try kinds.get())]
    for desk in desks {
        for before in [[], ["cleaning"], ["cleaning Tue 3pm"], ["no"], ["Wed"], ["hello", "y"]] {
            var desk = desk
            for line in before { _ = desk.text(line) }
            _ = desk.text(text)
            #expect(desk.turn.question == nil || desk.turn.reply != nil)
        }
    }
}

@Test("A broken clock does not stop a text", arguments: [Int64.min, -1, 0, .max])
func brokenTextClock(now: Int64) throws {
    let thread = ConversationThread(number: "+12125550123", updatedAt: 0)
    let turn = FlowTextSide(try dentist()).answer("cleaning", meaning: .message, thread: thread, at: now)
    #expect(turn.reply == "Which day and time would suit you?")
}

@Test("A flow that asks nothing hands every text to a person, and says so once")
func nothingToAsk() throws {
    let flow = try FlowLoader.load(
        text: "settings: {name: Test, time_zone: UTC}\nsteps:\n  - {id: over, end: Bye.}\n", file: "flow.yaml")
    var desk = ThreadDesk(flow)
    #expect(desk.text("hello") == person)
    #expect(desk.thread.state == .waitingOnAgent)
    #expect(desk.text("hello?") == "")
}

@Test(
    "Words of texts are read as they are written",
    arguments: [
        ("Y", "yes"), ("n thanks", "no thanks"), ("Tue 3p", "tue 3 pm"), ("a 3", "a 3"), ("tmrw 9a", "tomorrow 9 am"),
        ("Sat", "saturday"), ("👍🏽", "yes"), ("ok 👌", "ok yes"), ("❌", "no"), ("why y", "why y"),
    ])
func textWords(text: String, tokens: String) { #expect(TextWords.words(text).phrase == tokens) }
