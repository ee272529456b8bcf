import Foundation

/// The machine's time zones, by Foundation.
public enum ZoneOffsets {
    /// - Returns: `nil` for a name that is unknown here.
    public static func zone(named name: String) -> Zone? {
        // Foundation takes abbreviations and offsets as well ("EST", "GMT+5"), which no plan lists: a name has an area.
        guard name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
        return Zone(name) { zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval($0))) }
    }
}
