import Testing

@testable import ParleyMessaging

@Suite("Where numbers are, and of what kind")
struct NumberingPlanTests {
    private let plan = NumberingPlan.standard

    @Test("Every row of the tables is read, and no prefix stands twice")
    func tables() {
        #expect(plan.malformed == 0)
        #expect(plan.regions.keys.filter { (1_000...1_999).contains($0) }.count == 455)
        for region in plan.regions.values {
            #expect(!region.countries.isEmpty && !region.zones.isEmpty)
            #expect(region.countries.allSatisfy { $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isUppercase } })
            #expect(Set(region.zones).count == region.zones.count)
        }
    }

    @Test("Every zone in the tables is known to this machine")
    func zones() {
        for zone in Set(plan.regions.values.flatMap(\.zones)) {
            #expect(ZoneOffsets.zone(named: zone) != nil, "\(zone)")
        }
    }

    @Test("Rows that cannot be read are counted, and the others are kept")
    func malformed() throws {
        let plan = NumberingPlan(
            northAmerica: "US-NY New_York: 212 21 x12 212\nnonsense\nUS New_York:\n\n# a comment",
            countries: "49 DE Europe/Berlin\n49 DE Europe/Berlin\n0 XX Europe/Berlin\n44 GB",
            kinds: "49 premium 900 900/x\n49 dear 137\n49 premium")
        #expect(plan.malformed == 11)
        #expect(plan.regions.count == 2)
        #expect(plan.kinds.count == 1)
    }

    @Test(
        "Numbers of each continent, of the Caribbean, and of places within another's code",
        arguments: [
            ("+12125550123", "US US-NY America/New_York"), ("+13125550123", "US US-IL America/Chicago"),
            ("+19075550123", "US US-AK America/Anchorage America/Adak"),
            ("+18085550123", "US US-HI Pacific/Honolulu"), ("+16025550123", "US US-AZ America/Phoenix"),
            ("+14165550123", "CA CA-ON America/Toronto"), ("+17095550123", "CA CA-NL America/St_Johns America/Halifax"),
            ("+18765550123", "JM America/Jamaica"), ("+18095550123", "DO America/Santo_Domingo"),
            ("+12465550123", "BB America/Barbados"), ("+14415550123", "BM Atlantic/Bermuda"),
            ("+17875550123", "PR America/Puerto_Rico"), ("+16715550123", "GU Pacific/Guam"),
            ("+442079460123", "GB Europe/London"), ("+447797123456", "JE Europe/Jersey"),
            ("+447624123456", "IM Europe/Isle_of_Man"), ("+4915112345678", "DE Europe/Berlin"),
            ("+34612345678", "ES Europe/Madrid Atlantic/Canary"), ("+77011234567", "KZ Asia/Almaty"),
            (
                "+61412345678",
                "AU Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Darwin Australia/Lord_Howe "
                    + "Australia/Perth Australia/Eucla"
            ),
            ("+61891641234", "CX Indian/Christmas"), ("+62812345678", "ID Asia/Jakarta Asia/Makassar Asia/Jayapura"),
            ("+919812345678", "IN Asia/Kolkata"), ("+9779812345678", "NP Asia/Kathmandu"),
            ("+27821234567", "ZA Africa/Johannesburg"), ("+2348031234567", "NG Africa/Lagos"),
            ("+590690123456", "GP BL MF America/Guadeloupe"), ("+5999123456", "CW America/Curacao"),
            ("+12995550123", "nowhere"), ("+15555550123", "nowhere"), ("+2101234567", "nowhere"),
        ])
    func regions(number: String, expected: String) throws {
        let region = try plan.region(of: PhoneNumber(number))
        let words = region.map { $0.countries + ($0.subdivision.isEmpty ? [] : [$0.subdivision]) + $0.zones }
        #expect(words?.joined(separator: " ") ?? "nowhere" == expected)
    }

    @Test(
        "Ranges that cost, or reach nobody's phone",
        arguments: [
            ("+12129760123", NumberKind.premium), ("+15005550123", .personal), ("+17105550123", .service),
            ("+447012345678", .personal), ("+449098790123", .premium), ("+448451234567", .sharedCost),
            ("+448001234567", .tollFree), ("+447640123456", .service), ("+447624123456", .ordinary),
            ("+447400123456", .ordinary), ("+499001234567", .premium), ("+491371234567", .premium),
            ("+491801234567", .sharedCost), ("+4915112345678", .ordinary), ("+4916212345678", .ordinary),
            ("+33891123456", .premium), ("+33612345678", .ordinary), ("+34803123456", .premium),
            ("+34901123456", .sharedCost), ("+34612345678", .ordinary), ("+34619761234", .ordinary),
            ("+816012345678", .ordinary), ("+39899123456", .premium),
            ("+393123456789", .ordinary), ("+61190012345", .premium), ("+61147123456", .satellite),
            ("+61412345678", .ordinary), ("+3531520123456", .premium), ("+35315201234", .ordinary),
            ("+81990123456", .premium), ("+819012345678", .ordinary), ("+919812345678", .ordinary),
        ])
    func kinds(number: String, kind: NumberKind) throws {
        #expect(try plan.kind(of: PhoneNumber(number)) == kind)
        #expect(kind.isMessageable == (kind == .ordinary))
    }
}
