import NIOSSL

/// Whose certificates are believed: the system's, or those of a file. They are always checked.
public struct TLSTrust: Sendable {
    public let context: NIOSSLContext

    /// - Parameter file: PEM, with the certificates to trust in place of the system's.
    /// - Throws: one line with the file and what is wrong with it.
    public init(file: String? = nil) throws(TLSTrustFault) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file { configuration.trustRoots = .file(file) }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSTrustFault(description: "\(file ?? ""): no certificates can be read from it (\(error))")
        }
    }
}

public struct TLSTrustFault: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
}
