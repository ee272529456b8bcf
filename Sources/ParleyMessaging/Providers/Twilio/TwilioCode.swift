/// Twilio's error codes, as far as they make a difference (protocols.md 3.6).
///
/// | code | meaning | outcome |
/// | --- | --- | --- |
/// | 20003 | bad credentials | unauthorised |
/// | 20005, 30002 | account not active, suspended | unauthorised |
/// | 20429, 30001 | too many requests, queue full | retry |
/// | 20500, 20503 | Twilio's own fault | ambiguous |
/// | 21610 | recipient opted out | refused, opted out |
/// | 21212, 21606, 21659 | sender invalid, cannot text, not ours | refused, configuration |
/// | 21408, 21608 | region not enabled, trial account | refused, configuration |
/// | 21602, 21609, 21620 | body missing, bad callback URL, bad media | refused, configuration |
/// | 20404 | no such account or path | refused, configuration |
/// | 30034 | sender not registered | refused, configuration |
/// | other 21xxx, 30xxx | 21211 bad number, 21612 not routable, 21614 not a mobile, 21617 too long ... | refused, permanent |
/// | anything else | | by the HTTP status |
enum TwilioCode {
    static func verdict(_ code: String) -> Verdict? {
        switch Int(code) ?? 0 {
        case 20_003, 20_005, 30_002: .unauthorised
        case 20_429, 30_001: .retry
        case 20_500, 20_503: .ambiguous
        case 21_610: .refused(.optedOut)
        case 21_212, 21_606, 21_659, 21_408, 21_608, 21_602, 21_609, 21_620, 20_404, 30_034:
            .refused(.configuration)
        case 21_000..<22_000, 30_000..<31_000: .refused(.permanent)
        default: nil
        }
    }
}

/// Twilio's states in ours (protocols.md 3.3). Those of inbound texts, and new ones, are none.
enum TwilioStatus {
    static func state(_ status: String) -> MessageState? {
        switch status {
        case "accepted", "scheduled", "queued", "sending": .accepted
        case "sent", "partially_delivered": .sent
        case "delivered", "read": .delivered
        case "undelivered", "failed", "canceled": .failed
        default: nil
        }
    }
}
