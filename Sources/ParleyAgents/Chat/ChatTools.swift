import ParleyActions
import ParleyCore
import ParleyWire

/// A tool call that may be done: its name is known, its arguments fit.
struct CheckedTool: Equatable, Sendable {
    enum Deed: Equatable, Sendable {
        case action
        case endCall
        case transfer(String)
        case pressKeys(String)
    }
    var name: String
    /// In their only spelling.
    var arguments: String
    var deed: Deed
}

/// Why a tool call is not done. No value of its arguments is in the text.
struct ToolRejection: Error, Equatable, Sendable {
    var text: String
}

/// What a model may do in a call: the configured actions, and what belongs to every call.
///
/// Where a call is transferred to is named by the configuration: a model picks one of its names, and never gives a number.
struct ChatTools: Sendable {
    static let endCall = "end_call"
    static let transfer = "transfer"
    static let pressKeys = "press_keys"
    private static let mostKeys = 32

    /// As a request has them: a JSON array.
    let json: String
    private let registry: ActionRegistry
    private let targets: [String]

    /// - Parameter targets: names of the configuration; empty: no call is transferred.
    init(_ registry: ActionRegistry, transferTargets targets: [String]) {
        self.registry = registry
        self.targets = targets
        var out = JSONWriter()
        out.beginArray()
        let own = Self.builtIn(targets)
        for tool in own { Self.write(tool.name, tool.description, tool.schema, to: &out) }
        for tool in registry.tools where !own.contains(where: { $0.name == tool.name }) {
            Self.write(tool.name, tool.description, tool.schema.canonical, to: &out)
        }
        out.endArray()
        json = String(decoding: out.bytes, as: UTF8.self)
    }

    func check(_ call: ModelCall) throws(ToolRejection) -> CheckedTool {
        switch call.name {
        case Self.endCall:
            return CheckedTool(name: call.name, arguments: try Self.arguments(call).canonical, deed: .endCall)
        case Self.transfer where !targets.isEmpty:
            let arguments = try Self.arguments(call)
            guard case .string(let target)? = arguments["target"], targets.contains(target) else {
                throw ToolRejection(text: "arguments_invalid: target must be one of \(targets.joined(separator: ", "))")
            }
            return CheckedTool(name: call.name, arguments: arguments.canonical, deed: .transfer(target))
        case Self.pressKeys:
            let arguments = try Self.arguments(call)
            guard case .string(let keys)? = arguments["keys"], (1...Self.mostKeys).contains(keys.utf8.count),
                keys.utf8.allSatisfy({ "0123456789*#w".utf8.contains($0) })
            else {
                throw ToolRejection(text: "arguments_invalid: keys must be 1 to \(Self.mostKeys) of 0-9, *, # and w")
            }
            return CheckedTool(name: call.name, arguments: arguments.canonical, deed: .pressKeys(keys))
        default:
            do throws(ActionRefusal) {
                let action = try registry.check(ActionRequest(name: call.name, arguments: call.arguments))
                return CheckedTool(name: action.name, arguments: action.canonical, deed: .action)
            } catch {
                throw ToolRejection(text: error.text)
            }
        }
    }

    private static func arguments(_ call: ModelCall) throws(ToolRejection) -> JSON {
        do throws(JSON.Fault) {
            let json = try JSON(
                parsing: call.arguments.isEmpty ? "{}" : call.arguments, maxBytes: ActionRegistry.maxArgumentBytes,
                maxDepth: ActionRegistry.maxArgumentDepth)
            if case .object = json { return json }
        } catch {
            throw ToolRejection(text: "arguments_not_json")
        }
        throw ToolRejection(text: "arguments_not_json: a JSON object is wanted")
    }

    private static func write(_ name: String, _ description: String, _ schema: String, to out: inout JSONWriter) {
        out.beginObject()
        out.field("type", "function")
        out.key("function")
        out.beginObject()
        out.field("name", name)
        out.field("description", description)
        out.key("parameters")
        out.raw(schema)
        out.endObject()
        out.endObject()
    }

    private static func builtIn(_ targets: [String]) -> [(name: String, description: String, schema: String)] {
        var tools: [(name: String, description: String, schema: String)] = [
            (
                endCall, "Ends the call, when all that you say with it has been heard. Say goodbye first.",
                #"{"type":"object","properties":{},"additionalProperties":false}"#
            ),
            (
                pressKeys,
                "Presses keys of the telephone for a machine at the other end: 0-9, *, #, and w for half a second's wait.",
                #"{"type":"object","properties":{"keys":{"type":"string","pattern":"^[0-9*#w]{1,32}$"}},"#
                    + #""required":["keys"],"additionalProperties":false}"#
            ),
        ]
        guard !targets.isEmpty else { return tools }
        var names = JSONWriter()
        names.beginArray()
        for target in targets { names.value(target) }
        names.endArray()
        tools.append(
            (
                transfer, "Puts the caller through, when all that you say with it has been heard. Say so first.",
                #"{"type":"object","properties":{"target":{"type":"string","enum":"#
                    + String(decoding: names.bytes, as: UTF8.self)
                    + #"}},"required":["target"],"additionalProperties":false}"#
            ))
        return tools
    }
}
