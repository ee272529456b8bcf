import FoundationEssentials
import ParleyCore

/// A script with its audio, read and at the leg's rate.
package struct PreparedCall: Sendable {
    package var script: CallScript
    package var audio: [CallerMachine.LineAudio] = []
    package var background: [Int16] = []

    package init(folder: String, options: CallOptions) throws(CallError) {
        do { script = try CallScript.load(folder: folder) } catch { throw .script(error) }
        for line in script.lines {
            switch line.content {
            case .keys: audio.append(.init([]))
            case .speech(let wav, _): audio.append(.init(try Self.samples(folder + "/" + wav, options)))
            }
        }
        if let name = script.background { background = try Self.samples(folder + "/" + name, options) }
    }

    /// One WAV, said once, and the answer listened to.
    package init(audio path: String, options: CallOptions) throws(CallError) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        script = CallScript(
            name: name, lines: [.init(.speech(wav: path, text: name), options.say)],
            hangUp: .afterQuiet(.milliseconds(2_000)))
        audio = [.init(try Self.samples(path, options))]
    }

    private static func samples(_ path: String, _ options: CallOptions) throws(CallError) -> [Int16] {
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
            throw .usage("\(path): this is a folder, not a WAV file; --fixture plays a folder with a call.yaml")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .usage("\(path): there is no such file, or it cannot be read")
        }
        guard data.count <= 256 << 20 else { throw .usage("\(path): larger than 256 MiB") }
        let wav: WAV
        do { wav = try WAV(Array(data)) } catch { throw .usage("\(path): \(error)") }
        guard wav.seconds > 0 else { throw .usage("\(path): this WAV file has no sound in it: not one sample") }
        guard wav.seconds <= Double(CallerMachine.longestCall.milliseconds) / 1_000 else {
            throw .usage("\(path): \(Int(wav.seconds)) s long; a call lasts 900 s at most")
        }
        let rate = options.format.sampleRate
        guard wav.sampleRate != rate else { return wav.mono }
        guard Resampler.supports(from: wav.sampleRate, to: rate) else {
            throw .usage(
                "\(path): \(wav.sampleRate) samples a second cannot be brought to \(rate); save it at 8, 16 or 48 kHz")
        }
        return Resampler.resample(wav.mono, from: wav.sampleRate, to: rate)
    }
}
