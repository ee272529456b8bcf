/// Cuts the body of a `text/event-stream` into the data of its events, wherever the network cut it.
///
/// Lines end in LF, CR or CRLF. The `data` lines of one event are joined by a line feed; comments and other fields are
/// let fall. An event that the body's end cuts short is told, as not every server ends its last one.
/// Source: WHATWG HTML, section 9.2 "Server-sent events".
struct EventStreamParser: Sendable {
    /// A line, or the data of one event, is longer than `maxBytes`.
    struct TooLong: Error, Equatable {}
    static let maxBytes = 65_536

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var followsReturn = false
    private var isFirstLine = true

    /// - Parameter event: takes each event's data; lent.
    mutating func feed(
        _ bytes: UnsafeRawBufferPointer, _ event: (UnsafeRawBufferPointer) -> Void
    ) throws(TooLong) {
        var start = 0
        for (index, byte) in bytes.enumerated() {
            guard byte == 0x0A || byte == 0x0D else {
                followsReturn = false
                continue
            }
            defer { start = index + 1 }
            if byte == 0x0A && followsReturn {
                followsReturn = false
                continue
            }
            followsReturn = byte == 0x0D
            try append(bytes[start..<index])
            try endLine(event)
        }
        try append(bytes[start...])
    }

    /// The body is over.
    mutating func finish(_ event: (UnsafeRawBufferPointer) -> Void) throws(TooLong) {
        if !line.isEmpty { try endLine(event) }
        dispatch(event)
    }

    private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) throws(TooLong) {
        guard line.count + bytes.count <= Self.maxBytes else { throw TooLong() }
        line.append(contentsOf: bytes)
    }

    private mutating func endLine(_ event: (UnsafeRawBufferPointer) -> Void) throws(TooLong) {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            // A byte order mark.
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch(event) }
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        guard name.elementsEqual("data".utf8) else { return }
        var value = line.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        guard data.count + value.count < Self.maxBytes else { throw TooLong() }
        if hasData { data.append(0x0A) }
        data.append(contentsOf: value)
        hasData = true
    }

    private mutating func dispatch(_ event: (UnsafeRawBufferPointer) -> Void) {
        guard hasData else { return }
        data.withUnsafeBytes { event($0) }
        data.removeAll(keepingCapacity: true)
        hasData = false
    }
}
