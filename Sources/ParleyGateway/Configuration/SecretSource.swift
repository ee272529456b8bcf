import Foundation
import ParleyNetwork

/// Where a secret stands, since it never stands in a configuration file itself.
enum SecretSource {
    /// Of the environment.
    case variable(String)
    /// A file that nobody else can read.
    case file(String)

    private static let maxFileBytes = 64 << 10

    /// The secrets, parted by commas or line ends while one is being replaced, the current one first; and what is
    /// wrong.
    func read(environment: [String: String]) -> (secrets: [Secret], problems: [ConfigurationProblem]) {
        switch self {
        case .variable(let name):
            let secrets = Self.secrets(in: environment[name] ?? "")
            guard secrets.isEmpty else { return (secrets, Self.untidy(secrets, in: name)) }
            return ([], [.init("the environment has no \(name)", mend: "export it before `parley serve`")])
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path), data.count <= Self.maxFileBytes else {
                return ([], [.init("\(path) cannot be read", mend: "write the secret there, mode 0600")])
            }
            var problems: [ConfigurationProblem] = []
            let secrets = Self.secrets(in: String(decoding: data, as: UTF8.self))
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            if let mode = attributes?[.posixPermissions] as? NSNumber, mode.intValue & 0o077 != 0 {
                problems.append(.init("\(path) can be read by others", mend: "chmod 600 \(path)"))
            }
            if secrets.isEmpty { problems.append(.init("\(path) is empty", mend: "write the secret there")) }
            problems += Self.untidy(secrets, in: path)
            return (secrets, problems)
        }
    }

    /// Capitals, digits and `_`: what is no name may be the secret itself.
    static func isVariable(_ name: String) -> Bool {
        name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }

    /// Whether a key looks as if a secret stood behind it.
    static func isSuspicious(key: String) -> Bool {
        ["token", "secret", "password", "api_key"].contains { key.hasSuffix($0) }
    }

    /// A control character comes along when something is pasted, and no request could carry it.
    private static func untidy(_ secrets: [Secret], in place: String) -> [ConfigurationProblem] {
        let isTidy = secrets.allSatisfy { secret in
            secret.revealed.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
        return isTidy
            ? []
            : [
                .init(
                    "the secret in \(place) holds a control character",
                    mend: "write it again, without what was pasted along")
            ]
    }

    private static func secrets(in text: String) -> [Secret] {
        text.split(whereSeparator: { $0 == "," || $0.isNewline })
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
            .map(Secret.init)
    }
}
