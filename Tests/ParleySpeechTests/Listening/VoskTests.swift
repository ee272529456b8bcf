import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("The Vosk server")
struct VoskTests {
    private func rig() -> DialectRig<VoskDialect> {
        var rig = DialectRig(VoskDialect(rate: 8_000, phrases: []))
        #expect(rig.open() == [.ready])
        _ = rig.takeSent()
        return rig
    }

    @Test("The documented messages out, byte for byte")
    func out() {
        var rig = DialectRig(VoskDialect(rate: 8_000, phrases: ["yes", "no", "[unk]"]))
        _ = rig.open()
        rig.feed(1)
        _ = rig.finish(1)
        _ = rig.end()
        #expect(
            rig.takeSent() == [
                #"{"config":{"sample_rate":8000,"words":true,"max_alternatives":0,"phrase_list":["yes","no","[unk]"]}}"#,
                "[1, 2]", #"{"reset" : 1}"#, #"{"eof" : 1}"#,
            ])
    }

    @Test("The documented messages in: each message has one reply, and the one to the reset is the end")
    func `in`() {
        var rig = rig()
        rig.feed(1)
        #expect(rig.hear(#"{"partial":"book a"}"#) == [.partial(1, "book a")])
        rig.feed(1)
        #expect(
            rig.hear(#"{"result":[{"conf":1.0,"end":1.52,"start":1.30,"word":"book"}],"text":"book a table"}"#)
                == [.partial(1, "book a table")])
        rig.feed(1)
        #expect(rig.hear(#"{"partial":"for"}"#) == [.partial(1, "book a table for")])
        #expect(rig.finish(1) == [])
        #expect(
            rig.hear(#"{"alternatives":[{"confidence":220.1,"text":"for two"},{"confidence":1,"text":"four"}]}"#)
                == [.final(1, "book a table for two")])
    }

    @Test("Nothing was said: an empty final")
    func empty() {
        var rig = rig()
        rig.feed(1)
        #expect(rig.hear(#"{"partial":""}"#) == [.alive])
        _ = rig.finish(1)
        #expect(rig.hear(#"{"text":""}"#) == [.final(1, "")])
    }

    @Test("A few messages may be unanswered, no more")
    func room() {
        var rig = rig()
        for _ in 0..<VoskDialect.mostUnanswered {
            #expect(rig.dialect.takesMore)
            rig.feed(1)
        }
        #expect(!rig.dialect.takesMore)
        _ = rig.hear(#"{"partial":""}"#)
        #expect(rig.dialect.takesMore)
    }

    @Test("Replies are for the turn that was asked about")
    func twoTurns() {
        var rig = rig()
        rig.feed(1)
        _ = rig.finish(1)
        rig.feed(2)
        _ = rig.finish(2)
        #expect(rig.hear(#"{"partial":"one"}"#) == [.partial(1, "one")])
        #expect(rig.hear(#"{"text":"one"}"#) == [.final(1, "one")])
        #expect(rig.hear(#"{"partial":"two"}"#) == [.partial(2, "two")])
        #expect(rig.hear(#"{"text":"two"}"#) == [.final(2, "two")])
    }

    @Test("A cancelled turn is flushed, and its replies are counted off")
    func cancel() {
        var rig = rig()
        rig.feed(1)
        _ = rig.cancel(1)
        #expect(rig.takeSent().last == #"{"reset" : 1}"#)
        rig.feed(2)
        #expect(rig.hear(#"{"partial":"never"}"#) == [])
        #expect(rig.hear(#"{"text":"never mind"}"#) == [])
        #expect(rig.hear(#"{"partial":"yes"}"#) == [.partial(2, "yes")])
        _ = rig.finish(2)
        _ = rig.cancel(2)
        #expect(rig.takeSent().filter { $0.contains("reset") }.count == 1)
    }

    @Test("A repeated result answers nothing")
    func repeated() {
        var rig = rig()
        let result = #"{"result":[{"conf":1.0,"end":1.52,"start":1.30,"word":"yes"}],"text":"yes"}"#
        rig.feed(1)
        _ = rig.hear(#"{"partial":"yes"}"#)
        _ = rig.finish(1)
        #expect(rig.hear(result) == [.final(1, "yes")])
        rig.feed(2)
        #expect(rig.hear(result) == [.garbage])
        #expect(rig.hear(#"{"partial":"no"}"#) == [.partial(2, "no")])
    }

    @Test(
        "What is no reply of its, or answers nothing, is garbage",
        arguments: Rubbish.texts + [
            #"{"text" : 7, "result" : "none"}"#, #"{"partial" : null}"#, #"{"surprise" : 1}"#,
        ])
    func garbage(text: String) {
        var rig = rig()
        #expect(rig.hear(#"{"partial":"x"}"#) == [.garbage])
        rig.feed(1)
        #expect(rig.hear(text) == [.garbage])
        #expect(rig.hear([1, 2, 3]) == [.garbage])
        #expect(rig.hear(#"{"partial":"x"}"#) == [.partial(1, "x")])
    }
}
