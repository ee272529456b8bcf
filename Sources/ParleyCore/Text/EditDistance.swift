/// How many letters must change to make one word the other: for "did you mean" and for near hearing.
public enum EditDistance {
    /// Insertions, deletions, substitutions and swaps of neighbours; `nil` where more than `limit`.
    ///
    /// Words beyond 64 characters are not compared.
    public static func between(_ left: String, _ right: String, atMost limit: Int) -> Int? {
        let (a, b) = (Array(left.utf8), Array(right.utf8))
        guard a.count <= 64, b.count <= 64, abs(a.count - b.count) <= limit else { return nil }
        var older: [Int] = []
        var old = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(old[j + 1] + 1, row[j] + 1, old[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            older = old
            old = row
        }
        return old[b.count] <= limit ? old[b.count] : nil
    }

    /// The nearest of `names`, where one is near enough to be what was meant.
    public static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        let limit = word.count <= 2 ? 0 : word.count <= 4 ? 1 : word.count <= 8 ? 2 : 3
        return
            names
            .compactMap { name in between(word, name, atMost: limit).map { (name, $0) } }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }
}
