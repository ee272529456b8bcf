import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("A recogniser behind Wyoming")
struct WyomingTests {
    private func rig() -> DialectRig<WyomingDialect> {
        var rig = DialectRig(WyomingDialect(rate: 16_000, model: nil, language: "en"))
        #expect(rig.open() == [.ready])
        return rig
    }

    private func event(_ type: String, _ data: String = "") -> [UInt8] {
        var out: [UInt8] = []
        WyomingEvent.append(type, data: Array(data.utf8), to: &out)
        return out
    }

    /// What was sent, as events.
    private func events(
        _ rig: inout DialectRig<WyomingDialect>, _ act: (inout WyomingDialect, inout DialectLine) -> Void
    )
        throws -> [WyomingEvent]
    {
        var line = DialectLine()
        act(&rig.dialect, &line)
        var reader = WyomingReader()
        for case .binary(let octets) in line.messages { octets.withUnsafeBytes { reader.receive($0) } }
        var events: [WyomingEvent] = []
        while let event = try reader.next() { events.append(event) }
        return events
    }

    @Test("The documented flow out: transcribe, audio-start, chunks, audio-stop")
    func out() throws {
        var rig = rig()
        let format = Array(#"{"rate":16000,"width":2,"channels":1}"#.utf8)
        let first = try events(&rig) { $0.audio([1, 2], length: .milliseconds(20), of: 1, into: &$1) }
        #expect(
            first == [
                WyomingEvent("transcribe", data: Array(#"{"language":"en"}"#.utf8)),
                WyomingEvent("audio-start", data: format), WyomingEvent("audio-chunk", data: format, payload: [1, 2]),
            ])
        let second = try events(&rig) { $0.audio([3, 4], length: .milliseconds(20), of: 1, into: &$1) }
        #expect(second == [WyomingEvent("audio-chunk", data: format, payload: [3, 4])])
        #expect(try events(&rig) { $0.finish(1, quiet: .zero, into: &$1) } == [WyomingEvent("audio-stop")])
    }

    @Test("The transcript is the turn's, and the connection has done its work")
    func transcript() {
        var rig = rig()
        rig.feed(1)
        #expect(rig.dialect.takesMore)
        #expect(rig.finish(1) == [])
        #expect(!rig.dialect.takesMore)
        let inline = Array((#"{"type":"transcript","data":{"text":"book a table","language":"en"}}"# + "\n").utf8)
        #expect(rig.hear(inline) == [.final(1, "book a table"), .done])
        #expect(rig.hear(inline) == [])
        #expect(!rig.dialect.takesMore)
    }

    @Test("Pieces of a transcript are words so far; other events are signs of life")
    func pieces() {
        var rig = rig()
        rig.feed(1)
        #expect(rig.hear(event("transcript-start")) == [.alive])
        #expect(rig.hear(event("transcript-chunk", #"{"text":"book a"}"#)) == [.partial(1, "book a")])
        #expect(rig.hear(event("transcript-chunk", #"{"text":" table"}"#)) == [.partial(1, "book a table")])
        #expect(rig.hear(event("voice-stopped", #"{"timestamp":20}"#)) == [.alive])
        #expect(rig.hear(event("transcript", #"{"text":"ahead of the end"}"#)) == [.garbage])
        _ = rig.finish(1)
        #expect(rig.hear(event("transcript", #"{"text":"book a table"}"#)).first == .final(1, "book a table"))
    }

    @Test("A ping is answered")
    func ping() {
        var rig = rig()
        #expect(rig.hear(event("ping", #"{"text":"x"}"#)) == [])
        #expect(rig.takeSent() == ["\(event("pong", #"{"text":"x"}"#))"])
    }

    @Test("An error is the turn's; without a turn it is the connection's")
    func errors() {
        let error = event("error", #"{"text":"model missing","code":"model-error"}"#)
        var rig = rig()
        rig.feed(1)
        #expect(rig.hear(error) == [.failed(1, "model missing"), .done])
        var idle = self.rig()
        #expect(idle.hear(error) == [.fault("model missing")])
    }

    @Test("A cancelled turn costs its connection")
    func cancel() {
        var rig = rig()
        #expect(rig.cancel(1) == [])
        rig.feed(1)
        #expect(rig.cancel(1) == [.done])
        #expect(rig.hear(event("transcript", #"{"text":"late"}"#)) == [])
    }

    @Test("Data that cannot be read is garbage; bytes that are no events end the connection")
    func garbage() {
        var rig = rig()
        rig.feed(1)
        _ = rig.finish(1)
        #expect(rig.hear(event("transcript")) == [.garbage])
        #expect(rig.hear(event("transcript", #"{"text":7}"#)) == [.garbage])
        #expect(rig.hear(event("transcript-chunk", "{{")) == [.garbage])
        #expect(rig.hear(Array("HTTP/1.1 400 Bad Request\r\n".utf8)) == [.garbage, .fault("a header that is none")])
        #expect(rig.hear(event("transcript", #"{"text":"late"}"#)) == [])
    }
}
