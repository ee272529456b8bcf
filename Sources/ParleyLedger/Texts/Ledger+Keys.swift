import Foundation
import GRDB
import ParleyMessaging

extension Ledger {
    /// What signs the ids of our texts in status callbacks: made with the file, and as old as it.
    public func correlationKey() throws -> ProviderSecret {
        try readOnly { db in
            guard let bytes = try Data.fetchOne(db, sql: "SELECT value FROM facts WHERE name = 'correlation_key'")
            else {
                throw LedgerFault.corrupt(path: path)
            }
            return ProviderSecret(bytes.base64EncodedString())
        }
    }
}
