import ParleyCore

/// What will happen, by time; of two things at one time the one that was put in first.
struct EventQueue<Item> {
    private struct Entry {
        var due: CallTime
        var item: Item
    }

    /// The next one last, so that taking it moves nothing.
    private var entries: [Entry] = []

    var nextDue: CallTime? { entries.last?.due }
    var isEmpty: Bool { entries.isEmpty }

    mutating func put(_ item: Item, at due: CallTime) {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].due > due { low = middle + 1 } else { high = middle }
        }
        entries.insert(Entry(due: due, item: item), at: low)
    }

    /// The next one that is due by then.
    mutating func take(at now: CallTime) -> Item? {
        guard let next = entries.last, next.due <= now else { return nil }
        entries.removeLast()
        return next.item
    }

    mutating func removeAll(where isUnwanted: (Item) -> Bool) { entries.removeAll { isUnwanted($0.item) } }
}
