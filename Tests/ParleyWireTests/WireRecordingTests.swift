import ParleyCore
import Testing

@testable import ParleyWire

@Suite("A recording of a wire")
struct WireRecordingTests {
    private let sample = WireRecording([
        .init(at: .zero, isText: true, payload: Array(#"{"event":"clear"}"#.utf8)),
        .init(at: .milliseconds(20), isText: false, payload: [0x00, 0xFF, 0x0A]),
        .init(at: .milliseconds(20), isText: true, payload: []),
        .init(at: CallTime(nanoseconds: .max), isText: false, payload: [7]),
    ])

    @Test("The file is what the documentation says, byte for byte")
    func layout() {
        let file = WireRecording([.init(at: CallTime(nanoseconds: 258), isText: true, payload: [0x7B, 0x7D])]).bytes()
        #expect(file == Array("PLYWIRE".utf8) + [1, 2, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D])
    }

    @Test("What was written is read back: kind, time and every byte, empty messages among them")
    func roundTrip() throws {
        #expect(try WireRecording(sample.bytes()) == sample)
        #expect(try WireRecording(WireRecording.header) == WireRecording())
    }

    @Test("A file that was cut off at any byte gives the messages that are whole, and says how much was cut")
    func truncated() throws {
        let file = sample.bytes()
        let ends = [8, 8 + 13 + 17, 8 + 26 + 20, 8 + 39 + 20, file.count]
        for count in 0...file.count {
            let read = try WireRecording(Array(file[..<count]))
            let whole = ends.last { $0 <= count }
            #expect(read.messages == Array(sample.messages.prefix(ends.count { $0 <= count } - (whole == nil ? 0 : 1))))
            #expect(read.bytesCutOff == count - (whole ?? 0))
        }
    }

    @Test("Damage is named with its byte, and a length that cannot be is not believed")
    func damage() {
        func problem(_ change: (inout [UInt8]) -> Void) -> WireRecordingError? {
            var file = sample.bytes()
            change(&file)
            do {
                _ = try WireRecording(file)
                return nil
            } catch { return error }
        }
        #expect(problem { $0[0] = 0x52 } == .notARecording)
        #expect(problem { $0[7] = 2 } == .version(2))
        #expect(problem { $0[11] = 0xFF } == .damaged(offset: 8, "a payload of 4278190097 bytes"))
        #expect(problem { $0[12] = 3 } == .damaged(offset: 12, "neither text nor binary: 3"))
        // The first message now came after the second.
        let late = WireRecordingError.damaged(offset: 43, "a time before the one of the message before")
        #expect(problem { $0[20] = 1 } == late)
        #expect(problem { $0[20] = 0x80 } == .damaged(offset: 13, "a time before the one of the message before"))
    }

    @Test("Whatever the bytes, reading ends, and never makes more of them than there are")
    func noise() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            var file = sample.bytes()
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                file[Int.random(in: 0..<file.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let read = try? WireRecording(file) {
                #expect(read.messages.reduce(0) { $0 + $1.payload.count + 13 } + 8 + read.bytesCutOff == file.count)
            }
        }
    }
}
