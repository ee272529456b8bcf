import ParleyActions
import ParleyCore

/// What a model may do with the call itself; no action of the configuration, and nothing that stays behind.
enum RealtimeFunction: Equatable, Sendable {
    case endCall
    case transfer(String)
    case pressKeys(String)

    /// Keys at once.
    private static let mostKeys = 32

    static func tools(transferTargets: [String]) -> [RealtimeSettings.Tool] {
        var tools = [
            RealtimeSettings.Tool(
                name: "end_call",
                description: "Ends the call when what you say now has been heard. Say goodbye in the same answer.",
                schema: #"{"type":"object","properties":{}}"#),
            RealtimeSettings.Tool(
                name: "press_keys", description: "Plays the tones of telephone keys to whoever is on the line.",
                schema: #"{"type":"object","required":["keys"],"properties":{"keys":{"type":"string","#
                    + #""maxLength":\#(mostKeys),"description":"0-9, * and #; w waits half a second."}}}"#),
        ]
        guard !transferTargets.isEmpty else { return tools }
        let names = JSON.array(transferTargets.map { .string($0) }).canonical
        tools.append(
            RealtimeSettings.Tool(
                name: "transfer",
                description: "Hands the caller over when what you say now has been heard. Say so in the same answer.",
                schema: #"{"type":"object","required":["target"],"properties":{"target":{"enum":\#(names)}}}"#))
        return tools
    }

    /// - Returns: `nil` where the name is none of these.
    /// - Throws: `ActionRefusal`, where its arguments do not fit.
    init?(_ name: String, _ arguments: String, transferTargets: [String]) throws(ActionRefusal) {
        guard ["end_call", "press_keys"].contains(name) || (name == "transfer" && !transferTargets.isEmpty) else {
            return nil
        }
        let given: JSON
        do throws(JSON.Fault) {
            given = try JSON(
                parsing: arguments.isEmpty ? "{}" : arguments, maxBytes: ActionRegistry.maxArgumentBytes,
                maxDepth: ActionRegistry.maxArgumentDepth)
        } catch {
            throw ActionRefusal(rule: .argumentsNotJSON, detail: "a JSON object is wanted")
        }
        switch name {
        case "press_keys":
            guard case .string(let keys)? = given["keys"], !keys.isEmpty, keys.count <= Self.mostKeys,
                keys.allSatisfy("0123456789*#w".contains)
            else { throw ActionRefusal(rule: .argumentsInvalid, detail: "keys are 0-9, *, # and w") }
            self = .pressKeys(keys)
        case "transfer":
            guard case .string(let target)? = given["target"], transferTargets.contains(target) else {
                throw ActionRefusal(rule: .argumentsInvalid, detail: "target is none of the names")
            }
            self = .transfer(target)
        default: self = .endCall
        }
    }

    var part: ReplyPart {
        switch self {
        case .endCall: .end
        case .transfer(let target): .transfer(target)
        case .pressKeys(let keys): .sound(.keys(keys))
        }
    }
}
