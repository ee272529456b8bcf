/// The Messages API's error codes, as far as they make a difference. Source: Vonage, "API errors: Messages API".
///
/// | code | meaning | outcome |
/// | --- | --- | --- |
/// | 1000, 1241, `throttled` | too fast | retry |
/// | 1100 | not submitted: communication failed | retry |
/// | 1030, 1230, `internal-error` | fault of Vonage's or of the network | ambiguous |
/// | 1320 | already sent | ambiguous |
/// | 1060, 1070, 1110, `unauthorized`, `forbidden`, `low-balance` | account barred, no credit, bad signature | unauthorised |
/// | 1240 | the recipient said STOP | refused, opted out |
/// | 1010, 1020 to 1022, 1080, 1090, 1120, 1130, 1140, 1150, 1160, 1340 | parameter, sender, facility, destination list, window | refused, configuration |
/// | other 1xxx | 1040 bad number, 1050 barred, 1170, 1190, 1250, 1260, 1280, 1300 ... | refused, permanent |
/// | anything else | | by the HTTP status |
enum VonageCode {
    static func verdict(_ code: String) -> Verdict? {
        switch code {
        case "throttled": return .retry
        case "internal-error": return .ambiguous
        case "unauthorized", "forbidden", "low-balance": return .unauthorised
        default: break
        }
        return switch Int(code) ?? 0 {
        case 1_000, 1_100, 1_241: .retry
        case 1_030, 1_230, 1_320: .ambiguous
        case 1_060, 1_070, 1_110: .unauthorised
        case 1_240: .refused(.optedOut)
        case 1_010, 1_020...1_022, 1_080, 1_090, 1_120, 1_130, 1_140, 1_150, 1_160, 1_340: .refused(.configuration)
        case 1_000..<2_000: .refused(.permanent)
        default: nil
        }
    }
}

/// Vonage's states in ours. `submitted`: handed on to a carrier. `undeliverable`: no carrier could be reached.
enum VonageStatus {
    static func state(_ status: String) -> MessageState? {
        switch status {
        case "submitted": .sent
        case "delivered", "read": .delivered
        case "rejected", "undeliverable": .failed
        default: nil
        }
    }
}
