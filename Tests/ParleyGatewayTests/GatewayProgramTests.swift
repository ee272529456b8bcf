import Foundation
import ParleySpeech
import Testing

@testable import ParleyGateway

@Suite("The program of a gateway with engines of one's own")
struct GatewayProgramTests {
    private enum Hum: VoiceAdapter {
        static let engine = "hum"
        static let options: [EngineOption] = []
        static let needsKey = false
        static func make(_ settings: EngineSettings) throws(EngineError) -> any SpeechSynthesizer {
            InstantSynthesizer()
        }
    }

    @Test("It serves unless it is asked to look, with the file that is named")
    func requests() throws {
        #expect(try GatewayProgram.Request([]) == GatewayProgram.Request(["serve"]))
        let serve = try GatewayProgram.Request(["serve", "--config", "a.yaml"])
        #expect(!serve.isDoctor && serve.file == "a.yaml")
        #expect(try GatewayProgram.Request(["--config", "a.yaml"]) == serve)
        let doctor = try GatewayProgram.Request(["doctor", "--config", "a.yaml"])
        #expect(doctor.isDoctor && doctor.file == "a.yaml")
        #expect(try GatewayProgram.Request(["doctor"]).configuration().file == nil)
    }

    @Test(
        "Any other word is refused, with how it is used",
        arguments: [
            ["call"], ["serve", "--port", "1"], ["--config"], ["serve", "--config", "a", "b"], ["doctor", "serve"],
        ])
    func refused(_ arguments: [String]) {
        #expect(throws: StartError(GatewayProgram.Request.usage)) { try GatewayProgram.Request(arguments) }
    }

    @Test("The checkup knows the engines that the program has, and no others")
    func checkup() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "engines-\(UUID()).yaml")
        try "voices: [{engine: hum}]\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = try Configuration.parse(
            "{insecure: true, speech: {recognizer: instant, voice: instant}, vad: {second_opinion: \"off\"}, "
                + "engines: {file: \"\(file.path)\"}}",
            file: "parley.yaml", environment: [:])
        let own = Checkup.run(configuration, engines: .builtIn.adding(voices: [Hum.self]))
        #expect(own.map(\.description).contains("ok   engines: \(file.path), voices hum"))
        let others = Checkup.run(configuration).filter { $0.text.contains("hum") }
        #expect(others.count == 1 && others[0].description.hasPrefix("BAD "))
    }

    @Test("A finding of several lines has its verdict before each")
    func lines() {
        #expect(Checkup.Finding(isGood: false, text: "one\ntwo").description == "BAD  one\nBAD  two")
        #expect(Checkup.Finding(isGood: true, isDoubtful: true, text: "one").description == "warn one")
    }
}
