import Foundation
import Glibc
import Testing

@testable import ParleyGateway

@Suite("Where log lines go", .timeLimit(.minutes(1)))
struct LogSinkTests {
    private let reader: Int32
    private let writer: Int32

    init() {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        _ = pipe(&ends)
        (reader, writer) = (ends[0], ends[1])
    }

    @Test("A reader that stalls holds nobody up; what was lost is told when it reads again")
    func stalled() throws {
        let sink = LogSink(descriptor: writer, capacity: 10)
        let line = String(repeating: "x", count: 999) + "\n"
        // A pipe holds 64 KiB: most of these find no room.
        for _ in 0..<2_000 { sink.append(line) }
        let file = FileHandle(fileDescriptor: reader)
        let done = DispatchSemaphore(value: 0)
        let text = Received()
        Thread.detachNewThread { [writer] in
            sink.flush(within: .seconds(30))
            sink.append("the last\n")
            sink.flush(within: .seconds(30))
            close(writer)
            done.signal()
        }
        text.bytes = file.readDataToEndOfFile()
        done.wait()
        let lines = String(decoding: text.bytes, as: UTF8.self).split(separator: "\n")
        let lost = lines.compactMap { $0.firstMatch(of: #/^\((\d+) log lines were lost/#).flatMap { Int($0.1) } }
        #expect(lost.reduce(0, +) > 1_000)
        #expect(lines.count { $0.hasPrefix("x") } + lost.reduce(0, +) == 2_000)
        #expect(lines.last == "the last")
    }

    @Test("A reader that is gone, and a descriptor that is none, cost lines and nothing else")
    func gone() {
        close(reader)
        let sink = LogSink(descriptor: writer)
        for _ in 0..<100 { sink.append("nobody hears\n") }
        sink.flush()
        #expect(sink.lostLines == 100)
        close(writer)
        let none = LogSink(descriptor: -1)
        none.append("nowhere\n")
        none.flush()
        #expect(none.lostLines == 1)
    }

    private final class Received { var bytes = Data() }
}
