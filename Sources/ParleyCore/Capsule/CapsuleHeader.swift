/// What a capsule says of its call before anything happens: names and values, so that whoever reads it can read all of it.
public struct CapsuleHeader: Equatable, Sendable {
    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String
    }
    public private(set) var fields: [Field] = []

    public init() {}

    /// The value of a name; setting it again replaces it, `nil` removes it.
    public subscript(_ name: String) -> String? {
        get { fields.first { $0.name == name }?.value }
        set {
            fields.removeAll { $0.name == name }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// Wall-clock time of the call's beginning, seconds since 1970-01-01 UTC; 0 where it is not told, or is no such time.
    public var startedAt: Double {
        let seconds = self["started_at"].flatMap(Double.init) ?? 0
        return (0...4e9).contains(seconds) ? seconds : 0
    }

    /// Puts down how the call behaves, but for its recorded phrases, which follow where they are played.
    public mutating func describe(_ settings: CallSettings) {
        self["format.codec"] = settings.format.codec.rawValue
        self["format.sample_rate"] = "\(settings.format.sampleRate)"
        self["phrases"] = settings.phrases.keys.map(\.rawValue).sorted().joined(separator: " ")
        for setting in CallSettings.Setting.all { self["settings." + setting.name] = setting.read(settings) }
    }

    /// - Throws: `.header`, naming what is missing or unreadable. Settings that this version has and the capsule does not are
    ///   at their defaults.
    public func settings() throws(CapsuleError) -> CallSettings {
        guard let codec = self["format.codec"].flatMap(LegFormat.Codec.init) else { throw .header("format.codec") }
        guard let rate = self["format.sample_rate"].flatMap({ Int($0) }), rate == 8_000 || rate == 16_000,
            codec != .mulaw || rate == 8_000
        else { throw .header("format.sample_rate") }
        var settings = CallSettings(format: LegFormat(codec: codec, sampleRate: rate))
        for setting in CallSettings.Setting.all {
            guard let text = self["settings." + setting.name] else { continue }
            guard setting.write(text, &settings) else { throw .header("settings." + setting.name) }
        }
        return settings
    }

    func append(to out: inout [UInt8]) {
        out.append(varint: fields.count)
        for field in fields {
            out.append(text: field.name)
            out.append(text: field.value)
        }
    }

    init(from cursor: inout CapsuleCursor) throws(CapsuleError) {
        let count = try cursor.whole(Int.self)
        guard count <= cursor.remaining / 2 else { throw .cutShort }
        for _ in 0..<count { fields.append(Field(name: try cursor.text(), value: try cursor.text())) }
    }
}
