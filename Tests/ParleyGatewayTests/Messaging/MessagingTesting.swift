import Foundation
import ParleyGateway

/// What a messaging file comes to. `secrets` stand in the environment.
func messaging(_ yaml: String, secrets: [String: String] = ["TOKEN": "hush"]) throws -> MessagingSetup {
    try MessagingFile.parse(yaml, file: "m.yaml", environment: secrets)
}

/// All that is wrong with one.
func messagingErrors(_ yaml: String, secrets: [String: String] = ["TOKEN": "hush"]) -> [String] {
    do throws(ConfigurationErrors) {
        _ = try MessagingFile.parse(yaml, file: "m.yaml", environment: secrets)
        return []
    } catch {
        return error.errors.map(\.description)
    }
}

/// The least that a file has, for what is put below it.
let oneChannel = "channels: {desk: {sender_name: Desk}}\n"

/// The repository's folder.
let repository = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardized
