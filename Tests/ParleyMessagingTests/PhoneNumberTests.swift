import Testing

@testable import ParleyMessaging

@Suite("Numbers that may be texted")
struct PhoneNumberTests {
    @Test(
        "Good numbers",
        arguments: ["+15555550123", "+4915112345678", "+442071838750", "+861234567890123", " +33612345678 "])
    func good(text: String) throws {
        #expect(try PhoneNumber(text).e164 == text.filter { $0 != " " })
    }

    @Test(
        "Others",
        arguments: [
            ("", PhoneNumber.Fault.missing), ("   ", .missing), ("anonymous", .notE164), ("client:alice", .notE164),
            ("911", .shortOrEmergency), ("112", .shortOrEmergency), ("+911", .shortOrEmergency),
            ("72345", .shortOrEmergency),
            ("+1234567", .shortOrEmergency), ("15555550123", .notE164), ("+05555550123", .notE164),
            ("+1234567890123456", .notE164), ("+1555555012", .notE164), ("+11555550123", .notE164),
            ("+19115550123", .shortOrEmergency), ("+19005550123", .notMessageable), ("+18005550123", .notMessageable),
            ("+881612345678", .notMessageable), ("+979123456789", .notMessageable),
            ("+1555 5550123", .notE164), ("+1555555٠123", .notE164), ("++15555550123", .notE164),
        ])
    func bad(text: String, fault: PhoneNumber.Fault) {
        #expect(throws: fault) { try PhoneNumber(text) }
    }

    @Test(
        "A masked number keeps country and last four",
        arguments: [
            ("+15555550123", "+1***0123"), ("+4915112345678", "+49***5678"), ("+353861234567", "+353***4567"),
            ("+79161234567", "+7***4567"), ("anonymous", "***"), ("12345", "***"), ("", "-"),
        ])
    func masked(text: String, shown: String) throws {
        #expect(PhoneNumber.masked(text) == shown)
        if let number = try? PhoneNumber(text) {
            #expect("\(number)" == shown)
            #expect(String(reflecting: number) == shown)
        }
    }
}
