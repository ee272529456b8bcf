/// Vectors that a detector keeps from frame to frame, in memory of its own.
///
/// An array would ask at every write whether it is shared, and an inline array be copied to be read: ADR 16. Whoever owns this
/// owns the memory alone, so that neither is needed.
///
/// `@unchecked Sendable`: it can not be copied, and only its owner can write to it.
struct LaneRoom: ~Copyable, @unchecked Sendable {
    let count: Int
    private let base: UnsafeMutablePointer<Lanes>

    init(repeating value: Lanes, count: Int) {
        self.count = count
        base = .allocate(capacity: count)
        base.initialize(repeating: value, count: count)
    }

    deinit { base.deallocate() }

    subscript(_ vector: Int) -> Lanes {
        @inline(__always) get {
            precondition(vector >= 0 && vector < count, "a vector that is there")
            return base[vector]
        }
        @inline(__always) set {
            precondition(vector >= 0 && vector < count, "a vector that is there")
            base[vector] = newValue
        }
    }

    func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(UnsafeBufferPointer(start: base, count: count)))
    }
}
