import Foundation
import ParleyFuzz
import Testing

private let corpus = URL(filePath: #filePath).appending(path: "../../../Fuzz/Corpus").standardizedFileURL

private func files(in folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .sorted { $0.lastPathComponent < $1.lastPathComponent }
}

@Suite("Corpus")
struct CorpusTests {
    @Test(
        "What a stranger once sent is read as it should be: no trap, no other result when it comes in other pieces",
        arguments: FuzzTarget.all.map(\.name))
    func replay(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        for file in try files(in: corpus.appending(path: name)) {
            let input = [UInt8](try Data(contentsOf: file))
            #expect(throws: Never.self, "\(name)/\(file.lastPathComponent)") { try target.check(input) }
        }
    }

    @Test("Every target has inputs, and every folder of inputs a target")
    func foldersAndTargets() throws {
        let folders = try files(in: corpus).map(\.lastPathComponent)
        #expect(folders == FuzzTarget.all.map(\.name).sorted())
        for folder in folders {
            let inputs = try files(in: corpus.appending(path: folder))
            #expect(inputs.count >= 10, "\(folder)")
            for input in inputs {
                #expect(try Data(contentsOf: input).count < 1_024, "\(folder)/\(input.lastPathComponent) is small")
            }
        }
    }
}
