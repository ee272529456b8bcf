import Glibc

// What libFuzzer calls. One program holds all targets; `--target=NAME` chooses (libFuzzer leaves options with two dashes
// to the program).

/// Set by `initialize`, before the first input.
nonisolated(unsafe) private var target: FuzzTarget?

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    let options = (0..<Int(count.pointee)).compactMap { words.pointee[$0].map { String(cString: $0) } }
    let name = options.first { $0.hasPrefix("--target=") }?.dropFirst("--target=".count)
    target = FuzzTarget.all.first { $0.name == name ?? "" }
    if target == nil {
        let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
        fail("no target `\(name ?? "")`; choose one: --target=NAME of \(names)", exitCode: 2)
    }
    guard peak_memory_install() > 0 else { fail("this sanitizer cannot count memory", exitCode: 2) }
    PeakMemory.measure = { body in
        peak_memory_begin()
        body()
        return Int(peak_memory_end())
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do throws(Broken) {
        try target?.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        say("BROKEN: \(error)")
        abort()
    }
    return 0
}

private func fail(_ message: String, exitCode: CInt) -> Never {
    say(message)
    exit(exitCode)
}

private func say(_ message: String) {
    let line = Array((message + "\n").utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
