import Testing

@testable import ParleyMessaging

@Suite("What must not travel by text")
struct SensitiveDataTests {
    private let rules = SensitiveData(words: ["Falcon Ridge", "ward 7", "機密"])

    /// Numbers that networks publish for tests.
    @Test(
        "Payment cards",
        arguments: [
            "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111",
            "5555 5555 5555 4444",
            "2223003122003222", "3782 822463 10005", "378282246310005", "6011 1111 1111 1117", "3530111333300000",
            "30569309025904", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "6304000000000000", "4222222222222",
            "4111\u{200B}1111 1111\u{A0}1111", "４１１１１１１１１１１１１１１１", "card:4111111111111111, exp. 12/29",
            "We charged 4111 1111 1111 1111 12 29 today.", "12 4111 1111 1111 1111", "(5105105105105100)",
            "\u{664}" + String(repeating: "\u{661}", count: 15),
        ])
    func cards(text: String) { #expect(rules.kinds(in: text) == [.cardNumber]) }

    @Test(
        "Social security numbers",
        arguments: [
            "123-45-6789", "SSN 123-45-6789.", "ssn: 078 05 1120", "#219-09-9999", "My number is 899.12.3456!",
            "(457-55-5462)", "987-65-4320",
        ])
    func socialSecurity(text: String) { #expect(rules.kinds(in: text) == [.socialSecurityNumber]) }

    @Test(
        "Bank accounts",
        arguments: [
            "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "pay to GB82 WEST 1234 5698 7654 32 please",
            "gb82west12345698765432", "NO93 8601 1117 947", "FR14 2004 1010 0505 0001 3M02 606",
            "IBAN:NL91ABNA0417164300.", "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
        ])
    func accounts(text: String) { #expect(rules.kinds(in: text) == [.accountNumber]) }

    @Test(
        "Passwords, PINs and one-time codes",
        arguments: [
            "Your password is hunter2", "your PASSWORD is: correcthorse", "Password: Sunshine", "password=letmein",
            "Your new password for the portal is tulips", "PIN: 1234", "Your PIN is 0042.", "pin 4821 opens the safe",
            "PIN code: 90210", "Your verification code is 482913", "482913 is your verification code",
            "482913 is your Riverside login code.", "One-time code: 4821", "Your one time passcode is 778812",
            "security code 991", "Security code: 991", "OTP 55812", "CVV: 123", "Your code is 482913",
            "Passwort: Sommer24",
            "Su contraseña es girasol", "Votre mot de passe est soleil", "use password tulip44 to log in",
            "Your p\u{200B}assword is hunter2",
        ])
    func secrets(text: String) {
        // "security code 991" without a colon is three digits of anything.
        #expect(rules.kinds(in: text) == (text == "security code 991" ? [] : [.secret]))
    }

    @Test(
        "Health, as whole words",
        arguments: [
            ("Your HIV test", true), ("the diagnosis: see Dr. Lee", true), ("PREGNANCY class", true), ("hív", true),
            ("hive", false), ("cancelled", false), ("cancer", true), ("achieving", false),
        ])
    func health(text: String, isFound: Bool) { #expect(rules.kinds(in: text) == (isFound ? [.health] : [])) }

    @Test(
        "The operator's own words",
        arguments: [
            ("at falcon ridge.", true), ("FALCON-RIDGE", false), ("falcon, ridge", true), ("Falcon", false),
            ("Falcon Ridges", false), ("Ward 7", true), ("ward 71", false), ("これは機密です", true),
        ])
    func configured(text: String, isFound: Bool) { #expect(rules.kinds(in: text) == (isFound ? [.configured] : [])) }

    @Test("Words can be left out, and several kinds are all named")
    func several() {
        #expect(SensitiveData(healthWords: []).kinds(in: "Your HIV test") == [])
        #expect(
            rules.kinds(in: "PIN: 1234, card 4111111111111111, Falcon Ridge")
                == [.cardNumber, .secret, .configured])
    }

    static let confirmations = [
        "Hi, your booking is confirmed! Reference: BK-204815. Reply to this message if you need to make changes.",
        "Riverside Dental: your cleaning is booked for Tuesday, March 3 at 3 p.m. with Dr. Lee. Reply STOP to opt out",
        "Your order 4006381333931 ships tomorrow.", "Order 1234567890123456 is ready.",
        "Ticket 4111111111111112 is open.",
        "Reference 4111-1111-1111-1112", "Tracking: 9400 1000 0000 0000 0000 00", "Tracking 1Z999AA10123456784",
        "Call (212) 555-0123 or +1 212 555 0123.", "Call 415-555-0123, 415.555.0199 or 1-800-555-0199",
        "+442079460958", "Tel. +49 30 901820, +33 1 23 45 67 89", "Call us on 020 7946 0958 or 0161 496 0000",
        "+378282246310005 is a number, not a card", "2026-10-12 14:30", "10/12/2026 2:30 PM - 3:15 PM",
        "Oct 12, 13, 14 and 15, 2026", "12.10.2026, 14.30 Uhr", "Total $1,234.56, deposit $200.00", "1 234 567,89 EUR",
        "350 Fifth Avenue, Suite 4012, New York, NY 10118-0110", "Unit 12, 1455 Market St, San Francisco 94103",
        "Rooms 101 102 103 104 105 106 107", "ZIP 10001-1234", "Order BK-123-45-6789", "Case 2026-123-45-6789",
        "Part 123-45-67890", "000-12-3456", "666-12-3456", "123-00-4567", "Invoice 123-45-678", "1-123-45-6789",
        "Your confirmation code is BK-204815", "Confirmation code: 204815", "Booking code 7F3K2Q",
        "The door code is 4821", "Gate code: 4821#", "Use promo code SAVE20", "Your code is SAVE20 percent",
        "Forgot your password? Reset it at https://clinic.example/reset", "Your password is ready to be reset.",
        "Your password has expired.", "Your password is required at the desk.",
        "Password reset: https://clinic.example/r",
        "Password reset link: www.clinic.example", "Never share your password or PIN with anyone.",
        "Please bring your PIN.", "Pin 3 photos to the board", "Your tax ID form is attached.",
        "The spinning class is at 6.",
        "We will verify your ID. 2 forms needed.", "Security deposit is $1200", "Spray tan: 30 min",
        "Your visit: 12 March. Cost: 120.", "Wi-Fi login at desk 4", "Parking code P12 is valid until 18:00",
        "AT10 then will call back", "Ref. DE88370400440532013000", "Code gb82 west 1234 5698 7654 33",
        "Flight BA2490 at 10:45, gate B32", "Room GB82 is free", "Seat 14A, boarding 09:10",
        "Your appointment with Oncall Dental is at 4", "Please arrive 15 minutes early and bring your insurance card.",
        "Your card ending in 1111 was charged $45.00.", "Card **** **** **** 1111", "Visa x1111",
        "We moved your 10:00 to 11:00 on 11-12-2026.", "ISBN 978-3-16-148410-0", "EAN 5901234123457",
        "Unix time 1767225600000", "Meter reading 0123 4567 89", "https://clinic.example/b/204815?t=1530",
        "Your stay: 3 nights, 2 guests, 1 room, 4 meals", "Lot 7, Block 12, Section 3", "Vet visit for Bella, age 7",
        "Your test on Monday is at 8:30, please fast from midnight.", "Score 4-6-7 6-4-7", "IP ticket 10.20.30.40",
        "Votre rendez-vous est confirmé : mardi 3 mars à 15 h 30. Réf. 482913", "Su cita es el 12 de marzo a las 10:30",
        "Ihr Termin ist am 12.03.2026 um 10:30 Uhr. Nr. 482913", "ご予約は3月12日10時30分です。番号482913",
    ]

    @Test("Ordinary confirmations hold nothing of the kind", arguments: SensitiveDataTests.confirmations)
    func nothing(text: String) { #expect(rules.kinds(in: text) == []) }

    @Test("Any text is read, in time that grows with its length")
    func long() {
        for piece in ["4", "4 ", "1234-", "DE89 ", "password ", "is ", "123-45-6789 1", "a", "\u{301}", "PIN: "] {
            _ = rules.kinds(in: String(repeating: piece, count: 20_000))
        }
        for value in HostileValues.all { _ = rules.kinds(in: value) }
        #expect(rules.kinds(in: "") == [])
    }
}
