import Foundation
import Logging
import ParleyCore
import Synchronization

/// Where calls' capsules are written: one folder, one file a call, one thread that writes them all.
///
/// No call ever waits for it. When the disk is slower than the calls, or full, recordings stop where they are, which is told
/// once; the calls go on.
final class CapsuleStore: Sendable {
    /// Which calls' capsules stay.
    enum Mode: String { case failed, all }

    /// Octets that wait for the disk, over all calls; above it recordings stop.
    private static let mostWaiting = 64 << 20
    /// With less than this free no recording is begun.
    private static let leastFree: Int64 = 500 << 20
    /// Between two looks for capsules that are too old.
    private static let purgeInterval = DispatchTimeInterval.seconds(3_600)
    /// What calls hand over waits so long and goes to the disk together: waking the thread costs more than a write does.
    private static let gathering = DispatchTimeInterval.milliseconds(250)

    private let mode: Mode
    private let keep: Duration
    private let redacts: Bool
    private let path: String
    /// Opened once: files are made relative to it, whatever becomes of the path.
    private let folder: Int32
    private let queue = DispatchQueue(label: "parley.capsules", qos: .utility)
    /// What calls have handed over, in their order.
    private let jobs = Mutex<[Job]>([])
    private let waiting = Atomic<Int>(0)
    private let hasWarned = Atomic<Bool>(false)
    private let logger: Logger
    private let metrics: GatewayMetrics

    /// - Throws: `StartError`, when the folder is not there and cannot be made, or cannot be written.
    init(
        path: String, mode: Mode, keep: Duration, redacts: Bool, metrics: GatewayMetrics, logger: Logger
    ) throws(StartError) {
        self.path = path
        self.mode = mode
        self.keep = keep
        self.redacts = redacts
        self.metrics = metrics
        self.logger = logger
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw StartError("capsule.directory: \(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0, faccessat(folder, ".", W_OK, 0) == 0 else {
            throw StartError(
                "capsule.directory: \(path) is no folder that can be written; name another, or set `capsules: off`")
        }
    }

    deinit { Foundation.close(folder) }

    /// Removes what is older than `capsule.keep`, now and every hour.
    func purgeFromNowOn() {
        queue.async { [weak self] in
            guard let self else { return }
            self.purge()
            self.queue.asyncAfter(deadline: .now() + Self.purgeInterval) { [weak self] in self?.purgeFromNowOn() }
        }
    }

    /// Waits until everything handed over is written.
    func drain() { queue.sync { work() } }

    private enum Job {
        case write([UInt8], File)
        case end(File, failed: Bool)
    }

    private func add(_ job: Job) {
        let isFirst = jobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if isFirst { queue.asyncAfter(deadline: .now() + Self.gathering) { [self] in work() } }
    }

    private func work() {
        let handed = jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        for job in handed {
            switch job {
            case .write(let octets, let file): put(octets, into: file)
            case .end(let file, let failed): close(file, failed: failed)
            }
        }
    }

    // MARK: One call's file

    /// - Returns: `nil` where there is no room for another recording.
    func begin(call id: String, header: CapsuleHeader, settings: CallSettings) -> CapsuleTape? {
        guard waiting.load(ordering: .relaxed) < Self.mostWaiting else {
            stopped("the disk is slower than the calls")
            return nil
        }
        return CapsuleTape(
            file: File(name: id + ".capsule", phrases: settings.phrases), store: self,
            recorder: CapsuleRecorder(header: header, settings: settings))
    }

    /// One capsule on the disk. Touched on the store's queue alone.
    final class File: @unchecked Sendable {
        let name: String
        fileprivate let phrases: [Phrase: SpeechAudio]
        fileprivate var redaction: CapsuleRedaction?
        fileprivate var descriptor: Int32?
        fileprivate var hasFailed = false
        init(name: String, phrases: [Phrase: SpeechAudio]) { (self.name, self.phrases) = (name, phrases) }
        deinit { if let descriptor { Foundation.close(descriptor) } }
    }

    /// - Returns: false when the recording stops here.
    func write(_ octets: [UInt8], to file: File) -> Bool {
        guard waiting.add(octets.count, ordering: .relaxed).newValue <= Self.mostWaiting else {
            waiting.subtract(octets.count, ordering: .relaxed)
            stopped("the disk is slower than the calls")
            return false
        }
        add(.write(octets, file))
        return true
    }

    private func put(_ octets: [UInt8], into file: File) {
        defer { waiting.subtract(octets.count, ordering: .relaxed) }
        guard !file.hasFailed, let descriptor = descriptor(of: file) else { return }
        let octets = redacts ? redacted(octets, of: file) : octets
        if !octets.withUnsafeBytes({ Self.write($0, to: descriptor) }) {
            file.hasFailed = true
            stopped(String(cString: strerror(errno)))
        }
    }

    /// What was said does not reach the disk.
    private func redacted(_ octets: [UInt8], of file: File) -> [UInt8] {
        if file.redaction != nil { return file.redaction?.take(octets) ?? [] }
        do throws(CapsuleError) { file.redaction = try CapsuleRedaction(octets, phrases: file.phrases) } catch {
            file.hasFailed = true
            stopped("a capsule cannot be redacted: \(error)")
        }
        return file.redaction?.take() ?? []
    }

    /// - Parameter failed: the call ended in a way that somebody will want to replay.
    func end(_ file: File, failed: Bool) { add(.end(file, failed: failed)) }

    private func close(_ file: File, failed: Bool) {
        guard let descriptor = file.descriptor else { return }
        Foundation.close(descriptor)
        file.descriptor = nil
        if mode == .failed && !failed { unlinkat(folder, file.name, 0) }
    }

    private func descriptor(of file: File) -> Int32? {
        if let descriptor = file.descriptor { return descriptor }
        if let free = Self.freeBytes(in: folder), free < Self.leastFree {
            file.hasFailed = true
            stopped("less than 500MiB free in \(path)")
            return nil
        }
        let descriptor = openat(folder, file.name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            file.hasFailed = true
            stopped("\(path): \(String(cString: strerror(errno)))")
            return nil
        }
        file.descriptor = descriptor
        return descriptor
    }

    private static func write(_ octets: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = octets
        while let base = rest.baseAddress, !rest.isEmpty {
            let count = Foundation.write(descriptor, base, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }

    private static func freeBytes(in folder: Int32) -> Int64? {
        var status = statvfs()
        guard fstatvfs(folder, &status) == 0 else { return nil }
        return Int64(clamping: status.f_bavail).multipliedReportingOverflow(by: Int64(status.f_frsize)).partialValue
    }

    /// Counted each time, told once: a full disk stops every recording.
    private func stopped(_ why: String) {
        metrics.dropped(.capsule)
        guard !hasWarned.exchange(true, ordering: .relaxed) else { return }
        logger.warning("capsules are not recorded, calls go on", metadata: ["reason": "\(why)"])
    }

    // MARK: Retention

    /// A call's id, as the gateway gives it. What somebody else put into the folder stays.
    private static func isOurs(_ name: String) -> Bool {
        name.hasSuffix(".capsule") && name.utf8.count == 34
            && name.utf8.dropLast(8).allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
    }

    private func purge() {
        let oldest = Date().timeIntervalSince1970 - Double(keep.components.seconds)
        let files = FileManager.default
        var removed = 0
        for name in (try? files.contentsOfDirectory(atPath: path)) ?? [] where Self.isOurs(name) {
            let attributes = try? files.attributesOfItem(atPath: path + "/" + name)
            guard attributes?[.type] as? FileAttributeType == .typeRegular,
                let changed = attributes?[.modificationDate] as? Date, changed.timeIntervalSince1970 < oldest
            else { continue }
            if unlinkat(folder, name, 0) == 0 { removed += 1 }
        }
        if removed > 0 {
            logger.notice("capsules older than capsule.keep were removed", metadata: ["capsules": "\(removed)"])
        }
    }
}
