import FakeEngines
import ParleyActions
import ParleyCore
import ParleySpeech

@testable import ParleyAgents

/// A whole call on a clock that nobody waits for: a caller who plays a recording, a carrier that plays, clears and returns
/// marks, the call, the machine, and a model that talks three times faster than it sounds. One thread.
final class RealtimeStage {
    struct Answer {
        var words: String
        var call: (name: String, arguments: String)?
    }

    private(set) var now = CallTime.zero
    private var call = Call(settings: CallSettings(format: .telephone))
    private var machine: RealtimeMachine
    private var voice: LegVoice?
    private var agenda: [(due: CallTime, number: Int, body: () -> Void)] = []
    private var count = 0

    // The caller and the carrier.
    private let recording: [Int16]
    private let startsAt: CallTime
    private var callerPlace: Int?
    private var playedUntil = CallTime.zero
    private var clears = 0
    private(set) var firstFrame: CallTime?

    // The model.
    private let line: String
    private var answers: [Answer]
    private var items = 0
    private var responses = 0
    private var isCancelled = false
    private var spoken: [SpeechAnswer] = []
    private(set) var sent: [FakeJSON] = []
    private(set) var notes: [CallNote] = []
    private(set) var runs: [ActionInvocation] = []
    private(set) var end: EndReason?

    /// - Parameters:
    ///   - recording: 8 kHz, said so long after the first frame of the agent's.
    ///   - line: what the recording says.
    init(recording: [Int16], at start: CallTime, line: String, answers: [Answer]) throws {
        self.recording = recording
        self.line = line
        self.answers = answers
        startsAt = start
        machine = RealtimeMachine(.test())
        voice = try LegVoice(.telephone) { () throws(CodecError) -> any FrameEncoder in
            guard let encoder = LegEncoder(.telephone) else { throw CodecError(code: 0, description: "no encoder") }
            return encoder
        } answer: { [inbox] in
            inbox.events.append(.synthesizer($0))
        }
    }

    /// What the voice encodes comes out by a closure that has to be `Sendable`; all is on one thread.
    private final class Inbox: @unchecked Sendable { var events: [CallEvent] = [] }
    private let inbox = Inbox()

    func run(for longest: CallTime) {
        change { $0.connect() }
        change { $0.opened(at: self.now) }
        handle(.started)
        while end == nil, now < longest {
            now += .milliseconds(1)
            while let next = agenda.indices.filter({ agenda[$0].due <= now }).min(by: {
                (agenda[$0].due, agenda[$0].number) < (agenda[$1].due, agenda[$1].number)
            }) { agenda.remove(at: next).body() }
            if let due = machine.nextDeadline, due <= now { change { $0.pass(at: self.now) } }
            if let due = call.nextDeadline, due <= now { handle(.deadline) }
            if now.milliseconds % 20 == 0 { hear() }
        }
    }

    private func after(_ delay: CallTime, _ body: @escaping () -> Void) {
        count += 1
        agenda.append((now + delay, count, body))
    }

    // MARK: The caller

    private func hear() {
        if callerPlace == nil, let firstFrame, now >= firstFrame + startsAt { callerPlace = 0 }
        var frame = [Int16](repeating: 0, count: 160)
        if let place = callerPlace, place < recording.count {
            let part = recording[place..<min(recording.count, place + 160)]
            frame.replaceSubrange(0..<part.count, with: part)
            callerPlace = place + 160
        }
        var sink = Sink()
        call.hear(frame.span, at: now, into: &sink)
        perform(sink.done)
    }

    private func handle(_ event: CallEvent) {
        var sink = Sink()
        call.handle(event, at: now, into: &sink)
        perform(sink.done)
    }

    private enum Deed {
        case play
        case feed([Int16])
        case effect(CallEffect)
    }

    private struct Sink: CallEffectSink {
        var done: [Deed] = []
        mutating func play(_ frame: Span<UInt8>) { done.append(.play) }
        mutating func feed(_ samples: Span<Int16>) { done.append(.feed(samples.withUnsafeBufferPointer { Array($0) })) }
        mutating func perform(_ effect: CallEffect) { done.append(.effect(effect)) }
    }

    private func perform(_ deeds: [Deed]) {
        for deed in deeds {
            switch deed {
            case .play:
                firstFrame = firstFrame ?? now
                playedUntil = max(playedUntil, now) + .frame
            case .feed(let samples): change { $0.feed(samples.span) }
            case .effect(let effect): perform(effect)
            }
        }
    }

    private func perform(_ effect: CallEffect) {
        let now = now
        switch effect {
        case .clear:
            playedUntil = now
            clears += 1
        case .mark(let mark):
            let before = clears
            after(max(playedUntil, now) - now + .milliseconds(40)) { [unowned self] in
                if clears == before { handle(.mark(mark)) }
            }
        case .pauseTurn(let turn): change { $0.pause(turn) }
        case .finishTurn(let turn): change { $0.finish(turn, at: now) }
        case .cancelTurn(let turn): change { $0.cancel(turn, at: now) }
        case .ask(let request): change { $0.ask(request, at: now) }
        case .cancelReply(let generation): change { $0.cancel(generation, at: now) }
        case .retractReply(let generation): change { $0.retract(generation, at: now) }
        case .tellAgent(_, let invocation, let outcome): change { $0.finished(invocation, outcome, at: now) }
        case .speak(let generation, let clause, let text):
            change { $0.speak(text, generation, clause: clause, at: now) }
        case .cancelSpeech(let generation): change { $0.cancelSpeech(generation) }
        case .run(let invocation):
            runs.append(invocation)
            after(.milliseconds(30)) { [unowned self] in
                handle(.action(ActionResult(number: invocation.number, outcome: .committed)))
            }
        case .note(let note):
            notes.append(note)
            // As the gateway tells it.
            if case .agentTurn(let turn) = note {
                change { $0.heard(turn.heard, of: turn.generation, wasCut: turn.wasCut, at: now) }
            }
        case .end(let reason): end = reason
        case .sound, .transfer: break
        }
    }

    // MARK: The machine

    private func change(_ body: (inout RealtimeMachine) -> Void) {
        body(&machine)
        for effect in machine.takeEffects() {
            switch effect {
            case .send(let message): FakeJSON(bytes: message).map(take)
            case .recognizer(let answer): after(.zero) { [unowned self] in handle(.recognizer(answer)) }
            case .reply(let generation, let part): after(.zero) { [unowned self] in handle(.reply(generation, part)) }
            case .speech(let answer):
                voice?.take(answer)
                let events = inbox.events
                inbox.events = []
                for event in events { after(.zero) { [unowned self] in handle(event) } }
            case .connect, .disconnect, .news: break
            }
        }
    }

    // MARK: The model

    private func take(_ message: FakeJSON) {
        guard let type = message["type"]?.string else { return }
        if type != "input_audio_buffer.append" { sent.append(message) }
        switch type {
        case "input_audio_buffer.commit":
            after(.milliseconds(10)) { [unowned self] in
                items += 1
                say(["type": "input_audio_buffer.committed", "item_id": .string("u\(items)")])
                after(.milliseconds(150)) { [unowned self, item = items] in
                    say([
                        "type": "conversation.item.input_audio_transcription.completed",
                        "item_id": .string("u\(item)"), "transcript": .string(line),
                    ])
                }
            }
        case "response.create": respond()
        case "response.cancel": isCancelled = true
        default: break
        }
    }

    private func say(_ event: FakeJSON) {
        guard let event = event.text.withUTF8Bytes({ try? RealtimeEvent($0) }) else { return }
        change { $0.handle(event, at: self.now) }
    }

    private func respond() {
        responses += 1
        isCancelled = false
        let (id, item) = ("r\(responses)", "a\(responses)")
        let answer = answers.isEmpty ? Answer(words: "") : answers.removeFirst()
        after(.milliseconds(120)) { [unowned self] in
            say(["type": "response.created", "response": ["id": .string(id)]])
        }
        var delay = CallTime.milliseconds(150)
        let place: [String: FakeJSON] = ["response_id": .string(id), "item_id": .string(item), "content_index": 0]
        for (index, word) in answer.words.split(separator: " ").enumerated() {
            let text = (index == 0 ? "" : " ") + word
            let octets = [UInt8](repeating: 0x9F, count: text.count * 65 * 8)
            after(delay) { [unowned self] in
                guard !isCancelled else { return }
                say(
                    .object(
                        place.merging([
                            "type": "response.output_audio_transcript.delta", "delta": .string(text),
                        ]) { $1 }))
                say(
                    .object(
                        place.merging([
                            "type": "response.output_audio.delta", "delta": .string(FakeBase64.encode(octets)),
                        ]) { $1 }))
            }
            delay += .milliseconds(text.count * 20)
        }
        after(delay) { [unowned self] in
            if let call = answer.call, !isCancelled {
                say([
                    "type": "response.function_call_arguments.done", "response_id": .string(id),
                    "item_id": .string("i\(id)"), "call_id": .string("c\(id)"), "name": .string(call.name),
                    "arguments": .string(call.arguments),
                ])
            }
            let status: FakeJSON = isCancelled ? "cancelled" : "completed"
            say(["type": "response.done", "response": ["id": .string(id), "status": status, "output": []]])
        }
    }
}
