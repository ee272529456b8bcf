import Foundation
import Testing

@testable import ParleyAgents

/// The first example of docs/flows.md.
private func example() throws -> String {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/flows.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let blocks = page.split(separator: "```yaml\n", maxSplits: 2)
    return String(try #require(blocks.count > 1 ? blocks[1] : nil).split(separator: "```")[0])
}

@Test("The guide's first flow loads, without a warning, and holds its conversation")
func guideExample() throws {
    let flow = try FlowLoader.load(text: try example(), file: "pizza.yaml")
    #expect(flow.warnings == [])
    var call = FlowTranscript(flow)
    #expect(call.line("open") == "Welcome to Corner Pizza. A table for how many people?")
    #expect(call.line("said for, please") == "Which day, and what time?")
    #expect(call.value("people") == "4")
    #expect(
        call.line("said next Friday at eight")
            == "A table for 4, Friday the 27th of November at eight p.m. Is that right?")
    #expect(call.line("said perfect") == "Thank you. See you on Friday the 27th of November. Goodbye.")
}

@Test("The guide's example of errors is what the loader says")
func guideErrors() throws {
    let broken = try example().replacing("kind: date_time", with: "kind: datetime")
        .replacing("{{people}}, {{when}}", with: "{{people}}, {{wehn}}")
    do throws(FlowErrors) {
        _ = try FlowLoader.load(text: broken, file: "pizza.yaml")
        Issue.record("the broken example loads")
    } catch {
        #expect(
            error.issues.map(\.description) == [
                "pizza.yaml:17: steps.when.kind: `datetime` is no kind of answer; did you mean `date_time`?",
                "pizza.yaml:22: steps.check.confirm: `{{wehn}}` is filled by no step; did you mean `{{when}}`?",
            ])
    }
}
