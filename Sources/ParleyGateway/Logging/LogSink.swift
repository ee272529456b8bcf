import Dispatch
import Glibc
import Synchronization

/// Where log lines go: a descriptor, written by one thread, so that a reader who stalls or leaves holds up no call.
///
/// Lines wait in a bounded queue; what finds it full, or the descriptor broken, is lost and counted, and the next line that
/// gets through says how many were.
public final class LogSink: Sendable {
    public static let standardError = LogSink(descriptor: STDERR_FILENO)

    private let descriptor: Int32
    private let capacity: Int
    private let writer = DispatchQueue(label: "parley.log")
    private let waiting = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)

    /// - Parameter capacity: lines that may wait.
    init(descriptor: Int32, capacity: Int = 4_096) {
        self.descriptor = descriptor
        self.capacity = capacity
    }

    /// Never waits.
    public func append(_ line: String) {
        guard waiting.wrappingAdd(1, ordering: .relaxed).oldValue < capacity else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            lost.wrappingAdd(1, ordering: .relaxed)
            return
        }
        writer.async { [self] in
            let missing = lost.exchange(0, ordering: .relaxed)
            let note = missing > 0 ? "(\(missing) log lines were lost: nobody took them)\n" : ""
            if !put(note + line) { lost.wrappingAdd(missing + 1, ordering: .relaxed) }
            waiting.wrappingSubtract(1, ordering: .relaxed)
        }
    }

    /// Lines lost and not yet told of.
    var lostLines: Int { lost.load(ordering: .relaxed) }

    /// Waits for the lines appended so far, at most so long: before the process ends.
    public func flush(within time: DispatchTimeInterval = .seconds(1)) {
        let done = DispatchSemaphore(value: 0)
        writer.async { done.signal() }
        _ = done.wait(timeout: .now() + time)
    }

    private func put(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = write(descriptor, base, rest.count)
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if count < 0, errno == EAGAIN || errno == EINTR {
                    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = Glibc.poll(&poll, 1, 1_000)
                } else {
                    return false
                }
            }
            return true
        }
    }
}
