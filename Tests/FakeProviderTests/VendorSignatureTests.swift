import Foundation
import ParleyMessaging
import Testing

/// Webhooks that the vendors' own packages signed and judged, by scripts/provider_signatures.py.
@Suite(
    "Webhooks signed by the vendors' own packages",
    .enabled(
        if: VendorSigner.python != nil,
        "PARLEY_PROVIDER_PYTHON names no interpreter; scripts/provider-python.sh makes one"),
    .timeLimit(.minutes(3)))
struct VendorSignatureTests {
    @Test("Parley believes what they believe, and nothing else")
    func verdicts() async throws {
        let lines = try await VendorSigner.lines(count: 100)
        var counts: [String: Int] = [:]
        var others: [String] = []
        for line in lines {
            await Task.yield()
            let webhook = ProviderWebhook(
                url: line.url, headers: line.headers.map { HTTPHeader($0[0], $0[1]) },
                body: Array(try #require(Data(base64Encoded: line.body))))
            let format: any ProviderFormat =
                switch line.provider {
                case "twilio":
                    TwilioFormat(
                        account: "AC0a1b2c3d4e5f60718293a4b5c6d7e8f9", secret: ProviderSecret("fake"),
                        signingTokens: [ProviderSecret("another"), ProviderSecret(line.key)])
                default: try TelnyxFormat(apiKey: ProviderSecret("fake"), publicKeys: [line.key])
                }
            let refusal = format.refusal(of: webhook, at: line.now * 1_000)
            if (refusal == nil) != line.valid {
                others.append("\(line.what): \(refusal?.rawValue ?? "believed") at \(line.url)")
            }
            counts["\(line.provider), \(line.valid ? "good" : "bad")", default: 0] += 1
        }
        #expect(others.isEmpty, "\(others.count) judged otherwise, as \(others.prefix(5))")
        for name in ["twilio, good", "twilio, bad", "telnyx, good", "telnyx, bad"] {
            #expect(counts[name, default: 0] >= 100, "\(name): \(counts[name, default: 0])")
        }
    }
}

enum VendorSigner {
    struct Line: Decodable {
        let provider, what, url, body, key: String
        let headers: [[String]]
        let now: Int64
        let valid: Bool
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// The interpreter that has their packages. One that is named and not there is a failure.
    static let python = ProcessInfo.processInfo.environment["PARLEY_PROVIDER_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }

    static func lines(count: Int) async throws -> [Line] {
        try await withCheckedThrowingContinuation { continuation in
            // Takes seconds: not on a thread that other tests need.
            DispatchQueue.global().async { continuation.resume(with: Result { try run(count) }) }
        }
    }

    private static func run(_ count: Int) throws -> [Line] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python ?? "")
        process.arguments = [
            root.appending(path: "scripts/provider_signatures.py").path, "--count", String(count),
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "provider_signatures.py ended with \(process.terminationStatus)")
        }
        return try data.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Line.self, from: $0) }
    }
}
