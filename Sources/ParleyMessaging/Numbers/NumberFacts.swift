/// What is known of a number from its digits alone: where it may be, and of what kind it is.
///
/// The seam for a numbering library. `NumberingPlan` is the one that comes with Parley.
public protocol NumberFacts: Sendable {
    /// - Returns: `nil` where no plan that is known holds the number. Callers refuse or wait: nothing may be guessed.
    func region(of number: PhoneNumber) -> NumberRegion?
    /// - Returns: `.ordinary` unless a range says otherwise; that alone does not make a number one that exists.
    func kind(of number: PhoneNumber) -> NumberKind
}

/// Where a number may be: every region and every time zone that its leading digits are given out in.
///
/// A mobile phone keeps its number when its owner moves: this is the best that digits can tell, and never an address.
public struct NumberRegion: Hashable, Sendable {
    /// ISO 3166-1 alpha-2, e.g. `["US"]`, `["GP", "BL", "MF"]`; `XK` for Kosovo, `AC` for Ascension. Never empty.
    public let countries: [String]
    /// ISO 3166-2 where the area code tells it, e.g. `US-FL`; empty elsewhere.
    public let subdivision: String
    /// IANA names, e.g. `["America/New_York", "America/Chicago"]`. One of each set of zones that have kept the same
    /// clock since 2025. Never empty.
    public let zones: [String]

    public init(countries: [String], subdivision: String = "", zones: [String]) {
        self.countries = countries
        self.subdivision = subdivision
        self.zones = zones
    }
}

/// What a range of numbers is for (ITU-T E.164 section 6; the national plans' own classes).
public enum NumberKind: String, Sendable, CaseIterable {
    /// Geographic, mobile, or not told apart.
    case ordinary
    case premium
    case tollFree = "toll_free"
    /// The caller pays part, or an odd tariff.
    case sharedCost = "shared_cost"
    case satellite
    /// Follows a person, whatever that costs.
    case personal
    /// Pagers, voicemail, private networks, machines.
    case service

    /// Whether a text may be sent to it at all.
    public var isMessageable: Bool { self == .ordinary }
}
