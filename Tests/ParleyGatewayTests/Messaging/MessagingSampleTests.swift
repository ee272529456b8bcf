import Foundation
import ParleyActions
import ParleyGateway
import ParleyMessaging
import Testing

@Suite("The messaging files in the documentation")
struct MessagingSampleTests {
    private static let secrets = [
        "TWILIO_AUTH_TOKEN": "one", "TELNYX_API_KEY": "one",
        "TELNYX_PUBLIC_KEY": "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=", "VONAGE_API_SECRET": "one",
        "VONAGE_SIGNATURE_SECRET": "one", "NORTHWIND_BRIDGE_SECRET": "one",
    ]

    @Test(
        "Each loads, and its longest texts are one part, with the way out",
        arguments: ["clinic", "salon", "property", "helpdesk"])
    func sample(name: String) throws {
        let path = repository.appending(path: "docs/samples/messaging/\(name).yaml").path
        let setup = try MessagingFile.load(path: path, environment: Self.secrets)
        #expect(try setup.plan.format(of: setup.plan.defaultChannel.name) != nil)
        let texts = setup.registry.names.compactMap { setup.registry.text(named: $0) }
        #expect((2...4).contains(texts.count))
        #expect(texts.contains { !$0.messages.isEmpty })
        for text in texts {
            let channel = try #require(setup.plan.channel(text.channel))
            let composer = TextComposer(senderName: channel.senderName, footer: channel.footer)
            for language in ["en"] + text.messages.keys.sorted() {
                guard let longest = try text.longestRendering(language: language) else { continue }
                let composed = try composer.compose(longest)
                #expect(composed.segments.encoding == .gsm7, "\(text.name) \(language): \(composed.body)")
                #expect(composed.segments.units <= 160, "\(text.name) \(language): \(composed.body)")
                #expect(longest.contains(channel.senderName), "\(text.name) \(language) names the sender")
            }
        }
    }
}
