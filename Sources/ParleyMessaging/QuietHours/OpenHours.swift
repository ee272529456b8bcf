/// When windows are open in a zone, as stretches of UTC seconds: in order, each without its end.
enum OpenHours {
    /// A change of the clock is found when no other undoes it within this time, in seconds; the tz database has no two
    /// within an hour.
    static let step: Int64 = 3_600
    /// A clock that changes oftener within a span is not to be believed.
    static let maxChanges = 8

    /// - Parameter span: two days or so; work grows with it.
    /// - Returns: `nil` when the zone's rule is not to be believed.
    static func of(_ zone: Zone, windows: [[QuietWindow]], within span: Range<Int64>) -> [Range<Int64>]? {
        var open: [Range<Int64>] = []
        var from = span.lowerBound
        var changes = 0
        while from < span.upperBound {
            let offset = zone.offset(atUTC: from)
            guard QuietHours.knownOffsets.contains(offset), changes <= maxChanges else { return nil }
            changes += 1
            let until = change(of: zone, after: from, before: span.upperBound)
            append(windows, offset: Int64(offset), from..<until, to: &open)
            from = until
        }
        return open
    }

    /// What is in both.
    static func common(_ left: [Range<Int64>], _ right: [Range<Int64>]) -> [Range<Int64>] {
        var both: [Range<Int64>] = []
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            let overlap = left[i].clamped(to: right[j])
            if !overlap.isEmpty { both.append(overlap) }
            if left[i].upperBound < right[j].upperBound { i += 1 } else { j += 1 }
        }
        return both
    }

    /// The first second with another offset than `start`'s; `end` where there is none.
    private static func change(of zone: Zone, after start: Int64, before end: Int64) -> Int64 {
        let offset = zone.offset(atUTC: start)
        var same = start
        while same < end {
            var other = min(same + step, end)
            guard zone.offset(atUTC: other) != offset else {
                same = other
                continue
            }
            while other - same > 1 {
                let middle = same + (other - same) / 2
                if zone.offset(atUTC: middle) == offset { same = middle } else { other = middle }
            }
            return other
        }
        return end
    }

    /// Within a stretch of one offset the local clock runs evenly, so each window of a local day is one stretch of UTC.
    private static func append(
        _ windows: [[QuietWindow]], offset: Int64, _ stretch: Range<Int64>, to open: inout [Range<Int64>]
    ) {
        let length = Int64(QuietWindow.secondsInDay)
        var day = floorDivide(stretch.lowerBound + offset, length)
        let last = floorDivide(stretch.upperBound - 1 + offset, length)
        while day <= last {
            let midnight = day * length - offset
            let today = windows.reduce([0..<length]) { common($0, QuietWindow.hours($1, day: day)) }
            for hours in today {
                let there = (midnight + hours.lowerBound..<midnight + hours.upperBound).clamped(to: stretch)
                if !there.isEmpty { open.append(there) }
            }
            day += 1
        }
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        value >= 0 ? value / by : -((-value + by - 1) / by)
    }
}
