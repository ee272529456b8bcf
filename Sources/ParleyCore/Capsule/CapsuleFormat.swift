/// How a capsule is laid out; `docs/replay.md` tells it to people.
///
/// A file is ten octets, `PARLEYCAP` and the version, and then records: a varint length, so many octets (a kind, the time
/// since the record before in nanoseconds as a zigzag varint, the body), and a checksum of these octets. Whatever is cut off
/// or damaged ends it there: what stands before is whole.
public enum CapsuleFormat {
    public static let magic: [UInt8] = Array("PARLEYCAP".utf8)
    public static let version: UInt8 = 1

    /// On an input's kind: exactly one frame was sent about it, and nothing else was done. Most inputs are so.
    static let sentOneFrame: UInt8 = 0x80

    /// One record as it stands in a file.
    ///
    /// - Parameter record: kind, time and body.
    public static func record(_ record: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        append(record, to: &octets)
        return octets
    }

    static func append(_ record: [UInt8], to octets: inout [UInt8]) {
        octets.append(varint: record.count)
        octets += record
        octets.append(fixed: record.withUnsafeBytes { OutputHash.checksum($0) })
    }

    /// Writes a record whose length is known, up to its checksum, in one piece and without another copy: it is done for every frame.
    ///
    /// - Parameter body: fills as many octets.
    /// - Returns: where the record begins, and where its kind stands.
    @inline(__always)
    static func open(
        _ kind: Kind, after time: CallTime, octets count: Int, in octets: inout [UInt8],
        _ body: (inout MutableSpan<UInt8>) -> Void
    ) -> (start: Int, kind: Int) {
        let start = octets.count
        octets.reserveRoom(for: count + mostAround)
        var head = 0
        withUnsafeTemporaryAllocation(byteCount: count + mostAround, alignment: 1) { room in
            let sinceLast = UInt64(zigzag: time.nanoseconds)
            head = room.write(varint: UInt64(1 + sinceLast.varintCount + count), at: 0)
            room[head] = kind.rawValue
            let beforeBody = room.write(varint: sinceLast, at: head + 1)
            let place = UnsafeMutableRawBufferPointer(rebasing: room[beforeBody..<beforeBody + count])
            var span = MutableSpan<UInt8>(_unsafeBytes: place)
            body(&span)
            octets.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<(beforeBody + count)]))
        }
        return (start, start + head)
    }

    /// Ends the record whose kind stands at `kind`.
    @inline(__always)
    static func close(from kind: Int, in octets: inout [UInt8]) {
        let checksum = octets.withUnsafeBytes { OutputHash.checksum(UnsafeRawBufferPointer(rebasing: $0[kind...])) }
        octets.append(fixed: checksum)
    }

    /// Length, kind, time and checksum at their largest.
    private static let mostAround = 32

    enum Kind: UInt8 {
        /// Names and values: who, when, how the call behaves.
        case header = 1
        /// A recorded phrase, as soon as the call plays it for the first time.
        case phrase = 2
        /// 20 ms of the caller: mu-law, one octet a sample.
        case mulaw = 16
        /// The same: 16-bit little-endian samples.
        case linear16 = 17
        /// Anything else that happened.
        case event = 18
        /// 20 ms of the caller without the sound: what was made of it.
        case judged = 19
        /// What the call did about the input before.
        case outputs = 32
        /// The hash of all outputs so far.
        case hash = 33
        case end = 48

        var isInput: Bool { (16..<32).contains(rawValue) }
    }
}

/// A running hash of what a call put out: 64 bits, 8 octets a step; for telling outputs apart, not for security.
///
/// Each piece (a frame, an effect's line) is taken as little-endian words, the last one filled up with zeros, then its length
/// with the piece's kind in the top octet: `h = rotate_left((h ^ word) * 0x9E3779B97F4A7C15, 29)`.
public struct OutputHash: Equatable, Sendable {
    public private(set) var value: UInt64 = 0x5041_524C_4559_0001

    public init() {}

    enum Piece: UInt64 {
        case frame = 1
        case line = 2
        case record = 3
    }

    /// Takes a frame that was sent, in the leg's codec.
    public mutating func add(frame: Span<UInt8>) { frame.withUnsafeBytes { add(.frame, $0) } }

    /// Takes an effect: see `CallEffect.line`.
    public mutating func add(line: String) {
        var line = line
        line.withUTF8 { add(.line, UnsafeRawBufferPointer($0)) }
    }

    mutating func add(_ piece: Piece, _ octets: UnsafeRawBufferPointer) {
        var at = 0
        while at + 8 <= octets.count {
            mix(UInt64(littleEndian: octets.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
            at += 8
        }
        var last: UInt64 = 0
        var shift: UInt64 = 0
        while at < octets.count {
            last |= UInt64(octets[at]) << shift
            shift += 8
            at += 1
        }
        if shift > 0 { mix(last) }
        mix(UInt64(octets.count) | piece.rawValue << 56)
    }

    private mutating func mix(_ word: UInt64) {
        let product = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        value = product << 29 | product >> 35
    }

    /// Of one record's octets: its checksum.
    static func checksum(_ octets: UnsafeRawBufferPointer) -> UInt32 {
        var hash = OutputHash()
        hash.add(.record, octets)
        return UInt32(truncatingIfNeeded: hash.value ^ hash.value >> 32)
    }
}
