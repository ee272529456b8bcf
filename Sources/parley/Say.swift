import ArgumentParser
import Foundation
import ParleyCore
import ParleyGateway

struct Say: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Speak a sentence into a WAV file with an embedded voice: for fixtures.", shouldDisplay: false)

    @Option(help: "slt, rms, awb, kal16 or joe.")
    var voice = "rms"
    @Option(help: "What to say.")
    var text: String
    @Option(help: "The WAV to write.")
    var out: String
    @Option(help: "Samples a second: 8000, 16000, 22050, 24000 or 48000.")
    var rate = 8_000
    @Flag(help: "G.711 mu-law instead of 16-bit PCM.")
    var mulaw = false
    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        do {
            let wav = try Checkup.say(text, voice: voice, sampleRate: rate, configuration: try options.load())
            try Data(wav.bytes(mulaw ? .mulaw : .linear16)).write(to: URL(fileURLWithPath: out))
        } catch let error as StartError {
            throw Refused(error.description)
        }
    }
}
