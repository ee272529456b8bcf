import NIOCore
import NIOPosix
import ParleyCore

/// One call's way to the application: hands what the call says to the driver, on its event loop.
final class RelaySession: AgentSession {
    private let loop: any EventLoop
    private let driver: NIOLoopBoundBox<RelayDriver?>

    init(
        _ settings: RelaySettings, _ callback: RelayCallback?, _ call: CallFacts,
        _ answer: @escaping @Sendable (Generation, ReplyPart) -> Void
    ) {
        let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        driver = .makeEmptyBox(valueType: RelayDriver.self, eventLoop: loop)
        onLoop { driver in
            driver.value = RelayDriver(RelayMachine(settings, call: call), callback, on: loop, answer)
            driver.value?.handle(.began)
        }
    }

    func ask(_ request: AgentRequest) { handle(.asked(request)) }
    func cancel(_ generation: Generation) { handle(.cancelled(generation)) }
    func retract(_ generation: Generation) { handle(.retracted(generation)) }
    func noted(_ note: CallNote) { handle(.noted(note)) }
    /// It has asked for no action.
    func finished(_ invocation: ActionInvocation, _ outcome: ActionResult.Outcome) {}
    func attend(_ line: AgentLine) { onLoop { $0.value?.line = line } }

    func ended(_ reason: EndReason) {
        onLoop { driver in
            driver.value?.handle(.ended(reason))
            driver.value = nil
        }
    }

    private func handle(_ event: RelayMachine.Event) { onLoop { $0.value?.handle(event) } }

    private func onLoop(_ body: @escaping @Sendable (NIOLoopBoundBox<RelayDriver?>) -> Void) {
        if loop.inEventLoop { return body(driver) }
        loop.execute { [driver] in body(driver) }
    }
}
