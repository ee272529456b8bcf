import Testing

@testable import ParleyMessaging

private typealias State = ConversationThread.State

private let start: Int64 = 1_795_101_000_000
private let question = OpenQuestion(.slot("when"))
private let call = PastCall(id: "c", endedAt: start, endReason: "completed", summary: "")

private func booking(_ status: Booking.Status, reference: String = "R") -> Booking {
    let values = ["reason": "cleaning", "when": "2026-12-01T15:00"]
    return Booking(
        status: status, reference: reference, flow: "Dental", values: values,
        standing: status == .none || status == .proposed ? [:] : values)
}

private func thread(
    _ state: ConversationThread.State = .new, booking: Booking = .none, question: OpenQuestion? = nil
) -> ConversationThread {
    ConversationThread(
        number: "+12125550123", state: state, known: booking.values, booking: booking, question: question,
        updatedAt: start)
}

struct StateRow: CustomTestStringConvertible {
    var testDescription: String
    var event: ThreadEvent
    /// From new, engaged, waiting_on_customer (a question is open), waiting_on_agent, completed, archived.
    var states: [ConversationThread.State]

    init(_ title: String, _ event: ThreadEvent, _ states: [ConversationThread.State]) {
        testDescription = title
        self.event = event
        self.states = states
    }
}

@Test(
    "Every event in every state",
    arguments: [
        StateRow(
            "a call begins", .callBegan, [.engaged, .engaged, .engaged, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "a call ends", .callEnded(call),
            [.engaged, .engaged, .waitingOnCustomer, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "the asked value is learned", .learned(slot: "when", value: "2026-12-01T15:00"),
            [.engaged, .engaged, .engaged, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "another value is learned", .learned(slot: "reason", value: "cleaning"),
            [.engaged, .engaged, .waitingOnCustomer, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "half of the asked value is learned", .learned(slot: "when.date", value: "2026-12-01"),
            [.engaged, .engaged, .waitingOnCustomer, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "a text that tells", .textSent("See you."),
            [.engaged, .engaged, .waitingOnCustomer, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "a text that asks", .textSent("When?", question: question),
            [
                .waitingOnCustomer, .waitingOnCustomer, .waitingOnCustomer, .waitingOnAgent, .waitingOnCustomer,
                .waitingOnCustomer,
            ]),
        StateRow(
            "a person's text", .textSent("I will look.", isByPerson: true),
            [.engaged, .engaged, .engaged, .engaged, .engaged, .engaged]),
        StateRow(
            "a person's text that asks", .textSent("When?", question: question, isByPerson: true),
            Array(repeating: .waitingOnCustomer, count: 6)),
        StateRow(
            "a text came in", .textCameIn("hello"),
            [.engaged, .engaged, .engaged, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "a text was read", .textRead(isUnderstood: true),
            [.engaged, .engaged, .waitingOnCustomer, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "booked", .bookingMoved(booking(.confirmed)),
            [.engaged, .engaged, .engaged, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "proposed, with what was asked", .bookingMoved(booking(.proposed)),
            [.engaged, .engaged, .engaged, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "the booking's day has passed", .bookingPassed,
            [.engaged, .engaged, .waitingOnCustomer, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "nobody waits any more", .questionClosed,
            [.engaged, .engaged, .engaged, .waitingOnAgent, .engaged, .engaged]),
        StateRow(
            "cancel, where nothing is booked", .cancelRequested,
            [.engaged, .engaged, .waitingOnCustomer, .waitingOnAgent, .engaged, .engaged]),
        StateRow("a person must act", .agentMustAct, Array(repeating: .waitingOnAgent, count: 6)),
        StateRow("put away", .archivedByOperator, Array(repeating: .archived, count: 6)),
    ])
func transitions(row: StateRow) {
    for (before, after) in zip(ConversationThread.State.allCases, row.states) {
        var thread = thread(before, question: before == .waitingOnCustomer ? question : nil)
        let changes = thread.handle(row.event, at: start + 1)
        #expect(thread.state == after, "from \(before)")
        #expect(changes.contains(.state(after)) == (before != after), "from \(before)")
    }
}

private let day: Int64 = 86_400_000
private let quietTimes: [(quiet: Int64, state: ConversationThread.State?)] = [
    (0, nil), (7 * day - 1, nil), (7 * day, .completed), (30 * day - 1, .completed), (30 * day, .archived),
    (-day, nil),
]

@Test("Time completes a thread after seven quiet days, and archives it after thirty", arguments: quietTimes)
fileprivate func quietTime(quiet: Int64, expected: ConversationThread.State?) {
    for state in ConversationThread.State.allCases where state != .archived && state != .completed {
        var thread = thread(state)
        let changes = thread.handle(.timePassed, at: start + quiet)
        #expect(thread.state == expected ?? state, "from \(state)")
        #expect(changes == (expected.map { [.state($0)] } ?? []))
        #expect(thread.updatedAt == start)
    }
    var archived = thread(.archived)
    #expect(archived.handle(.timePassed, at: start + quiet) == [])
    #expect(archived.state == .archived)
}

@Test("A broken clock moves nothing", arguments: [Int64.min, .max])
func brokenClock(now: Int64) {
    var thread = thread(.engaged)
    thread.updatedAt = now == .max ? -10 : 10
    #expect(thread.handle(.timePassed, at: now) == [])
}

@Test("A booking moves forward: late and repeated news change nothing")
func bookingMoves() {
    let allowed: [Booking.Status: Set<Booking.Status>] = [
        .none: [.proposed, .confirmed],
        .proposed: [.confirmed, .cancelRequested, .cancelled],
        .confirmed: [.changeRequested, .cancelRequested, .cancelled],
        .changeRequested: [.confirmed, .cancelRequested, .cancelled],
        .cancelRequested: [.changeRequested, .confirmed, .cancelled],
        .cancelled: [],
    ]
    for before in Booking.Status.allCases {
        for after in Booking.Status.allCases {
            var thread = thread(.engaged, booking: booking(before))
            let changes = thread.handle(.bookingMoved(booking(after)), at: start + 1)
            let moves = allowed[before]?.contains(after) ?? false
            #expect((thread.booking.status == after) == (moves || before == after), "\(before) to \(after)")
            #expect(changes.contains(.booking(thread.booking)) == moves, "\(before) to \(after)")
        }
    }
    // Another reference is another booking.
    for before in Booking.Status.allCases {
        var thread = thread(.engaged, booking: booking(before))
        _ = thread.handle(.bookingMoved(booking(.confirmed, reference: "S")), at: start + 1)
        #expect(thread.booking.reference == "S")
        _ = thread.handle(.bookingMoved(booking(.cancelled, reference: "R")), at: start + 2)
        #expect(thread.booking.status == .cancelled)
    }
}

@Test("A request to cancel waits for a person, until it is cancelled; its answers are forgotten")
func cancelling() {
    for status in [Booking.Status.proposed, .confirmed, .changeRequested] {
        var thread = thread(.waitingOnCustomer, booking: booking(status), question: OpenQuestion(.confirmation))
        let changes = thread.handle(.cancelRequested, at: start + 1)
        #expect(thread.booking.status == .cancelRequested)
        #expect(
            changes == [
                .known(slot: "reason", value: nil), .known(slot: "when", value: nil), .booking(thread.booking),
                .question(nil), .state(.waitingOnAgent),
            ])
        #expect(thread.booking.values == booking(status).values)
        #expect(thread.handle(.cancelRequested, at: start + 2) == [])
        _ = thread.handle(.bookingMoved(booking(.cancelled)), at: start + 3)
        #expect(thread.state == .engaged)
        #expect(thread.known == [:])
    }
}

@Test("A booking whose day has passed is none, and what was answered for it is forgotten")
func passed() {
    var thread = thread(.engaged, booking: booking(.confirmed))
    _ = thread.handle(.learned(slot: "name", value: "Ann"), at: start)
    _ = thread.handle(.bookingPassed, at: start)
    #expect(thread.booking == .none)
    #expect(thread.known == ["name": "Ann"])
}

@Test("A confirmed booking keeps its values while a change waits for a yes")
func standing() {
    var thread = thread(.engaged, booking: booking(.confirmed))
    var change = booking(.changeRequested)
    change.values["when"] = "2026-12-02T16:00"
    change.standing = [:]
    _ = thread.handle(.bookingMoved(change), at: start + 1)
    #expect(thread.booking.agreed["when"] == "2026-12-01T15:00")
    change.status = .confirmed
    _ = thread.handle(.bookingMoved(change), at: start + 2)
    #expect(thread.booking.agreed["when"] == "2026-12-02T16:00")
    #expect(thread.handle(.bookingMoved(change), at: start + 3) == [])
}

@Test("A whole value takes the place of its halves, and a half that of the whole")
func halves() {
    var thread = thread()
    _ = thread.handle(.learned(slot: "when.date", value: "2026-12-01"), at: start)
    #expect(thread.known == ["when.date": "2026-12-01"])
    let changes = thread.handle(.learned(slot: "when", value: "2026-12-01T15:00"), at: start)
    #expect(changes == [.known(slot: "when", value: "2026-12-01T15:00"), .known(slot: "when.date", value: nil)])
    _ = thread.handle(.learned(slot: "when.time", value: "16:00"), at: start)
    #expect(thread.known == ["when.time": "16:00"])
    #expect(thread.handle(.learned(slot: "when.time", value: "16:00"), at: start) == [])
}

@Test("The newest two texts each way are kept, in the order of their times")
func lastTexts() {
    var thread = thread()
    for number in 1...5 {
        _ = thread.handle(.textCameIn("in \(number)"), at: start + Int64(number) * 10)
        _ = thread.handle(.textSent("out \(number)"), at: start + Int64(number) * 10 + 1)
    }
    #expect(thread.texts.map(\.body) == ["in 4", "out 4", "in 5", "out 5"])
    // Late news: older than what is kept.
    _ = thread.handle(.textCameIn("late"), at: start)
    #expect(thread.texts.map(\.body) == ["in 4", "out 4", "in 5", "out 5"])
    _ = thread.handle(.textCameIn("between"), at: start + 45)
    #expect(thread.texts.map(\.body) == ["out 4", "between", "in 5", "out 5"])
    #expect(thread.lastTextIn?.body == "in 5")
    #expect(thread.lastTextOut?.body == "out 5")
    #expect(thread.updatedAt == start + 51)
    _ = thread.handle(.textCameIn(String(repeating: "x", count: 2_000)), at: start + 60)
    #expect(thread.lastTextIn?.body.count == ThreadText.maxBody)
}

@Test("Putting a thread away forgets what was answered for nothing, and keeps a booking that stands")
func archiving() {
    var open = thread(.engaged, question: question)
    _ = open.handle(.learned(slot: "reason", value: "cleaning"), at: start)
    _ = open.handle(.archivedByOperator, at: start)
    #expect(open.known == [:] && open.question == nil)
    var booked = thread(.engaged, booking: booking(.confirmed))
    _ = booked.handle(.learned(slot: "name", value: "Ann"), at: start)
    _ = booked.handle(.timePassed, at: start + ConversationThread.archivedAfter)
    #expect(booked.known == booking(.confirmed).values)
    #expect(booked.booking == booking(.confirmed))
}

@Test("Texts that are not understood are counted in a row")
func misses() {
    var thread = thread(.engaged)
    for expected in 1...3 {
        _ = thread.handle(.textRead(isUnderstood: false), at: start)
        #expect(thread.misses == expected)
    }
    _ = thread.handle(.textRead(isUnderstood: true), at: start)
    #expect(thread.misses == 0)
}

@Test("Of two calls that ended, the later is the last")
func lastCall() {
    var thread = thread()
    let later = PastCall(id: "d", endedAt: start + 5, endReason: "completed", summary: "booked")
    #expect(thread.handle(.callEnded(later), at: start + 5).contains(.call(later)))
    #expect(!thread.handle(.callEnded(call), at: start + 6).contains(.call(call)))
    #expect(thread.lastCall == later)
}

private let contexts: [(status: Booking.Status, asked: OpenQuestion?, yes: Bool, has: Bool)] = [
    (.none, nil, false, false), (.none, question, false, true),
    (.none, OpenQuestion(.slot("first"), awaitsYes: true), true, true), (.proposed, nil, true, true),
    (.proposed, OpenQuestion(.confirmation), true, true), (.confirmed, nil, false, true),
    (.confirmed, OpenQuestion(.change), false, true), (.cancelRequested, nil, false, true),
    (.cancelled, nil, false, false),
]

@Test("What an inbound text may mean follows from what is open", arguments: contexts)
fileprivate func inboundContext(status: Booking.Status, asked: OpenQuestion?, yes: Bool, has: Bool) {
    let context = thread(.engaged, booking: booking(status), question: asked).inboundContext(isOptedOut: false)
    #expect(context == InboundText.Context(isOptedOut: false, awaitsYes: yes, hasBooking: has))
}
