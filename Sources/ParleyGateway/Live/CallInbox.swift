import NIOCore
import ParleyCore

/// Where engines, agents and the ledger put what they have to say to a call, from any thread: it is handed over on the
/// call's event loop, in order. What comes after the call's end is let fall.
final class CallInbox: Sendable {
    private let eventLoop: any EventLoop
    private let receiver: NIOLoopBound<Receiver>

    /// Holds the call weakly, so that an engine that is slow to close does not keep it.
    struct Receiver {
        weak var call: (any EventReceiver)?
    }

    init(_ call: any EventReceiver, on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        receiver = NIOLoopBound(Receiver(call: call), eventLoop: eventLoop)
    }

    func deliver(_ event: CallEvent) {
        eventLoop.execute { self.receiver.value.call?.receive(event) }
    }

    /// Runs on the call's event loop, with the call.
    func deliver(_ result: ActionResult, notes: [CallWatch]) {
        eventLoop.execute {
            guard let call = self.receiver.value.call else { return }
            for note in notes { call.tell(note) }
            call.receive(.action(result))
        }
    }
}

/// A live call, as its inbox sees it.
protocol EventReceiver: AnyObject {
    func receive(_ event: CallEvent)
    func tell(_ watch: CallWatch)
}
