import Foundation

/// What the pages for an application's author show.
enum RelayPages {
    static func text(_ name: String) throws -> String {
        let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs").standardized
        return try String(contentsOf: docs.appending(path: name), encoding: .utf8)
    }

    /// A page's blocks of code in a language, below a heading where one is named.
    static func blocks(_ language: String, of name: String, below heading: String? = nil) throws -> [String] {
        var page = try text(name)[...]
        if let heading {
            guard let place = page.range(of: "\n\(heading)\n") else { return [] }
            page = page[place.upperBound...]
            if let next = page.range(of: "\n## ") { page = page[..<next.lowerBound] }
        }
        return page.components(separatedBy: "```\(language)\n").dropFirst().compactMap { block in
            block.range(of: "```").map { String(block[..<$0.lowerBound]) }
        }
    }

    /// The messages of a page's blocks of JSON. A line that begins with a blank goes on with the one before.
    static func messages(of name: String, below heading: String) throws -> [String] {
        try blocks("json", of: name, below: heading).flatMap { block in
            block.replacingOccurrences(of: #"\n +"#, with: "", options: .regularExpression)
                .split(separator: "\n").map(String.init)
        }
    }
}
