import NIOEmbedded
import ParleyAgents
import ParleyCore
import Testing

@testable import ParleyGateway

@Suite("A call's inbox")
struct CallInboxTests {
    private final class Receiver: EventReceiver {
        var received = 0
        var told = 0
        func receive(_ event: CallEvent) { received += 1 }
        func hear(_ news: TextNews) {}
        func tell(_ watch: CallWatch) { told += 1 }
    }

    @Test("Closed, it has let go of the call, and what an engine still says is let fall")
    func closed() {
        let loop = EmbeddedEventLoop()
        weak var call: Receiver?
        let inbox: CallInbox
        do {
            let receiver = Receiver()
            call = receiver
            inbox = CallInbox(receiver, on: loop)
        }
        inbox.deliver(.deadline)
        loop.run()
        #expect(call?.received == 1, "nobody else holds the call, and it is there")
        inbox.deliver(.deadline)
        inbox.close()
        #expect(call == nil)
        inbox.deliver(ActionResult(number: 1, outcome: .committed), notes: [])
        loop.run()
    }
}
