import Testing

@testable import ParleyNetwork

@Suite("Addresses")
struct NetworkAddressTests {
    @Test(
        "Only this machine's own names are it",
        arguments: [
            ("http://localhost/", true), ("http://127.0.0.1:8080/v1", true), ("http://127.1.2.3/", true),
            ("http://[::1]/", true), ("http://127.evil.example/", false), ("http://127.0.0.1.evil.example/", false),
            ("http://127.0.0.1x/", false), ("http://127.0.0/", false), ("http://10.0.0.1/", false),
            ("http://localhost.evil.example/", false),
        ])
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try NetworkAddress(text, schemes: [.http]).isLoopback == isLoopback)
    }
}
