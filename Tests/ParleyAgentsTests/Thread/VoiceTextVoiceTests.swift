import ParleyActions
import ParleyCore
import ParleyMessaging
import Testing

@testable import ParleyAgents

private let booked = ["said a cleaning", "said Tuesday at three", "said yes", "said yes", "committed", "committed"]

@Test("Booked by voice, moved by text: the next call opens with the text, and asks nothing again")
func voiceTextVoice() throws {
    var desk = ThreadDesk(try dentist())
    let first = desk.call(booked)
    #expect(first.replies[0].hasPrefix("Thank you for calling Bright Smile Dental. What can I book"))
    #expect(first.asked == ["reason", "when", "may_text"])
    #expect(desk.thread.booking.status == .confirmed)
    #expect(desk.thread.booking.reference == CallReference.make(callID: FlowTranscript.firstCall))
    #expect(desk.thread.known == ["reason": "cleaning", "when": "2026-11-24T15:00"])

    #expect(desk.text("Can we do Wed at 4?") == "Change to a cleaning, Wed 25 Nov at 4:00 pm? Reply YES or NO.")
    #expect(desk.thread.booking.status == .changeRequested)
    #expect(desk.thread.state == .waitingOnCustomer)
    #expect(
        desk.text("Y") == "Confirmed: a cleaning, Wed 25 Nov at 4:00 pm. Ref \(desk.thread.booking.reference)."
            + " Reply C to cancel.")
    #expect(desk.thread.booking.status == .confirmed)
    #expect(desk.thread.state == .engaged)

    let second = desk.call(["said yes"])
    #expect(
        second.replies == [
            "Welcome back to Bright Smile Dental. You texted us: Y. "
                + "You are booked for a cleaning, Wednesday the 25th of November at four p.m. Shall I keep it so?",
            "You stay booked. See you on Wednesday the 25th of November at four p.m. Goodbye.",
        ])
    #expect(second.asked == [])
    #expect(desk.thread.booking.values["when"] == "2026-11-25T16:00")
}

@Test("Begun by voice, finished by text, unconfirmed: the next call reads it back and asks nothing again")
func finishedByText() throws {
    var desk = ThreadDesk(try dentist())
    #expect(desk.call(["said a cleaning"]).asked == ["reason", "when"])
    #expect(desk.text("tomorrow at 3") == "A cleaning, Fri 20 Nov at 3:00 pm. Right? Reply YES or NO.")
    let second = desk.call(["said yes", "said yes", "committed", "committed"])
    #expect(
        second.replies[0]
            == "Welcome back to Bright Smile Dental. You texted us: tomorrow at 3. "
            + "Friday the 20th of November at three p.m., for a cleaning. Is that right?")
    // Consent holds for one call: it is asked in each that texts.
    #expect(second.asked == ["may_text"])
    #expect(desk.thread.booking.status == .confirmed)
    #expect(desk.thread.question == nil)
}

@Test("Half known by text: the next call says what it has and asks for the rest alone")
func halfByText() throws {
    var desk = ThreadDesk(try dentist())
    #expect(desk.text("I need a cleaning").hasPrefix("Which day and time would suit you?"))
    #expect(desk.text("Tue") == "Tue 24 Nov. What time would suit you?")
    let call = desk.call(["said three"])
    #expect(
        call.replies[0]
            == "Welcome back to Bright Smile Dental. You texted us: Tue. So far I have a cleaning. "
            + "Tuesday the 24th of November. What time would suit you?")
    #expect(call.replies[1] == "Tuesday the 24th of November at three p.m., for a cleaning. Is that right?")
}

@Test("A booking is changed in the next call, and confirmed anew under that call's reference")
func changedByVoice() throws {
    var desk = ThreadDesk(try dentist())
    _ = desk.call(booked)
    _ = desk.text("running late")
    let second = desk.call(["said no, on Wednesday", "said yes", "said yes", "committed", "committed"])
    #expect(
        second.replies[1] == "Wednesday the 25th of November at three p.m., for a cleaning. Is that right?")
    #expect(desk.thread.booking.status == .confirmed)
    #expect(desk.thread.booking.values["when"] == "2026-11-25T15:00")
    #expect(desk.thread.booking.reference == CallReference.make(callID: "01JD0000000000000000000002"))
}

@Test("After a request to cancel the next call says so and takes nothing of it over")
func callAfterCancel() throws {
    var desk = ThreadDesk(try dentist())
    _ = desk.call(booked)
    #expect(desk.text("C").hasPrefix("Your request to cancel is noted: a cleaning, Tue 24 Nov at 3:00 pm."))
    #expect(desk.thread.booking.status == .cancelRequested)
    #expect(desk.thread.state == .waitingOnAgent)
    let second = desk.call([])
    #expect(
        second.replies[0]
            == "Welcome back to Bright Smile Dental. You texted us: C. You asked us to cancel a cleaning, "
            + "Tuesday the 24th of November at three p.m. What can I book for you: a check-up, a cleaning, or is it a"
            + " toothache?")
}

@Test("A visit that has been is over: the next call begins anew")
func visitOver() throws {
    var desk = ThreadDesk(try dentist())
    _ = desk.call(booked)
    desk.now += 8 * 86_400_000
    let second = desk.call(["said a check-up"])
    #expect(second.replies[0].hasPrefix("Welcome back to Bright Smile Dental. What can I book for you"))
    #expect(second.asked == ["reason", "when"])
}

@Test(
    "Texts of the last thirty days are referred to, older ones are not",
    arguments: [(0, true), (30 * 86_400, true), (30 * 86_400 + 1, false)] as [(Int64, Bool)])
func welcomeAge(age: Int64, isReferred: Bool) throws {
    let context = ThreadContext(lastTextIn: ThreadContext.Text(body: "hello there!", age: age))
    var call = FlowTranscript(try dentist(), thread: context)
    let opening = call.line("open")
    #expect(opening.hasPrefix("Welcome back to Bright Smile Dental. You texted us: hello there. What") == isReferred)
    #expect(opening.hasPrefix("Thank you for calling") == !isReferred)
}

@Test("Every value of the thread can be said, and one that is none is an error")
func threadValues() throws {
    let steps = """
        steps:
          - {id: q, ask: when, kind: date_time, prompt: "When?"}
          - {id: check, confirm: "{{when}}?"}
          - {id: over, end: Bye.}
        """
    let flow = try FlowLoader.load(
        text: """
            settings:
              name: Test
              time_zone: UTC
              welcome_back: "{{thread.name}}|{{thread.last_text_in}}|{{thread.last_text_out}}|{{thread.last_text}}|{{thread.booking}}|{{thread.booked}}|{{thread.reference | written}}"
            \(steps)
            """, file: "flow.yaml")
    let context = ThreadContext(
        name: "Ann", known: ["when": "2026-12-01T15:00"],
        booking: Booking(status: .confirmed, reference: "K7", values: ["when": "2026-12-01T15:00"]),
        lastTextIn: ThreadContext.Text(body: "one\ntwo.", age: 9), lastTextOut: ThreadContext.Text(body: "out", age: 8))
    var call = FlowTranscript(flow, thread: context)
    #expect(
        call.line("open")
            == "Ann|one two|out|out|confirmed|Tuesday the 1st of December at three p.m.|K7 "
            + "Tuesday the 1st of December at three p.m.?")
    do throws(FlowErrors) {
        _ = try FlowLoader.load(
            text: "settings: {name: Test, time_zone: UTC, welcome_back: \"{{thread.last_txt}}\"}\n" + steps,
            file: "flow.yaml")
        Issue.record("an unknown value loads")
    } catch {
        #expect(
            error.issues.map(\.description) == [
                "flow.yaml:1: settings.welcome_back: `{{thread.last_txt}}` is filled by no step; did you mean `{{thread.last_text}}`?"
            ])
    }
}

@Test("A branch may go by how the booking stands, and by no word that is none")
func branchOnBooking() throws {
    func load(_ word: String) throws -> Flow {
        try FlowLoader.load(
            text: """
                settings: {name: Test, time_zone: UTC}
                steps:
                  - id: fork
                    branch:
                      - {when: {thread.booking: \(word)}, next: yes}
                      - else: no
                  - {id: yes, end: "Yes."}
                  - {id: no, end: "No."}
                """.replacing("next: yes", with: "next: there").replacing("id: yes", with: "id: there")
                    .replacing("else: no", with: "else: other").replacing("id: no", with: "id: other"),
            file: "flow.yaml")
    }
    for status in Booking.Status.allCases {
        let context = ThreadContext(booking: Booking(status: status))
        for word in ThreadValue.bookingWords {
            var call = FlowTranscript(try load(word), thread: context)
            #expect(call.line("open") == (word == status.rawValue ? "Yes." : "No."))
            var without = FlowTranscript(try load(word))
            #expect(without.line("open") == "No.")
        }
    }
    #expect(throws: FlowErrors.self) { try load("confirmd") }
}
