import Testing

@testable import ParleyActions
@testable import ParleyAgents

/// What a flow asks for, held against the actions that are configured.
@Suite("A flow's actions before a call")
struct FlowActionCheckTests {
    private static let head = "settings: {name: Test, time_zone: UTC}\nsteps:\n"

    private static func registry() throws -> ActionRegistry {
        let parameters = """
            {"type": "object", "required": ["day"], "properties": {
              "day": {"type": "string", "format": "date"}, "guests": {"type": "integer"}, "open": {"type": "boolean"},
              "who": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}}
            """
        let action = try WebhookAction(
            name: "free_times", description: "Looks.",
            parameters: try JSONSchema(try JSON(parsing: parameters, maxBytes: 4_096, maxDepth: 16)), method: .get,
            target: try WebhookTarget("https://api.example.org/{{ .parameters.day }}", name: "url"),
            result: ResultMapping([try .init(name: "first_free", path: "a"), try .init(name: "count", path: "n")]))
        let text = try TextAction(
            name: "send_it", description: "Sends.", channel: "desk", trigger: .bookingConfirmed,
            parameters: try JSONSchema(
                try JSON(
                    parsing: #"{"type": "object", "properties": {"when": {"type": "string"}}}"#, maxBytes: 400,
                    maxDepth: 8)), message: try ParleyActions.Template("Hello", name: "m"))
        return ActionRegistry([text], webhooks: [action])
    }

    private func problems(_ steps: String, source: String? = "m.yaml") throws -> [String] {
        let text = Self.head + steps + "\n  - {id: bye, end: Bye.}\n"
        let flow = try FlowLoader.load(text: text, file: "flow.yaml")
        let registry = try Self.registry()
        do throws(FlowErrors) {
            try flow.check(against: registry, of: source)
            return []
        } catch {
            return error.issues.map(\.description)
        }
    }

    @Test("What fits, or may fit once a caller has answered, is taken")
    func good() throws {
        let steps = """
              - {id: ask, ask: day, kind: date, prompt: "Which day?"}
              - id: look
                action: free_times
                arguments: {day: "{{day | iso}}", guests: 2, open: true, who: {name: "{{day}}"}}
                results: [first_free]
                on_failed: bye
              - {id: fixed, action: free_times, arguments: {day: 2026-12-01}, on_failed: bye}
              - {id: text, action: send_sms, arguments: {message: "Hello {{day}}"}, on_failed: bye}
              - {id: told, action: booking_confirmed, arguments: {when: "{{day}}"}, on_failed: bye}
              - {id: nothing, action: payment_captured, arguments: {amount: 5}, on_failed: bye}
            """
        #expect(try problems(steps) == [])
    }

    @Test("All that every call would be refused is told at once, each with file, line, key and mend")
    func all() throws {
        let steps = """
              - id: look
                action: free_times
                arguments:
                  day: tomorrow
                  guests: "{{first_free}}"
                  gests: 2
                  who:
                    nam: Ann
                results: [frist_free, count, first_free]
                on_failed: bye
              - {id: bare, action: free_times, on_failed: bye}
              - {id: text, action: send_sms, arguments: {message: 5}, on_failed: bye}
              - {id: told, action: booking_confirmed, arguments: {day: x}, on_failed: bye}
              - {id: typo, action: free_time, on_failed: bye}
            """
        let refused = "as it stands every call is refused by"
        #expect(
            try problems(steps) == [
                "flow.yaml:6: steps.look.arguments.day: must be a date as 2026-07-14; \(refused) free_times",
                "flow.yaml:7: steps.look.arguments.guests: must be a whole number; \(refused) free_times",
                "flow.yaml:8: steps.look.arguments.gests: is no parameter of free_times; did you mean `guests`?",
                "flow.yaml:9: steps.look.arguments.who.name: is missing; \(refused) free_times",
                "flow.yaml:9: steps.look.arguments.who.nam: is no parameter of free_times; did you mean `name`?",
                "flow.yaml:11: steps.look.results: `frist_free` is nothing that free_times gives; it gives first_free, count",
                "flow.yaml:13: steps.bare.arguments.day: is missing; \(refused) free_times",
                "flow.yaml:14: steps.text.arguments.message: must be text; \(refused) send_sms",
                "flow.yaml:15: steps.told.arguments.day: is no parameter of booking_confirmed; it takes when",
                "flow.yaml:16: steps.typo.action: `free_time` is not known, and m.yaml has no action of that name; "
                    + "did you mean `free_times`?",
            ])
    }

    @Test("Without a messaging file it is said so, and what is known is listed")
    func none() throws {
        let found = try problems("  - {id: go, action: xylophone, on_failed: bye}", source: nil)
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix(
                "flow.yaml:3: steps.go.action: `xylophone` is not known, and there is no messaging.file; known here: ")
                == true)
    }
}
