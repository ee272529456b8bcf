/// Whether texts of a sender may be claimed now.
public enum SenderDoor: Equatable, Sendable {
    case open
    /// - Parameter until: when it is worth asking again; `nil`: not before somebody does something.
    case shut(until: Int64?)

    /// Both must be open.
    public func and(_ other: SenderDoor) -> SenderDoor {
        switch (self, other) {
        case (.open, let door), (let door, .open): door
        case (.shut(let one?), .shut(let other?)): .shut(until: max(one, other))
        case (.shut, .shut): .shut(until: nil)
        }
    }
}
