/// Telnyx's error codes, as far as they make a difference. Source: Telnyx, "API error codes" and "Messaging error code
/// reference".
///
/// | code | meaning | outcome |
/// | --- | --- | --- |
/// | 10009, 10010 | authentication, authorisation failed | unauthorised |
/// | 10011, 40011, 40318 | too many requests, rate limit, queue full | retry |
/// | 10007, 10008 | unexpected error, time out | ambiguous |
/// | 40300 | blocked due to STOP | refused, opted out |
/// | 10003, 10004, 10014, 10015, 10039 | bad URL, missing parameter, media type, bad request, destination not verified | refused, configuration |
/// | 40305, 40306, 40312, 40314, 40315, 40321, 40329, 40333 | sender, profile, registration or spending limit | refused, configuration |
/// | 10001, 10002, 10016, other 40xxx | 40001 not routable, 40310 bad recipient ... | refused, permanent |
/// | anything else | | by the HTTP status |
enum TelnyxCode {
    static func verdict(_ code: String) -> Verdict? {
        switch Int(code) ?? 0 {
        case 10_009, 10_010: .unauthorised
        case 10_011, 40_011, 40_318: .retry
        case 10_007, 10_008: .ambiguous
        case 40_300: .refused(.optedOut)
        case 10_003, 10_004, 10_014, 10_015, 10_039, 40_305, 40_306, 40_312, 40_314, 40_315, 40_321, 40_329, 40_333:
            .refused(.configuration)
        case 10_001, 10_002, 10_016, 40_000..<41_000: .refused(.permanent)
        default: nil
        }
    }
}

/// Telnyx's states in ours (protocols.md 4.6). `delivery_unconfirmed` is the end of a text of which no receipt came.
enum TelnyxStatus {
    static func state(_ status: String) -> MessageState? {
        switch status {
        case "queued", "sending": .accepted
        case "sent", "delivery_unconfirmed": .sent
        case "delivered", "read": .delivered
        case "sending_failed", "delivery_failed", "expired": .failed
        default: nil
        }
    }
}
