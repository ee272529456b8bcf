/// Whether a text may arrive now, and when it may if not: quiet hours at the recipient's place.
///
/// Pure: the time and the zones are handed in. A number may be in several zones; all of them must be open.
/// Source: 47 CFR 64.1200(c)(1), which counts hours "local time at the called party's location".
public struct QuietHours: Equatable, Sendable {
    public var window: QuietWindow
    /// Holds for marketing in addition to `window`.
    public var marketingWindow: QuietWindow
    /// Stricter windows of places. They can narrow, never widen.
    public var regional: [Regional]
    /// A text that is asked for in the live call goes at any hour; marketing never does.
    public var isInCallExempt: Bool

    public init(
        window: QuietWindow = .standard, marketingWindow: QuietWindow = .marketing, regional: [Regional] = [],
        isInCallExempt: Bool = true
    ) {
        self.window = window
        self.marketingWindow = marketingWindow
        self.regional = regional
        self.isInCallExempt = isInCallExempt
    }

    /// A place's own windows, one of which must be open: 9:00 to 21:00 on six days, say, and 12:00 to 21:00 on Sundays.
    public struct Regional: Equatable, Sendable {
        /// ISO 3166-1 or 3166-2: `US`, `US-FL`.
        public var place: String
        public var windows: [QuietWindow]
        public var isForMarketingOnly: Bool

        public init(place: String, windows: [QuietWindow], isForMarketingOnly: Bool = false) {
            self.place = place
            self.windows = windows
            self.isForMarketingOnly = isForMarketingOnly
        }
    }

    public enum Decision: Equatable, Sendable {
        case open
        /// `opensAt`: UTC milliseconds since 1970, the first instant at which all zones are open; `nil` when none comes
        /// within `horizon` (a weekend without texts is longer), or the place is unknown: look again after `horizon`.
        case closed(opensAt: Int64?)
    }

    /// How far ahead an opening is looked for, in seconds.
    public static let horizon: Int64 = 48 * 3_600
    /// Instants outside are closed, in seconds since 1970: the years 1 to 9999.
    static let knownTime: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
    /// No place's clock is further from UTC, in seconds; a rule that says so is not believed.
    static let knownOffsets = -26 * 3_600...26 * 3_600
    /// More zones than any country has; a longer list is not believed either.
    static let maxZones = 64

    /// - Parameters:
    ///   - now: UTC milliseconds since 1970.
    ///   - region: where the recipient may be; `nil`, if nobody knows, closes.
    ///   - zoneNamed: the zone of that name; `nil`, if it is unknown, closes.
    public func decide(
        at now: Int64, region: NumberRegion?, purpose: ConsentPurpose, isInCallRequest: Bool,
        zoneNamed: (String) -> Zone?
    ) -> Decision {
        let zones = region.flatMap { Zone.all(named: $0.zones, in: zoneNamed) } ?? []
        let places = region.map { $0.countries + [$0.subdivision] } ?? []
        return decide(at: now, zones: zones, places: places, purpose: purpose, isInCallRequest: isInCallRequest)
    }

    /// - Parameters:
    ///   - now: UTC milliseconds since 1970.
    ///   - zones: every zone that the recipient may be in; none closes.
    ///   - places: ISO 3166 codes, for the stricter windows.
    public func decide(
        at now: Int64, zones: [Zone], places: [String] = [], purpose: ConsentPurpose, isInCallRequest: Bool
    ) -> Decision {
        if isInCallExempt, isInCallRequest, purpose != .marketing { return .open }
        // Clocks and windows change at full seconds only.
        let second = now / 1_000 - (now % 1_000 < 0 ? 1 : 0)
        guard Self.knownTime.contains(second), (1...Self.maxZones).contains(zones.count) else {
            return .closed(opensAt: nil)
        }
        let windows = windows(places: places, purpose: purpose)
        let span = second..<second + Self.horizon + 1
        var open = [span]
        for zone in zones {
            guard let hours = OpenHours.of(zone, windows: windows, within: span) else { return .closed(opensAt: nil) }
            open = OpenHours.common(open, hours)
        }
        guard let first = open.first else { return .closed(opensAt: nil) }
        return first.lowerBound == second ? .open : .closed(opensAt: first.lowerBound * 1_000)
    }

    /// Of each group one window must be open.
    private func windows(places: [String], purpose: ConsentPurpose) -> [[QuietWindow]] {
        let isMarketing = purpose == .marketing
        let own = regional.filter { places.contains($0.place) && (isMarketing || !$0.isForMarketingOnly) }
        return [[window]] + (isMarketing ? [[marketingWindow]] : []) + own.map(\.windows)
    }
}
