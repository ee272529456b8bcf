import ParleyMessaging
import Testing

@testable import ParleyLedger

@Suite("Delivery and replies, by action")
struct TextRatesTests {
    @Test("Of four texts three arrived and one was answered; a recorded or an older one does not count")
    func rates() async throws {
        let folder = try Folder()
        let clock = WallClock()
        let ledger = try Ledger.open(folder, clock: clock, messaging: .carrying)
        for (index, caller) in ["+12125550123", "+12125550124", "+12125550125", "+12125550126"].enumerated() {
            _ = await ledger.agreeing("C\(index)", caller: caller)
            _ = await ledger.run("send_sms", #"{"message":"Booked."}"#, turn: 3, call: "C\(index)")
        }
        try await ledger.carry(.accepted(providerID: "SM"))
        for message in try ledger.reader.messages().prefix(3) {
            _ = try await ledger.reported(
                .delivered, of: message.id, fence: 1, providerID: "SM", channels: ["sms"], now: clock.now)
        }
        clock.advance(60_000)
        let answer = InboundMessage(providerID: "SM9", from: "+12125550123", to: "+12125550100", body: "thanks")
        _ = try await ledger.received(TextArrival(answer, provider: "twilio", channel: "sms"))
        let rates = try ledger.reader.textRates(now: clock.now)
        #expect(rates == [TextRates(action: "send_sms", sent: 4, delivered: 3, replied: 1)])
        #expect(LedgerReport.rates(rates).contains("75.0 %"))
        #expect(try ledger.reader.textCounts(now: clock.now) == [.delivered: 3, .accepted: 1])
        #expect(try ledger.reader.textRates(now: clock.now + 31 * 86_400_000).isEmpty)
    }
}
