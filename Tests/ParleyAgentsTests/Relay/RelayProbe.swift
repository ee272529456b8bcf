import FakeEngines
import NIOCore
import NIOPosix
import ParleyNetwork

/// A platform that says what a test says.
final class RelayProbe: EngineConnectionUser {
    private var connection: EngineConnection?
    private let isOpen = FakeRecord<Bool>()

    /// From any thread.
    struct Line: Sendable {
        fileprivate let loop: any EventLoop
        fileprivate let probe: NIOLoopBoundBox<RelayProbe?>

        func send(_ text: String) { loop.execute { probe.value?.connection?.sendText(Array(text.utf8)) } }

        func close() {
            loop.execute {
                probe.value?.connection?.close()
                probe.value = nil
            }
        }
    }

    static func open(_ address: NetworkAddress) async throws -> Line {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let box = NIOLoopBoundBox<RelayProbe?>.makeEmptyBox(valueType: RelayProbe.self, eventLoop: loop)
        let isOpen = try await loop.submit {
            let probe = RelayProbe()
            box.value = probe
            probe.connection = EngineConnection(address, trust: nil, on: loop, user: probe)
            return probe.isOpen
        }.get()
        try await isOpen.first(1)
        return Line(loop: loop, probe: box)
    }

    func opened() { isOpen.append(true) }
    func text(_ message: UnsafeRawBufferPointer) {}
    func binary(_ message: UnsafeRawBufferPointer) {}
    func closed(_ reason: String) {}
}
