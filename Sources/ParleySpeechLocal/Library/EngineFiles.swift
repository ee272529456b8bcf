#if LocalSpeech
import Crypto
import Foundation

/// The engines directory as `scripts/engines.sh` leaves it, and whether it is still so.
///
/// Checked before anything is loaded: the speech library ends the process on some damaged files.
struct EngineFiles {
    enum Part: String, CaseIterable {
        case library, recogniser, joe, silero

        var paths: [String] {
            switch self {
            case .library: ["lib/libonnxruntime.so", "lib/libsherpa-onnx-c-api.so", "lib/libparley-engines.so"]
            case .recogniser: ["moonshine/encoder.ort", "moonshine/decoder.ort", "moonshine/tokens.txt"]
            case .silero: [SileroLibrary.libraryFile, SileroLibrary.modelFile]
            case .joe: ["joe/model.onnx", "joe/tokens.txt"]
            }
        }
    }

    let directory: String
    private let sums: [String: String]?

    init(directory: String) {
        self.directory = directory
        let list = try? String(contentsOfFile: directory + "/SHA256SUMS", encoding: .utf8)
        sums = list.map(Self.parse)
    }

    func path(_ file: String) -> String { directory + "/" + file }

    /// What is wrong with a part, and the mend; `nil` when every file is as it was installed.
    func fault(in part: Part) -> String? {
        guard FileManager.default.fileExists(atPath: directory) else {
            return "there is no directory \(directory); run scripts/engines.sh \(directory)"
        }
        guard let sums else {
            return "\(directory)/SHA256SUMS cannot be read; run scripts/engines.sh \(directory)"
        }
        for file in part.paths {
            guard let expected = sums[file] else {
                let isMissing = !FileManager.default.fileExists(atPath: path(file))
                if part == .joe && isMissing {
                    return "not installed; run scripts/engines.sh \(directory) without --no-joe"
                }
                return part == .silero && isMissing
                    ? "not installed; run scripts/engines.sh \(directory)"
                    : "\(directory)/SHA256SUMS does not name \(file); run scripts/engines.sh \(directory)"
            }
            guard FileManager.default.fileExists(atPath: path(file)) else {
                return "\(path(file)) is missing; remove \(directory) and run scripts/engines.sh \(directory)"
            }
            guard let sum = Self.sha256(path(file)) else {
                return "\(path(file)) cannot be read; mend its permissions"
            }
            guard sum == expected else {
                return "\(path(file)) is damaged; remove \(directory) and run scripts/engines.sh \(directory)"
            }
        }
        return nil
    }

    /// Lines as `sha256sum` writes them: 64 hexadecimal digits, two spaces, a path.
    static func parse(_ list: String) -> [String: String] {
        var sums: [String: String] = [:]
        for line in list.split(separator: "\n") {
            guard line.utf8.count > 66 else { continue }
            sums[String(line.dropFirst(66))] = String(line.prefix(64))
        }
        return sums
    }

    static func sha256(_ path: String) -> String? {
        guard let file = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else { return nil }
        return SHA256.hash(data: file).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
#endif
