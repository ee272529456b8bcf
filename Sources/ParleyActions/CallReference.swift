/// A short name for a call that can be read out, and is the same whenever it is made.
public enum CallReference {
    /// Six characters, without those that are taken for one another in writing (0 and O) or by ear (B, D, P, T).
    public static func make(callID: String) -> String {
        var rest = fingerprint(callID)
        var reference = ""
        for _ in 0..<6 {
            reference.append(alphabet[Int(rest % UInt64(alphabet.count))])
            rest /= UInt64(alphabet.count)
        }
        return reference
    }

    /// FNV-1a, 64 bits: names a text, proves nothing.
    public static func fingerprint(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // FNV leaves the low bits of short texts alike; one round of mixing spreads them.
        hash ^= hash >> 33
        hash = hash &* 0xff51_afd7_ed55_8ccd
        return hash ^ hash >> 33
    }

    private static let alphabet = Array("2346789ACFHJKMRWXY")
}
