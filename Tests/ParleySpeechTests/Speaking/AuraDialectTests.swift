import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("Aura's messages")
struct AuraDialectTests {
    private static let clear = [#"{"type":"Clear"}"#]
    private static let flushed: VoiceMessage = #"{"type":"Flushed","sequence_id":0}"#
    private static let cleared: VoiceMessage = #"{"type":"Cleared","sequence_id":1}"#

    private func dialect(speaking ids: [Int]) -> AuraDialect {
        var dialect = AuraDialect(format: .telephone)
        for id in ids { _ = dialect.speak("Sure.", as: id, at: .zero) }
        return dialect
    }

    @Test("A clause is spoken and flushed; the connection is closed politely")
    func out() {
        var dialect = AuraDialect(format: .telephone)
        #expect(
            dialect.speak("Sure, which day?", as: 1, at: .zero).map(\.string) == [
                #"{"type":"Speak","text":"Sure, which day?"}"#, #"{"type":"Flush"}"#,
            ])
        #expect(dialect.goodbye.map(\.string) == [#"{"type":"Close"}"#])
    }

    @Test("Sound belongs to the first clause until it is flushed, then to the next")
    func golden() {
        var dialect = dialect(speaking: [1, 2])
        let messages: [VoiceMessage] = [
            #"""
            {"type":"Metadata","request_id":"8f3a","model_name":"aura-2-thalia-en","model_version":"2026-01-01.0",\#
            "model_uuid":"5c0ffee4"}
            """#,
            .binary([1, 2]), .binary([3]), Self.flushed, #"{"type":"SomethingNew"}"#, .binary([4]), Self.flushed,
            Self.flushed, .binary([5]),
        ]
        #expect(
            news(messages, of: &dialect) == [
                .audio(1, [1, 2]), .audio(1, [3]), .done(1), .audio(2, [4]), .done(2),
            ])
    }

    @Test("After Clear nothing is heard, and the socket takes no clause until it is confirmed and a second has passed")
    func cancel() {
        var dialect = dialect(speaking: [1, 2])
        #expect(dialect.cancel([1, 2], at: .seconds(5))?.map(\.string) == Self.clear)
        #expect(news([.binary([1]), Self.flushed, .binary([2])], of: &dialect) == [])
        #expect(dialect.room(at: .seconds(30)) == 0)
        #expect(news([Self.cleared, .binary([3]), Self.flushed], of: &dialect) == [])
        #expect(dialect.room(at: .milliseconds(5_999)) == 0)
        #expect(dialect.room(at: .seconds(6)) == 16)
        _ = dialect.speak("New.", as: 3, at: .seconds(6))
        #expect(news([.binary([4]), Self.flushed], of: &dialect) == [.audio(3, [4]), .done(3)])
    }

    @Test("Where another clause is still wanted, the cancelled one is let pass unheard")
    func swallowed() {
        var dialect = dialect(speaking: [1, 2])
        #expect(dialect.cancel([1], at: .zero) == [])
        #expect(
            news([.binary([1]), Self.flushed, .binary([2]), Self.flushed], of: &dialect) == [.audio(2, [2]), .done(2)])
        #expect(dialect.cancel([2], at: .zero) == [])
    }

    @Test("A connection has room for 18 flushes in any 60 s, and another is wanted before they are used up")
    func room() {
        var dialect = AuraDialect(format: .telephone)
        for id in 1...18 {
            #expect(dialect.room(at: .seconds(1)) == 19 - id)
            _ = dialect.speak("Sure.", as: id, at: .seconds(1))
        }
        #expect(dialect.room(at: .milliseconds(60_999)) == 0)
        #expect(dialect.room(at: .seconds(61)) == 18)
        #expect(dialect.spare == 2)
    }

    @Test("A flush that is ignored, and an error, end the connection; another warning does not")
    func faults() {
        var dialect = dialect(speaking: [1])
        let messages: [VoiceMessage] = [
            #"{"type":"Warning","code":"TEXT_LENGTH_EXCEEDED","description":"too long"}"#,
            #"{"type":"Warning","code":"EXCESSIVE_FLUSH","description":"Too many"}"#,
            #"{"type":"Error","err_code":"NET-0000","description":"no more"}"#, "nonsense", #"{"kind":"Flushed"}"#,
        ]
        #expect(
            news(messages, of: &dialect) == [
                .broken(VoiceFault("it warns: Too many")), .broken(VoiceFault("NET-0000: no more")), .garbage, .garbage,
            ])
    }
}
