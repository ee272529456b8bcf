import Crypto
import Foundation
import GRDB

/// Names people by a keyed hash of their number, which says who they are to nobody and stays when they are erased.
struct Subjects: Sendable {
    /// What stands in a number's place once it is erased begins so; no telephone number does.
    static let prefix = "erased:"
    private let key: SymmetricKey

    init(_ db: Database) throws {
        guard let bytes = try Data.fetchOne(db, sql: "SELECT value FROM facts WHERE name = 'subject_key'") else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        key = SymmetricKey(data: bytes)
    }

    /// 32 hexadecimal digits; of what is a hash already, that.
    ///
    /// - Parameter number: E.164, or what stands in its place.
    func hash(_ number: String) -> String {
        if number.hasPrefix(Self.prefix) { return String(number.dropFirst(Self.prefix.count)) }
        let code = HMAC<SHA256>.authenticationCode(for: Data(number.utf8), using: key)
        return code.prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
