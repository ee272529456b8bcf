/// Text that stands between the tags of XML or HTML, or in an attribute.
public enum Markup {
    /// What XML 1.0 cannot carry at all, escaped or not, is left out.
    ///
    /// - Parameter inAttribute: between double quotes, where a line's end would otherwise be read as a space.
    public static func escaped(_ text: String, inAttribute: Bool = false) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\t", "\n", "\r":
                if inAttribute { escaped += "&#\(scalar.value);" } else { escaped.unicodeScalars.append(scalar) }
            default:
                let isForbidden = scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF
                if !isForbidden { escaped.unicodeScalars.append(scalar) }
            }
        }
        return escaped
    }
}
