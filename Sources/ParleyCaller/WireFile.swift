import Glibc
import ParleyCore
import ParleyWire

/// The file of `--record-wire`, written while the call runs: a record for each message, as `WireRecording` has them.
///
/// Confined to one thread at a time. A write goes to the page cache; it is one call's messages, not a gateway's.
final class WireFile {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    /// Bytes could not be written; what stands in the file is whole up to there.
    private(set) var hasFailed = false

    /// Empties the file, or makes it; one call's recording replaces the one before.
    ///
    /// - Throws: `CallError.usage`, when that cannot be done.
    init(path: String) throws(CallError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.unwritable(path) }
        write(WireRecording.header)
        if hasFailed { throw Self.unwritable(path) }
    }

    deinit { close(descriptor) }

    /// - Parameter time: from the stream's start; before it counts as zero.
    func append(_ message: UnsafeRawBufferPointer, isText: Bool, at time: CallTime) {
        buffer.removeAll(keepingCapacity: true)
        WireRecording.append(message, isText: isText, at: time, to: &buffer)
        write(buffer)
    }

    private func write(_ bytes: [UInt8]) {
        guard !hasFailed else { return }
        var from = 0
        while from < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + from, bytes.count - from) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                hasFailed = true
                return
            }
            from += count
        }
    }

    /// The error for a recording that has failed.
    static func full(_ path: String) -> CallError {
        .usage("--record-wire \(path): could not be written to its end; is there room on the disk?")
    }

    private static func unwritable(_ path: String) -> CallError {
        .usage("--record-wire \(path): cannot be written; is its folder there?")
    }
}
