import Foundation
import Testing

@Suite("Links in the documents")
struct LinkTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardized

    private static func pages() -> [URL] {
        let docs = FileManager.default.enumerator(at: root.appending(path: "docs"), includingPropertiesForKeys: nil)
        let inside = (docs?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "md" }
        return inside + ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map { root.appending(path: $0) }
    }

    /// What a link to a heading is called: small letters, hyphens for spaces, no other marks.
    private static func anchors(_ page: String) -> Set<String> {
        var isCode = false
        var names: Set<String> = []
        for line in page.split(separator: "\n") {
            if line.hasPrefix("```") { isCode.toggle() }
            guard !isCode, line.hasPrefix("#") else { continue }
            let title = line.drop { $0 == "#" }.drop { $0 == " " }.lowercased().replacing(" ", with: "-")
            names.insert(title.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        }
        return names
    }

    @Test("Each leads to a file that is there, and to a heading of it")
    func alive() throws {
        let pages = Self.pages()
        #expect(pages.count > 40)
        for page in pages {
            let text = try String(contentsOf: page, encoding: .utf8)
            for match in text.matches(of: #/\]\(([^)\s]+)\)/#) where !match.1.contains("://") {
                let parts = match.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let file =
                    parts[0].isEmpty
                    ? page : page.deletingLastPathComponent().appending(path: String(parts[0])).standardized
                guard FileManager.default.fileExists(atPath: file.path) else {
                    Issue.record("\(page.lastPathComponent): \(match.1) leads nowhere")
                    continue
                }
                guard parts.count > 1, file.pathExtension == "md" else { continue }
                let there = Self.anchors(try String(contentsOf: file, encoding: .utf8))
                #expect(there.contains(String(parts[1])), "\(page.lastPathComponent): \(match.1) has no such heading")
            }
        }
    }

    @Test("Every page is in the list of pages, or on a page of it")
    func listed() throws {
        let docs = Self.root.appending(path: "docs").standardized.path
        var seen: Set<String> = []
        var left = [Self.root.appending(path: "docs/README.md").standardized]
        while let page = left.popLast() {
            guard seen.insert(page.path).inserted else { continue }
            let text = try String(contentsOf: page, encoding: .utf8)
            for match in text.matches(of: #/\]\(([^)\s#]+\.md)[^)]*\)/#) where !match.1.contains("://") {
                let next = page.deletingLastPathComponent().appending(path: String(match.1)).standardized
                if next.path.hasPrefix(docs), FileManager.default.fileExists(atPath: next.path) { left.append(next) }
            }
        }
        for page in Self.pages() where page.path.hasPrefix(docs) {
            #expect(seen.contains(page.standardized.path), "\(page.lastPathComponent) is linked from nowhere")
        }
    }
}
