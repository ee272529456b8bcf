import ParleyCore
import Testing

@testable import ParleySpeech

@Suite("A Wyoming voice's messages")
struct WyomingVoiceDialectTests {
    private func speaking(_ speaker: WyomingVoiceDialect.Speaker = .init()) -> WyomingVoiceDialect {
        var dialect = WyomingVoiceDialect(speaker)
        _ = dialect.speak("Sure.", as: 7, at: .zero)
        return dialect
    }

    private func event(_ type: String, _ data: String = "", _ payload: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        WyomingEvent.append(type, data: Array(data.utf8), payload: payload, to: &bytes)
        return bytes
    }

    private static let shape = #"{"rate":16000,"width":2,"channels":1}"#

    @Test("A clause is one synthesize event, with the voice where one is set")
    func out() {
        var plain = WyomingVoiceDialect(.init())
        #expect(
            plain.speak("Sure.", as: 7, at: .zero).map(\.string) == [
                "{\"type\":\"synthesize\",\"data_length\":16}\n{\"text\":\"Sure.\"}"
            ])
        #expect(plain.room(at: .zero) == 0 && plain.cancel([7], at: .zero) == nil)
        var chosen = WyomingVoiceDialect(.init(name: "en_GB-alba-medium", language: "en", speaker: "2"))
        #expect(
            chosen.speak("Sure.", as: 7, at: .zero)[0].string.hasSuffix(
                #"{"text":"Sure.","voice":{"name":"en_GB-alba-medium","language":"en","speaker":"2"}}"#))
    }

    @Test("Sound in the rate that was declared, then the end, however the bytes are cut", arguments: [1, 7, 1_000])
    func golden(size: Int) {
        var dialect = speaking()
        let bytes =
            event("info", "{}") + event("audio-start", Self.shape) + event("audio-chunk", Self.shape, [1, 2, 3])
            + event("audio-chunk", Self.shape, [4]) + event("audio-stop") + event("audio-chunk", Self.shape, [9])
        let pieces = stride(from: 0, to: bytes.count, by: size).map {
            VoiceMessage.binary(Array(bytes[$0..<min($0 + size, bytes.count)]))
        }
        #expect(
            news(pieces, of: &dialect) == [
                .format(7, VoiceFormat(.pcm16, rate: 16_000)), .audio(7, [1, 2, 3]), .audio(7, [4]), .done(7),
            ])
        #expect(dialect.isSpent)
    }

    @Test("A chunk tells its rate where no start came before")
    func noStart() {
        var dialect = speaking()
        #expect(
            news([.binary(event("audio-chunk", Self.shape, [1, 2]))], of: &dialect) == [
                .format(7, VoiceFormat(.pcm16, rate: 16_000)), .audio(7, [1, 2]),
            ])
    }

    @Test(
        "Sound of another shape is refused",
        arguments: [
            #"{"rate":16000,"width":1,"channels":1}"#, #"{"rate":16000,"width":2,"channels":2}"#, "{}",
        ])
    func shape(data: String) {
        var dialect = speaking()
        let fault = VoiceFault("its sound is not one channel of 16 bits", isRetryable: false)
        #expect(
            news([.binary(event("audio-start", data) + event("audio-chunk", data, [1]))], of: &dialect) == [
                .failed(7, fault)
            ])
    }

    @Test("An error is the clause's; bytes that are no event are the connection's")
    func faults() {
        var dialect = speaking()
        let error = event("error", #"{"text":"model missing","code":"model-error"}"#)
        #expect(news([.binary(error)], of: &dialect) == [.failed(7, VoiceFault("model-error: model missing"))])
        var other = speaking()
        #expect(
            news([.binary(Array("HTTP/1.1 400\n".utf8))], of: &other) == [
                .broken(VoiceFault("it sends a header that is none"))
            ])
    }
}
