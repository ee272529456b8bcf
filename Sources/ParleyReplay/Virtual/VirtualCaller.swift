import ParleyCaller
import ParleyCore

/// The caller's end of a call on a virtual clock: what comes in from there, and what becomes of what goes out.
protocol VirtualCaller {
    var isGone: Bool { get }
    /// When `advance` is next due; `nil` after the caller has gone.
    var nextDeadline: CallTime? { get }
    var report: CallReport { get set }
    /// Both sides as the caller has them.
    var sent: [Int16] { get }
    var heard: [Int16] { get }

    mutating func advance(to now: CallTime, into effects: inout [CallerMachine.Effect])
    mutating func receive(media samples: [Int16], at now: CallTime)
    mutating func receive(mark name: String, at now: CallTime, into effects: inout [CallerMachine.Effect])
    mutating func receiveClear(at now: CallTime, into effects: inout [CallerMachine.Effect])
    mutating func receive(note: GatewayNote, at now: CallTime, into effects: inout [CallerMachine.Effect])
    mutating func closed(at now: CallTime)
}

extension CallerMachine: VirtualCaller {
    mutating func receiveClear(at now: CallTime, into effects: inout [Effect]) {
        receiveClear(at: now, obedience: .obey, into: &effects)
    }
}
