import NIOCore
import ParleyAgents
import ParleyCore

/// Where engines, agents and the ledger put what they have to say to a call, from any thread: it is handed over on the
/// call's event loop, in order. What comes after the call's end is let fall.
final class CallInbox: Sendable {
    private let eventLoop: any EventLoop
    /// Until it is closed. Not weak: an object with weak references counts all its others the slow way.
    private let receiver: NIOLoopBoundBox<(any EventReceiver)?>

    /// - Parameter call: kept until `close`.
    init(_ call: any EventReceiver, on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        receiver = NIOLoopBoundBox(call, eventLoop: eventLoop)
    }

    /// Lets go of the call, on its event loop: an engine that is slow to close does not keep it.
    func close() { receiver.value = nil }

    func deliver(_ event: CallEvent) {
        eventLoop.execute { self.receiver.value?.receive(event) }
    }

    func deliver(_ news: TextNews) {
        eventLoop.execute { self.receiver.value?.hear(news) }
    }

    /// Runs on the call's event loop, with the call.
    func deliver(_ result: ActionResult, notes: [CallWatch]) {
        eventLoop.execute {
            guard let call = self.receiver.value else { return }
            for note in notes { call.tell(note) }
            call.receive(.action(result))
        }
    }
}

/// A live call, as its inbox sees it.
protocol EventReceiver: AnyObject {
    func receive(_ event: CallEvent)
    /// How a text goes on that the call asked for.
    func hear(_ news: TextNews)
    func tell(_ watch: CallWatch)
}
