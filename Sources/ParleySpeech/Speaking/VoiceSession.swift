import NIOCore
import NIOPosix
import ParleyCore

/// One call's voice over the network: passes the call's orders to the desk on the call's event loop.
final class VoiceSession: SynthesizerSession {
    private let loop: any EventLoop
    private let desk: NIOLoopBoundBox<ClauseDesk?>

    /// - Parameter open: makes the desk with its carrier; called on the loop.
    init(_ open: @escaping @Sendable (any EventLoop) -> ClauseDesk) {
        let loop = MultiThreadedEventLoopGroup.currentEventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        let desk = NIOLoopBoundBox.makeEmptyBox(valueType: ClauseDesk.self, eventLoop: loop)
        self.desk = desk
        run { desk.value = open(loop) }
    }

    func speak(_ text: String, generation: Generation, clause: Int) {
        run { [desk] in desk.value?.speak(text, generation: generation, clause: clause) }
    }

    func cancel(_ generation: Generation) {
        run { [desk] in desk.value?.cancel(generation) }
    }

    func close() {
        run { [desk] in
            desk.value?.close()
            desk.value = nil
        }
    }

    private func run(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }
}
