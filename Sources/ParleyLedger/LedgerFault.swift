import ParleyMessaging

/// Why a ledger was not opened. One line each, with the file and the mend.
public enum LedgerFault: Error, Equatable, Sendable, CustomStringConvertible {
    case missing(path: String)
    case folderMissing(path: String)
    case notReadable(path: String)
    case notWritable(path: String)
    case notALedger(path: String)
    case corrupt(path: String)
    case newerSchema(path: String)
    /// For a reader, which brings nothing up to date.
    case olderSchema(path: String)
    /// `process`: its id, where it could be read.
    case inUse(path: String, process: String?)
    case busy(path: String)
    case diskFull(path: String)
    /// The file was moved or deleted while it was in use.
    case vanished(path: String)
    /// Nothing is taken now: the disk refuses, the queue is full, or the ledger was closed.
    case unavailable(path: String)
    /// `code`: SQLite's own.
    case other(path: String, code: Int)

    public var description: String {
        switch self {
        case .missing(let path):
            "ledger \(path): there is no such file; `parley serve` makes it, or name another with --ledger"
        case .folderMissing(let path):
            "ledger \(path): its folder does not exist; make the folder or name another place"
        case .notReadable(let path): "ledger \(path): may not be read; give this user read access to the file"
        case .notWritable(let path):
            "ledger \(path): may not be written; give this user write access to the file and its folder"
        case .notALedger(let path): "ledger \(path): is not a Parley ledger; name another file"
        case .corrupt(let path):
            "ledger \(path): is damaged; keep a copy, then restore a backup or name a new file"
        case .newerSchema(let path): "ledger \(path): was written by a newer Parley; use that version or a newer one"
        case .olderSchema(let path):
            "ledger \(path): was written by an older Parley; start `parley serve` once, which brings it up to date"
        case .inUse(let path, let process?):
            "ledger \(path): another parley serve (process \(process)) uses it; stop that one or name another file"
        case .inUse(let path, nil):
            "ledger \(path): another parley serve uses it; stop that one or name another file"
        case .busy(let path): "ledger \(path): another program keeps it locked; end that program and try again"
        case .diskFull(let path): "ledger \(path): the disk is full; make room and try again"
        case .vanished(let path):
            "ledger \(path): the file was moved or deleted while in use; put it back, or restart to begin a new one"
        case .unavailable(let path): "ledger \(path): takes nothing just now; look at its earlier faults in the log"
        case .other(let path, let code): "ledger \(path): SQLite error \(code); look at the disk and the system log"
        }
    }
}
