/// What a peer says of itself, made fit for a record, a log line and a terminal.
public enum PeerText {
    /// A telephone number, a SIP address and any provider's ids are shorter.
    public static let longest = 128

    /// At most `longest` scalars, without control characters and without those that turn the direction of text.
    public static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: continue
            default: break
            }
            line.append(scalar)
            count += 1
            if count == longest { break }
        }
        return String(line)
    }
}
