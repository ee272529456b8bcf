import CHeap
import Dispatch

/// When what ended calls have left free in the heap is given back to the system. Pure, but for `perform`.
///
/// Twice as many calls as are left now: then half of what they needed may go, and however many calls end, it is done a few times only.
struct HeapTrim {
    /// Fewer have left too little.
    private static let least = 16
    /// The most calls at once since it was last done.
    private var most = 0

    /// A call has begun.
    mutating func began(calls: Int) { most = max(most, calls) }

    /// A call has ended.
    ///
    /// - Parameter calls: that are still up.
    /// - Returns: whether it is time.
    mutating func ended(calls: Int) -> Bool {
        guard most >= Self.least, calls <= most / 2 else { return false }
        most = calls
        return true
    }

    /// Gives back whole free pages, a little later: by then what belonged to the last call is free, too. On a thread of its own.
    static func perform() {
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + .seconds(1)) { malloc_trim(0) }
    }
}
