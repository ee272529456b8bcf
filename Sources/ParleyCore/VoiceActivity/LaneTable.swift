/// Constants for the frame path: made once for the process and never freed, so that reading one costs a load and nothing else
/// (an array's costs its owner a count, an inline array's a copy).
///
/// `@unchecked Sendable`: nobody writes after `init`.
struct LaneTable: @unchecked Sendable {
    private let base: UnsafePointer<SIMD8<Float>>

    /// - Parameter values: filled up with zeros to whole vectors.
    init(_ values: [Float]) {
        let count = (values.count + 7) / 8
        let room = UnsafeMutablePointer<SIMD8<Float>>.allocate(capacity: count)
        for vector in 0..<count {
            var lanes = SIMD8<Float>()
            for lane in 0..<8 where vector * 8 + lane < values.count { lanes[lane] = values[vector * 8 + lane] }
            (room + vector).initialize(to: lanes)
        }
        base = UnsafePointer(room)
    }

    /// Not checked: what reads it knows what it made.
    subscript(_ vector: Int) -> SIMD8<Float> {
        @inline(__always) get { base[vector] }
    }
}
