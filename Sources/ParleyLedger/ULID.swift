/// A universally unique, sortable id: 48 bits of UTC milliseconds and 80 random bits in 26 letters and digits of
/// Crockford's base 32. Our own ids of calls, consents and messages; safe as a file name.
public enum ULID {
    /// - Parameter time: UTC milliseconds since 1970.
    public static func make(at time: Int64) -> String {
        var random = SystemRandomNumberGenerator()
        return make(at: time, using: &random)
    }

    public static func make<R: RandomNumberGenerator>(at time: Int64, using random: inout R) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        var letters = [UInt8](repeating: 0, count: 26)
        let moment = UInt64(clamping: time) & 0xFFFF_FFFF_FFFF
        for index in 0..<10 { letters[index] = alphabet[Int(moment >> UInt64(45 - 5 * index) & 31)] }
        let high = random.next()
        let low = random.next()
        for index in 0..<8 {
            letters[10 + index] = alphabet[Int(high >> UInt64(5 * index) & 31)]
            letters[18 + index] = alphabet[Int(low >> UInt64(5 * index) & 31)]
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
