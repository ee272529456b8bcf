import Foundation

/// That one `parley serve` writes a ledger: a lock on a file beside it, which the system drops when the process dies.
///
/// SQLite's own locks last a transaction; this one lasts a service, so that nobody closes a living process's calls.
final class LedgerLock: Sendable {
    private let descriptor: Int32

    init(besides path: String) throws(LedgerFault) {
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .folderMissing(path: path) : .notWritable(path: path)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var holder = [UInt8](repeating: 0, count: 20)
            let count = pread(descriptor, &holder, holder.count, 0)
            close(descriptor)
            let digits = holder.prefix(max(count, 0)).prefix { (0x30...0x39).contains($0) }
            throw .inUse(path: path, process: digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self))
        }
        // For the other one's error line only: a failure here changes nothing.
        let holder = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, holder, holder.count, 0) }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
