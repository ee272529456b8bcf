import CHeap
import Dispatch
import Synchronization

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

    /// Gives back whole free pages, a second later: by then what belonged to the last call is free, too, and whatever is asked for until
    /// then is one with it. Beside the loops: each arena is locked for some milliseconds.
    static func perform() {
        guard isDue.exchange(true, ordering: .relaxed) == false else { return }
        queue.asyncAfter(deadline: .now() + .seconds(1)) {
            isDue.store(false, ordering: .relaxed)
            malloc_trim(0)
        }
    }

    private static let isDue = Atomic<Bool>(false)
    private static let queue = DispatchQueue(label: "parley.heap")
}
