import ParleyMessaging
import Testing

@Suite("What texts come from")
struct SenderAddressTests {
    private static let service = "MG0123456789abcdef0123456789abcdef"
    private static let profile = "123e4567-e89b-12d3-a456-426614174000"

    @Test(
        "The form tells what it is",
        arguments: [
            ("+12125550100", .number("+12125550100")), ("+18885550100", .number("+18885550100")),
            (service, .service(service)), (profile, .profile(profile)),
            ("whatsapp:+12125550100", .chat("whatsapp:+12125550100")),
            ("rcs:bright_smile_agent", .chat("rcs:bright_smile_agent")),
            ("12345", .shortCode("12345")), ("BrightSmile", .name("BrightSmile")), ("B&B 24", .name("B&B 24")),
            ("", nil), ("12", nil), ("123456789", nil), ("+02125550100", nil), ("+1212555", nil),
            ("+1 212 555 0100", nil), ("whatsapp:12125550100", nil), ("rcs:", nil), ("MG01", .name("MG01")),
            ("Bright Smile Dental", nil), ("Zähne", nil), (" Smile", nil), ("+1-212-555", .none),
        ] as [(String, SenderAddress?)])
    func forms(text: String, address: SenderAddress?) {
        #expect(SenderAddress(text) == address)
    }

    @Test(
        "Not every provider has every kind of sender",
        arguments: [
            ("+12125550100", [.twilio, .telnyx, .vonage, .webhook, .recordOnly]),
            (service, [.twilio, .webhook, .recordOnly]),
            (profile, [.telnyx, .webhook, .recordOnly]),
            ("whatsapp:+12125550100", [.twilio, .webhook, .recordOnly]),
            ("BrightSmile", [.twilio, .telnyx, .vonage, .webhook, .recordOnly]),
        ] as [(String, [Channel.Provider])])
    func providers(text: String, providers: [Channel.Provider]) throws {
        let address = try #require(SenderAddress(text))
        #expect(Channel.Provider.allCases.filter(address.suits) == providers)
    }
}
