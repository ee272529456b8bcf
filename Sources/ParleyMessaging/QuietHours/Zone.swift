/// A time zone: its IANA name and the rule that tells its clock from UTC.
///
/// The rule is handed in, so that quiet hours can be judged without a zone database.
public struct Zone: Sendable {
    /// E.g. `America/New_York`.
    public let name: String
    private let rule: @Sendable (Int64) -> Int

    /// - Parameter offset: seconds to be added to UTC for the local clock, from seconds since 1970. For every input.
    public init(_ name: String, offset: @escaping @Sendable (_ atUTC: Int64) -> Int) {
        self.name = name
        rule = offset
    }

    /// Seconds east of UTC at this second since 1970.
    public func offset(atUTC second: Int64) -> Int { rule(second) }

    /// The zones of these names; `nil` when one is unknown, since what is not known must close and never open.
    public static func all(named names: [String], in lookUp: (String) -> Zone?) -> [Zone]? {
        var zones: [Zone] = []
        for name in names {
            guard let zone = lookUp(name) else { return nil }
            zones.append(zone)
        }
        return zones
    }
}
