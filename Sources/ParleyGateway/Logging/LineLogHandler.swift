import Foundation
import Logging

/// Writes one line a record to standard error: plain text, or one JSON object.
///
/// Control characters are escaped and values cut to 256 bytes, so that a peer's text can neither forge nor flood a line.
public struct LineLogHandler: LogHandler {
    public enum Form: String, Sendable { case plain, json }

    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    private let label: String
    private let form: Form
    private let write: @Sendable (String) -> Void

    public init(
        label: String, level: Logger.Level = .info, form: Form = .plain,
        write: @escaping @Sendable (String) -> Void = { LogSink.standardError.append($0) }
    ) {
        self.label = label
        self.logLevel = level
        self.form = form
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let own = event.metadata ?? [:]
        let all = metadata.merging(own) { _, own in own }.sorted { $0.key < $1.key }
        let time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        var line: String
        switch form {
        case .plain:
            line =
                "\(time) \(event.level.rawValue.uppercased()) \(LineLogHandler.escape("\(event.message)", limit: 1_024))"
            for (key, value) in all {
                line += " \(LineLogHandler.escape(key))=\(LineLogHandler.escape("\(value)"))"
            }
        case .json:
            line =
                "{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\",\"label\":\"\(LineLogHandler.escape(label))\""
            line += ",\"message\":\"\(LineLogHandler.escape("\(event.message)", limit: 1_024))\""
            for (key, value) in all {
                line += ",\"\(LineLogHandler.escape(key))\":\"\(LineLogHandler.escape("\(value)"))\""
            }
            line += "}"
        }
        write(line + "\n")
    }

    /// As inside a JSON string; also C1 controls and the line separators that some viewers break at.
    static func escape(_ text: String, limit: Int = 256) -> String {
        var escaped = ""
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= limit else { return escaped + "..." }
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            default:
                let value = scalar.value
                if value < 0x20 || (0x7F...0x9F).contains(value) || value == 0x2028 || value == 0x2029 {
                    let hex = String(value, radix: 16)
                    escaped += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    escaped.unicodeScalars.append(scalar)
                }
            }
        }
        return escaped
    }
}

extension Configuration {
    /// The gateway's logger as the configuration wants it.
    public func makeLogger(label: String = "parley") -> Logger {
        let form = LineLogHandler.Form(rawValue: self[Keys.logFormat]) ?? .plain
        var logger = Logger(label: label) { LineLogHandler(label: $0, form: form) }
        logger.logLevel = logLevel
        return logger
    }
}
