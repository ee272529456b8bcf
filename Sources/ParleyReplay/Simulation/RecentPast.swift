import ParleyCore

/// The last things that a call was told and did, for whoever looks into a failure. Frames are left out.
struct RecentPast {
    private enum Entry {
        case input(CallEvent)
        case effect(CallEffect)
    }
    private static let length = 40

    private var entries: [(at: CallTime, entry: Entry)] = []
    private var next = 0

    mutating func add(_ event: CallEvent, at now: CallTime) {
        if case .deadline = event { return }
        add(.input(event), at: now)
    }

    mutating func add(_ effect: CallEffect, at now: CallTime) {
        if case .mark = effect { return }
        add(.effect(effect), at: now)
    }

    private mutating func add(_ entry: Entry, at now: CallTime) {
        if entries.count < Self.length {
            entries.append((now, entry))
        } else {
            entries[next] = (now, entry)
        }
        next = (next + 1) % Self.length
    }

    /// Oldest first, a line each.
    var lines: [String] {
        let ordered = entries.count < Self.length ? entries[...] : entries[next...] + entries[..<next]
        return ordered.map { entry in
            let seconds = entry.at.milliseconds / 1_000
            let rest = String(entry.at.milliseconds % 1_000 + 1_000).dropFirst()
            let time = "\(String(repeating: " ", count: seconds < 10 ? 2 : seconds < 100 ? 1 : 0))\(seconds).\(rest)"
            return switch entry.entry {
            case .input(let event): "\(time) -> \(Self.plain(Self.described(event)))"
            case .effect(let effect): "\(time)    \(Self.plain("\(effect)"))"
            }
        }
    }

    private static let longestLine = 240

    /// Without what every line has, and cut where nobody reads on.
    private static func plain(_ text: String) -> String {
        var plain = text
        for name in ["ParleyCore.", "CallNote.", "AgentRequest.", "ReplyPart.", "Optional"] {
            plain = plain.split(separator: name, omittingEmptySubsequences: false).joined()
        }
        return plain.count > longestLine ? plain.prefix(longestLine) + "..." : plain
    }

    /// Audio has no place in a line.
    private static func described(_ event: CallEvent) -> String {
        if case .synthesizer(.audio(let generation, let clause, let audio)) = event {
            return "synthesizer: audio of reply \(generation.number), clause \(clause), \(audio.frameCount) frames"
        }
        return "\(event)"
    }
}
