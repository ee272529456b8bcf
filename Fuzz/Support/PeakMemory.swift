/// How much a reader allocates. Only the fuzzer can tell, whose sanitizer sees every allocation; elsewhere the bound is
/// not checked.
public enum PeakMemory {
    /// Runs the body and returns the most bytes that were allocated and not yet freed, above those at its start.
    /// Set once, before the first input.
    nonisolated(unsafe) public static var measure: ((() -> Void) -> Int)?

    /// What one message may cost: 4 x its bytes + 64 KiB.
    static func require(_ name: String, ofBytes count: Int, _ body: () -> Void) throws(Broken) {
        guard let measure else {
            body()
            return
        }
        let peak = measure(body)
        guard peak <= 4 * count + 65_536 else { throw Broken("\(name) of \(count) bytes took \(peak) bytes of memory") }
    }
}
