/// Rows of text in columns, two spaces between them.
struct TextTable {
    enum Alignment {
        case left, right
    }
    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ columns: [(String, Alignment)]) { self.columns = columns.map { (title: $0.0, alignment: $0.1) } }

    mutating func add(_ cells: [String]) { rows.append(cells.map(printable)) }

    func render(indent: Int = 0) -> String {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { cells in
            var line = String(repeating: " ", count: indent)
            for (index, cell) in cells.enumerated() {
                let gap = String(repeating: " ", count: widths[index] - cell.count)
                line += columns[index].alignment == .left ? cell + gap : gap + cell
                if index < cells.count - 1 { line += "  " }
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

/// Text that cannot move a terminal's cursor: controls and direction marks become spaces.
func printable(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: out.append(" ")
        default: out.append(scalar)
        }
    }
    return String(out)
}

/// Breaks text between words into lines of at most `width` characters; a longer word is cut.
func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in printable(text).split(separator: " ") {
        var rest = word[...]
        if !line.isEmpty, line.count + 1 + rest.count > width {
            lines.append(line)
            line = ""
        }
        while rest.count > width {
            lines.append(String(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
        line += (line.isEmpty ? "" : " ") + rest
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
}
