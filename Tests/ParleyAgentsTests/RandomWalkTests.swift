import ParleyCore
import Testing

@testable import ParleyAgents

/// SplitMix64: small, seeded, the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

private let vocabulary = """
    yes no okay maybe cleaning check up toothache tuesday wednesday the 24th twenty fourth november next this in two weeks at \
    three four half past quarter to nine thirty pm am noon tomorrow morning sorry actually not day time treatment repeat operator \
    goodbye one moment help are you a machine double oh seven 0 1 2 3 15:30 2026 11 / 24 nothing everything for to ate week from \
    today hundred plus second first last 🦷 \u{7} stop
    """.split(separator: " ").map(String.init)

private let walk = Result { try FlowLoader.load(text: walkFlow, file: "walk.yaml") }

private let walkFlow = """
    settings: {name: Test, time_zone: UTC, operator: desk}
    steps:
      - id: name
        ask: name
        kind: free_text
        prompt: Name?
        confirm: true
        on_failure: number
      - id: number
        ask: number
        kind: phone
        country: "1"
        prompt: Number?
        confirm: "{{number}}?"
        on_failure: pin
      - id: pin
        ask: pin
        kind: digits
        length: 4-6
        prompt: Pin?
        on_failure: first
      - id: first
        ask: first
        kind: yes_no
        prompt: First visit?
        on_failure: when
      - id: when
        ask: when
        kind: date_time
        within: "mon-fri 08:00-18:00"
        confirm: true
        prompt: When?
        on_failure: day
      - id: day
        ask: day
        kind: date
        prompt: Day?
        on_failure: time
      - id: time
        ask: time
        kind: time
        prompt: Time?
        on_failure: check
      - id: check
        confirm: "{{name}} {{number}} {{pin}} {{first}} {{when}} {{day}} {{time}}?"
        on_failure: fork
      - id: fork
        branch:
          - when: {first: "yes"}
            next: act
          - else: may
      - id: act
        action: look_up
        arguments: {name: "{{name}}", day: "{{day | iso}}"}
        say_before: One moment.
        on_refused: first
        on_failed: may
      - id: may
        consent: "May {{business}} text you? Message rates may apply. Reply STOP to end."
        on_no: name
      - id: text
        action: send_sms
        arguments: {message: "{{when}}"}
        on_failed: over
      - id: over
        end: Bye.
    """

@Test("Whatever callers do, every request ends with done, once, in the newest generation", arguments: 0..<240)
func randomWalk(seed: Int) throws {
    var random = SeededGenerator(state: UInt64(seed))
    let flow = seed % 2 == 0 ? try dentist() : try walk.get()
    var machine = FlowMachine(
        flow: flow,
        call: CallFacts(callID: "seed \(seed)", from: "", to: "", parameters: [:], wallClock: FlowTranscript.thursday))
    var pending: ActionInvocation?
    var number: UInt32 = 0
    var open: Generation?

    func check(_ parts: [ReplyPart]) {
        let closings = parts.filter { $0 == .done || $0 == .failed }.count
        let actions = parts.filter { if case .action = $0 { true } else { false } }.count
        #expect(closings + actions == 1, "seed \(seed): \(parts)")
        #expect(parts.last == .done || actions == 1, "seed \(seed): \(parts)")
    }
    func take(_ parts: [ReplyPart], _ generation: Generation) {
        check(parts)
        open = parts.last == .done ? nil : generation
        if case .action(let request)? = parts.last {
            pending = ActionInvocation(number: number, generation: generation, turn: TurnID(number), request: request)
        }
    }

    var goodbyes = 0
    for _ in 0..<200 where goodbyes < 3 {
        if case .over = machine.position { goodbyes += 1 }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: machine.cancel(Generation(number))
        case 1, 2, 3:
            guard let invocation = pending else { continue }
            pending = nil
            let outcomes: [ActionResult.Outcome] = [.committed, .refused("rule"), .failed("disk")]
            if let (generation, parts) = machine.finished(invocation, outcomes[Int.random(in: 0..<3, using: &random)]) {
                #expect(generation == Generation(number), "seed \(seed)")
                take(parts, generation)
            }
        default:
            number += 1
            let words = (0..<Int.random(in: 0..<8, using: &random)).map { _ in
                vocabulary[Int.random(in: 0..<vocabulary.count, using: &random)]
            }
            let cause: AgentRequest.Cause =
                switch Int.random(in: 0..<10, using: &random) {
                case 0: .silence(Int.random(in: 1...4, using: &random))
                case 1: .keyed(String(Int.random(in: 0...20_000_000_00, using: &random)))
                case 2: .keyed(String(Int.random(in: 0...3, using: &random)))
                case 3: .opening
                default: .said(words.joined(separator: " "))
                }
            let parts = machine.handle(
                AgentRequest(
                    generation: Generation(number), turn: TurnID(number), cause: cause,
                    wasCut: Bool.random(using: &random)))
            if parts.isEmpty {
                #expect(pending != nil, "seed \(seed): a reply stays open without an action")
                open = Generation(number)
            } else {
                take(parts, Generation(number))
            }
        }
    }
    // What is still open ends when its actions do.
    for _ in 0..<10 {
        guard let invocation = pending else { break }
        pending = nil
        if let (generation, parts) = machine.finished(invocation, .committed) {
            take(parts, generation)
        } else {
            open = nil
        }
    }
    #expect(open == nil, "seed \(seed)")
}
