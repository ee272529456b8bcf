import Glibc
import NIOCore

/// What all sockets of one event loop share. Only to be used on that loop.
final class SocketLoop {
    let alarms: LoopAlarms
    private let eventLoop: any EventLoop
    private var rest: LoopRest?
    private let sleep: (UInt64) -> Void
    private var isRestDue = false
    private var room: [UInt8] = []
    private var leaving = ByteBuffer()

    /// - Parameters:
    ///   - rest: `nil`: it never rests.
    ///   - sleep: stops the loop's thread for so many nanoseconds.
    ///   - late: told how late the loop came to its timer, in nanoseconds.
    init(
        _ eventLoop: any EventLoop, rest: LoopRest? = nil,
        sleep: @escaping (UInt64) -> Void = SocketLoop.sleep(nanoseconds:),
        late: @escaping (Int64) -> Void = { _ in }
    ) {
        self.eventLoop = eventLoop
        self.rest = rest
        self.sleep = sleep
        alarms = LoopAlarms(eventLoop, late: late)
    }

    /// A socket of this loop had something to read. When all that had have been served, the loop rests (ADR 17); what else waits
    /// for the loop may wait for that, too.
    func served() {
        guard rest != nil, !isRestDue else { return }
        // A callback, as a task would be a request for memory. A loop that is shutting down refuses it, and needs no rest.
        isRestDue = (try? eventLoop.scheduleCallback(at: eventLoop.now, handler: Resting(loop: self))) != nil
    }

    private func takeRest() {
        isRestDue = false
        if let time = rest?.take(at: eventLoop.now.uptimeNanoseconds), time > 0 { sleep(time) }
    }

    static func sleep(nanoseconds: UInt64) {
        var time = timespec(tv_sec: 0, tv_nsec: Int(nanoseconds))
        nanosleep(&time, nil)
    }

    /// What the loop holds: only ever touched on that loop, which is what makes it safe to send there.
    private struct Resting: NIOScheduledCallbackHandler, @unchecked Sendable {
        let loop: SocketLoop
        func handleScheduledCallback(eventLoop: some EventLoop) { loop.takeRest() }
    }

    /// What a channel is given to be written. Nearly always it has left by the next time, and the memory is used again; where a
    /// slow peer still holds it, the next has only as much as it needs.
    func buffer(of octets: [UInt8]) -> ByteBuffer {
        if leaving.capacity > 65_536 { leaving = ByteBuffer() }
        leaving.clear(minimumCapacity: octets.count)
        leaving.writeBytes(octets)
        return leaving
    }

    /// Lends a copy of what was read, to be written to. The channel keeps the buffer for its next read, so that writing to the
    /// buffer itself would copy it into new memory every time; this memory is always the same.
    func withCopy<Value>(of read: ByteBuffer, _ body: (UnsafeMutableRawBufferPointer) -> Value) -> Value {
        let count = read.readableBytes
        if room.count < count { room = [UInt8](repeating: 0, count: count) }
        return room.withUnsafeMutableBytes { room in
            read.withUnsafeReadableBytes { room.copyMemory(from: $0) }
            return body(UnsafeMutableRawBufferPointer(rebasing: room[..<count]))
        }
    }
}

/// The loops of a group.
struct SocketLoops: @unchecked Sendable {
    /// Made once, and each value touched on its own loop alone: what makes it safe to share.
    private let byLoop: [ObjectIdentifier: SocketLoop]

    /// - Parameter late: told how late a loop came to its timer, in nanoseconds, on that loop.
    init(_ group: any EventLoopGroup, late: @escaping @Sendable (Int64) -> Void) {
        byLoop = Dictionary(
            group.makeIterator().map { (ObjectIdentifier($0), SocketLoop($0, rest: LoopRest(), late: late)) },
            uniquingKeysWith: { first, _ in first })
    }

    subscript(eventLoop: any EventLoop) -> SocketLoop { byLoop[ObjectIdentifier(eventLoop)] ?? SocketLoop(eventLoop) }
}
