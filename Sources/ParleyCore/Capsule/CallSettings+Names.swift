extension CallSettings {
    /// One number of a call's behaviour under its name: the configuration's key where there is one.
    public struct Setting: Sendable {
        public let name: String
        /// As it is written: `500ms`, `2`, `true`.
        let read: @Sendable (CallSettings) -> String
        let write: @Sendable (String, inout CallSettings) -> Bool

        private init(_ name: String, _ path: any WritableKeyPath<CallSettings, CallTime> & Sendable) {
            self.name = name
            read = { Self.text($0[keyPath: path]) }
            write = { text, settings in
                guard let time = Self.time(text) else { return false }
                settings[keyPath: path] = time
                return true
            }
        }

        private init(_ name: String, _ path: any WritableKeyPath<CallSettings, Int> & Sendable) {
            self.name = name
            read = { "\($0[keyPath: path])" }
            write = { text, settings in
                guard let count = Int(text), (0...1_000).contains(count) else { return false }
                settings[keyPath: path] = count
                return true
            }
        }

        private init(_ name: String, _ path: any WritableKeyPath<CallSettings, String> & Sendable) {
            self.name = name
            read = { $0[keyPath: path] }
            write = { text, settings in
                guard text.utf8.count <= 256 else { return false }
                settings[keyPath: path] = text
                return true
            }
        }

        private init(_ name: String, _ path: any WritableKeyPath<CallSettings, Bool> & Sendable) {
            self.name = name
            read = { "\($0[keyPath: path])" }
            write = { text, settings in
                guard let flag = Bool(text) else { return false }
                settings[keyPath: path] = flag
                return true
            }
        }

        public static let all: [Setting] = [
            Setting("turn.hangover", \.endpoint.usual),
            Setting("turn.max_turn", \.endpoint.maximumTurn),
            Setting("turn.pause", \.pauseAfter),
            Setting("turn.barge_in_after", \.bargeInAfter),
            Setting("turn.barge_in_confirmed_after", \.bargeInConfirmedAfter),
            Setting("turn.minimum_interruption", \.minimumInterruption),
            Setting("turn.no_speech_after", \.noSpeechAfter),
            Setting("turn.reprompts", \.reprompts),
            Setting("turn.inter_digit", \.interDigit),
            Setting("turn.filler_after", \.fillerAfter),
            Setting("turn.say_again_after", \.sayAgainAfter),
            Setting("turn.transfer_to", \.transferTo),
            Setting("playout.lead", \.lead),
            // These have no key: they are constants, and can be tried out on a recorded call all the same.
            Setting("playout.credit", \.credit),
            Setting("playout.clear_returns_marks", \.clearReturnsMarks),
            Setting("turn.minimum_speech", \.minimumSpeech),
            Setting("endpoint.shortest", \.endpoint.shortest),
            Setting("endpoint.longer", \.endpoint.longer),
            Setting("endpoint.fluent", \.endpoint.fluent),
            Setting("endpoint.trailing", \.endpoint.trailing),
            Setting("endpoint.longest", \.endpoint.longest),
            Setting("endpoint.under_way", \.endpoint.underWay),
            Setting("endpoint.steady", \.endpoint.steady),
            Setting("endpoint.noisy", \.endpoint.noisy),
            Setting("endpoint.settled", \.endpoint.settled),
            Setting("endpoint.trusts_silence", \.endpoint.trustsSilence),
        ]

        /// Whole milliseconds where it is that: `500ms`; else nanoseconds.
        private static func text(_ time: CallTime) -> String {
            time.nanoseconds % 1_000_000 == 0 ? "\(time.nanoseconds / 1_000_000)ms" : "\(time.nanoseconds)ns"
        }

        /// `350ms`, `2s`, `1500000ns`: not below zero and at most an hour.
        private static func time(_ text: String) -> CallTime? {
            for (unit, length) in [("ms", 1_000_000), ("ns", 1), ("s", 1_000_000_000)] as [(String, Int64)]
            where text.hasSuffix(unit) {
                guard let count = Int64(text.dropLast(unit.count)), count >= 0, count <= 3_600_000_000_000 / length
                else { return nil }
                return CallTime(nanoseconds: count * length)
            }
            return nil
        }
    }

    /// Sets one number by its name.
    ///
    /// - Returns: what is wrong with the name or the value, with the mend; `nil` when it was set.
    public mutating func set(_ name: String, to text: String) -> String? {
        guard let setting = Setting.all.first(where: { $0.name == name }) else {
            let names = Setting.all.map(\.name)
            let near = EditDistance.nearest(to: name, among: names).map { "did you mean `\($0)`? " } ?? ""
            return "`\(name)` is no setting of a call; \(near)there are " + names.joined(separator: ", ")
        }
        guard setting.write(text, &self) else {
            return "`\(text)` is no value for \(name); write one like `\(setting.read(self))`"
        }
        return nil
    }
}
