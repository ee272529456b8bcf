import ParleyCore
import ParleyWire

/// What is read of a message of AssemblyAI's streaming recognition, version 3.
struct AssemblyAIMessage {
    var type = ""
    /// Counts the engine's own turns.
    var order: Int?
    var isEnd = false
    var isFormatted = false
    /// All of the engine's turn so far.
    var transcript: String?
    /// When the first word began and the last one ended, in the audio that was sent.
    var start: CallTime?
    var end: CallTime?
    var problem: String?

    /// `nil`: it is no JSON object with a type.
    init?(_ text: UnsafeRawBufferPointer) {
        var message = AssemblyAIMessage()
        let isWhole = JSONScanner.message(text) { key, json throws(JSONError) in
            if key == "type" {
                message.type = try json.textOrSkip() ?? ""
            } else if key == "turn_order" {
                message.order = try json.counter()
            } else if key == "end_of_turn" {
                message.isEnd = try json.flagOrSkip() ?? false
            } else if key == "turn_is_formatted" {
                message.isFormatted = try json.flagOrSkip() ?? false
            } else if key == "transcript" {
                message.transcript = try json.textOrSkip()
            } else if key == "words" {
                try json.elementsOrSkip { json throws(JSONError) in try message.readWord(&json) }
            } else if key == "error" {
                message.problem = try json.textOrSkip()
            } else {
                try json.skip()
            }
        }
        guard isWhole, !message.type.isEmpty || message.problem != nil else { return nil }
        self = message
    }

    private init() {}

    /// Times are in milliseconds.
    private mutating func readWord(_ json: inout JSONScanner) throws(JSONError) {
        try json.fieldsOrSkip { key, json throws(JSONError) in
            if key == "start" {
                let place = Self.place(try json.numberOrSkip())
                start = start ?? place
            } else if key == "end" {
                end = Self.place(try json.numberOrSkip()) ?? end
            } else {
                try json.skip()
            }
        }
    }

    private static func place(_ milliseconds: Double?) -> CallTime? {
        milliseconds.flatMap { (0...1e9).contains($0) ? .milliseconds(Int($0)) : nil }
    }
}
