/// How whole numbers, texts and octets stand in a capsule. Numbers are LEB128 varints, signed ones in zigzag; what has a
/// length has it in front. A number is appended at once: octet by octet the array is asked each time whether it is shared.
extension [UInt8] {
    mutating func append(varint value: UInt64) {
        guard value >= 0x80 else { return append(UInt8(truncatingIfNeeded: value)) }
        withUnsafeTemporaryAllocation(byteCount: 10, alignment: 1) { octets in
            let end = octets.write(varint: value, at: 0)
            append(contentsOf: UnsafeRawBufferPointer(rebasing: octets[..<end]))
        }
    }

    mutating func append(varint value: some BinaryInteger) { append(varint: UInt64(value)) }

    mutating func append(signed value: Int64) { append(varint: UInt64(zigzag: value)) }

    mutating func append(time: CallTime) { append(signed: time.nanoseconds) }

    mutating func append(octets: some Collection<UInt8>) {
        append(varint: octets.count)
        append(contentsOf: octets)
    }

    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(octets: $0) }
    }

    /// Little-endian.
    mutating func append(fixed value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

extension UInt64 {
    /// A signed number with its sign in the lowest bit, so that small ones stay short.
    init(zigzag value: Int64) { self.init(bitPattern: (value << 1) ^ (value >> 63)) }

    /// How many octets it has as a varint: 1 to 10.
    var varintCount: Int { (64 + 6 - (self | 1).leadingZeroBitCount) / 7 }
}

extension UnsafeMutableRawBufferPointer {
    /// - Returns: the place after it.
    @inline(__always)
    func write(varint value: UInt64, at place: Int) -> Int {
        var (rest, place) = (value, place)
        while rest >= 0x80 {
            self[place] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest >>= 7
            place += 1
        }
        self[place] = UInt8(truncatingIfNeeded: rest)
        return place + 1
    }
}

/// Reads what the functions above wrote. Every length is checked against what is there, so nothing is ever made larger than
/// the octets that were given.
struct CapsuleCursor {
    private let octets: ArraySlice<UInt8>
    private var position: Int

    init(_ octets: ArraySlice<UInt8>) {
        self.octets = octets
        position = octets.startIndex
    }

    var isAtEnd: Bool { position == octets.endIndex }
    var remaining: Int { octets.endIndex - position }

    mutating func octet() throws(CapsuleError) -> UInt8 {
        guard position < octets.endIndex else { throw .cutShort }
        defer { position += 1 }
        return octets[position]
    }

    mutating func varint() throws(CapsuleError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            let next = try octet()
            let bits = UInt64(next & 0x7F)
            guard shift < 63 || bits <= 1 else { throw .number }
            value |= bits << UInt64(shift)
            if next & 0x80 == 0 { return value }
        }
        throw .number
    }

    mutating func whole<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(CapsuleError) -> Number {
        guard let value = Number(exactly: try varint()) else { throw .number }
        return value
    }

    mutating func signed() throws(CapsuleError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A time that no sum of the call's own can overflow: within a year of the call's beginning.
    mutating func time() throws(CapsuleError) -> CallTime {
        let nanoseconds = try signed()
        guard nanoseconds.magnitude <= 31_536_000_000_000_000 else { throw .number }
        return CallTime(nanoseconds: nanoseconds)
    }

    mutating func take(_ count: Int) throws(CapsuleError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .cutShort }
        defer { position += count }
        return octets[position..<position + count]
    }

    mutating func slice() throws(CapsuleError) -> ArraySlice<UInt8> { try take(try whole(Int.self)) }

    mutating func text() throws(CapsuleError) -> String {
        guard let text = String(validating: try slice(), as: UTF8.self) else { throw .text }
        return text
    }

    mutating func flag() throws(CapsuleError) -> Bool {
        switch try octet() {
        case 0: false
        case 1: true
        default: throw .number
        }
    }

    mutating func fixed<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(CapsuleError) -> Number {
        var value: Number = 0
        for (index, octet) in try take(Number.bitWidth / 8).enumerated() {
            value |= Number(truncatingIfNeeded: octet) << Number(8 * index)
        }
        return value
    }
}

/// Why octets are no capsule, or no more of one.
public enum CapsuleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file does not begin as a capsule does.
    case notACapsule
    /// Made by a version of the format that this one does not read.
    case version(UInt8)
    /// The record that everything else needs is missing or does not say enough.
    case header(String)
    /// A record ends too soon.
    case cutShort
    /// A number that does not fit.
    case number
    /// A text that is not UTF-8.
    case text
    /// A kind or a case that this version does not know.
    case unknown(String)
    /// Audio that does not fit the call's format.
    case audio
    /// A detector cannot hear it, and why.
    case unheard(String)

    public var description: String {
        switch self {
        case .notACapsule: "this is no capsule: it does not begin with \"PARLEYCAP\""
        case .version(let version):
            "the capsule has format \(version); this parley reads format \(CapsuleFormat.version)"
        case .header(let what): "the capsule's header has no usable `\(what)`"
        case .cutShort: "a record ends too soon"
        case .number: "a number does not fit"
        case .text: "a text is not UTF-8"
        case .unknown(let what): "\(what) is not known to this version"
        case .audio: "audio does not fit the call's format"
        case .unheard(let why): "the detector cannot hear this capsule: \(why)"
        }
    }
}
