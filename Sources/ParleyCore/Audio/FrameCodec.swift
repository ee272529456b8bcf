/// The codec seam: one direction of one leg, state kept between frames.
///
/// G.711 and linear PCM live in this module, Opus in `ParleyOpus`.
public protocol FrameEncoder {
    /// Appends one 20 ms frame (`samplesPerFrame` samples at the leg's rate), encoded, to `out`.
    mutating func encode(_ frame: Span<Int16>, into out: inout [UInt8]) throws(CodecError)
}

/// What a codec library refused, as its own code and words.
public struct CodecError: Error, Equatable, Sendable, CustomStringConvertible {
    public var code: Int
    public var description: String

    public init(code: Int, description: String) {
        self.code = code
        self.description = description
    }
}
