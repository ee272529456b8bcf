import ParleyCore
import ParleyNetwork
import ParleySpeech

/// Checks the settings of one engine against its options.
struct EngineValues {
    let fields: SettingsFields
    let options: [EngineOption]

    /// - Returns: what is written; `nil`, with issues, where something is missing or wrong.
    func read() -> (values: [String: String], lists: [String: [String]])? {
        var values: [String: String] = [:]
        var lists: [String: [String]] = [:]
        var isGood = true
        for option in options {
            guard fields.has(option.name) else {
                if option.standard == nil, !option.isOptional, option.kind != .list {
                    fields.miss(option.name, example(option))
                    isGood = false
                }
                continue
            }
            if option.kind == .list {
                if let list = fields.list(option.name, atMost: 64) {
                    lists[option.name] = list.map(\.text)
                } else {
                    isGood = false
                }
            } else if let value = value(option) {
                values[option.name] = value
            } else {
                isGood = false
            }
        }
        return isGood ? (values, lists) : nil
    }

    private func value(_ option: EngineOption) -> String? {
        let key = option.name
        switch option.kind {
        case .text: return fields.text(key, atMost: 16_384)
        case .prose: return fields.text(key, atMost: 16_384, onOneLine: false)
        case .address(let schemes): return address(key, schemes, option)
        case .choice(let choices):
            guard let text = fields.text(key, atMost: 256) else { return nil }
            guard choices.contains(text) else {
                let near = fields.issues.nearest(to: text, among: choices).map { "did you mean `\($0)`? " } ?? ""
                return wrong(key, text, mend: "\(near)write one of \(choices.joined(separator: ", "))")
            }
            return text
        case .whole(let range): return fields.count(key, in: range).map { "\($0)" }
        case .decimal(let range):
            guard let text = fields.text(key, atMost: 32) else { return nil }
            guard let number = Double(text), range.contains(number) else {
                return wrong(key, text, mend: "write a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return "\(number)"
        case .flag: return fields.flag(key).map { $0 ? "true" : "false" }
        case .duration(let range):
            let bounds =
                Duration.nanoseconds(range.lowerBound.nanoseconds)...Duration.nanoseconds(range.upperBound.nanoseconds)
            return fields.duration(key, in: bounds, example: option.standard ?? "2s").map { "\($0)ms" }
        case .list: return nil
        }
    }

    private func address(_ key: String, _ schemes: [NetworkAddress.Scheme], _ option: EngineOption) -> String? {
        guard let text = fields.text(key, atMost: 2_000) else { return nil }
        do throws(NetworkAddress.Fault) {
            let address = try NetworkAddress(text, schemes: schemes)
            // Words and keys cross the network: in the clear only within this machine or where there is nothing else.
            guard address.isSecure || address.isLoopback || !schemes.contains(where: \.isSecure) else {
                let secure = schemes.filter(\.isSecure).map { "\($0.rawValue)://" }.joined(separator: " or ")
                return wrong(
                    key, text, mend: "write \(secure): what callers say does not leave this machine in the clear")
            }
            return text
        } catch {
            switch error {
            case .credentials:
                fields.fail(key, "holds a user name", mend: "put credentials in `key_env`")
                return nil
            case .malformed: return wrong(key, text, mend: "write for example `\(key): \(example(option))`")
            }
        }
    }

    private func wrong(_ key: String, _ text: String, mend: String) -> String? {
        fields.fail(key, "`\(text.prefix(64))` cannot be used", mend: mend)
        return nil
    }

    private func example(_ option: EngineOption) -> String {
        if let standard = option.standard { return standard }
        return switch option.kind {
        case .text, .prose, .list: "..."
        case .address(let schemes): "\(schemes.first?.rawValue ?? "https")://host.example.org"
        case .choice(let choices): choices.first ?? ""
        case .whole(let range): "\(range.lowerBound)"
        case .decimal(let range): "\(range.lowerBound)"
        case .flag: "true"
        case .duration: "2s"
        }
    }
}
