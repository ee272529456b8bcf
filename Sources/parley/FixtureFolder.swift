import Foundation
import ParleyCaller
import ParleyCore
import ParleyReplay

/// Writes the fixture that a capsule makes.
enum FixtureFolder {
    static func write(capsule path: String, of id: String, to folder: String) throws {
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw Refused("--fixture \(folder): is there already; name a folder that is not")
        }
        let files: [(name: String, octets: [UInt8])]
        do {
            let call = try RecordedCall(try Refused.reading(path))
            guard call.header["call"] == id else { throw Refused("\(path): is the capsule of another call") }
            if let damage = call.damage {
                throw Refused("\(path): damaged \(damage); what followed is not known, so no fixture is made of it")
            }
            if !call.isWhole {
                Standard.error.write(
                    "parley: the recording breaks off after \(call.duration.milliseconds) ms (the call is up, or its process "
                        + "was killed): look over `end:` and what is expected\n")
            }
            files = try FixtureExport(call).files(named: folder.split(separator: "/").last.map(String.init) ?? folder)
        } catch let error as CapsuleError {
            throw Refused("\(path): \(error)")
        } catch let error as CallError {
            throw Refused("\(path): \(error)")
        }
        do {
            // It holds a caller's voice.
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for file in files { try Refused.writing(file.octets, to: folder + "/" + file.name, for: "--fixture") }
        } catch let error as Refused {
            throw error
        } catch {
            throw Refused("--fixture \(folder): cannot be written; may you write there?")
        }
        Standard.output.write("\(folder): \(files.map(\.name).joined(separator: ", "))\n")
    }
}
