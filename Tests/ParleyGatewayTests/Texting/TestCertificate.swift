import NIOSSL

/// A certificate of `localhost` that nobody knows, and its key. Good from 2020 to 2120; of use for nothing else.
enum TestCertificate {
    static func context() throws -> NIOSSLContext {
        let key = try NIOSSLPrivateKey(bytes: Array(Self.key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try roots().map { .certificate($0) }, privateKey: .privateKey(key)))
    }

    static func roots() throws -> [NIOSSLCertificate] {
        try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
    }

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBczCCARqgAwIBAgIUM/KtuviNG3ef+img0emUeIxpuh8wCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx
        MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAT0G/8CGdAj4Pql8QgK2pnzec7f8UrVZvS92R4FSFR0mwSGz9l5G7On
        gYULhYFdekVgLph5b8l4k0SAPKfrG/aKo0gwRjAUBgNVHREEDTALgglsb2NhbGhv
        c3QwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUVxXYc5X1ocCqdEISjaZNE9bc
        1TcwCgYIKoZIzj0EAwIDRwAwRAIgfQ00/3wNISDYG20vSZ/P2gUW9RbP97mmY6Ls
        FvtENrECIBt3PBmMvCpwifIr+hLVAzY/cegqdUYI8WGfMZlR/74G
        -----END CERTIFICATE-----
        """
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqNPYRlRBtXO9JB53
        ZpiaRZQawaAKNBkIQwMo9jSV5vKhRANCAAT0G/8CGdAj4Pql8QgK2pnzec7f8UrV
        ZvS92R4FSFR0mwSGz9l5G7OngYULhYFdekVgLph5b8l4k0SAPKfrG/aK
        -----END PRIVATE KEY-----
        """
}
