import ParleyCore

/// Is given every input of a simulated call, just before the call is: what a capsule is written from.
public protocol CallTap {
    mutating func hear(_ samples: Span<Int16>, at now: CallTime)
    mutating func handle(_ event: CallEvent, at now: CallTime)
}
