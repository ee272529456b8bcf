import Testing

@testable import ParleyMessaging

@Suite("Reports move a text forward only")
struct StatusReportTests {
    private func report(_ state: MessageState) -> StatusReport {
        StatusReport(providerID: "m", correlation: nil, state: state)
    }

    @Test("Whatever the order of callbacks, delivered stays delivered")
    func orders() {
        let states: [MessageState] = [.accepted, .sent, .delivered]
        for first in states {
            for second in states where second != first {
                for third in states where third != first && third != second {
                    for start in [MessageState.sending, .unknown] {
                        let end = [first, second, third, .accepted, .sent].reduce(start) { report($1).applied(to: $0) }
                        #expect(end == .delivered)
                    }
                }
            }
        }
    }

    @Test(
        "A report that comes late changes nothing",
        arguments: [
            (MessageState.delivered, MessageState.sent), (.delivered, .failed), (.failed, .sent), (.failed, .delivered),
            (.sent, .accepted), (.sent, .sent), (.expired, .delivered), (.suppressed, .accepted), (.dead, .claimed),
        ])
    func late(current: MessageState, reported: MessageState) {
        #expect(report(reported).applied(to: current) == current)
    }

    @Test("A lost answer is settled by the callback", arguments: [MessageState.accepted, .sent, .delivered, .failed])
    func lostAnswer(reported: MessageState) {
        #expect(report(reported).applied(to: .unknown) == reported)
        #expect(report(reported).applied(to: .sending) == reported)
    }
}
