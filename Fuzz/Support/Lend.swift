/// Lends a copy of bytes in memory of exactly their size, where a sanitizer sees every read beyond their end.
///
/// - Parameter shift: how far they begin from where an allocation does: 1-7 for bytes that are aligned to nothing.
func lend<Value>(
    _ bytes: some Collection<UInt8>, shift: Int = 0, _ body: (UnsafeMutableRawBufferPointer) -> Value
) -> Value {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + shift, alignment: 1)
    defer { room.deallocate() }
    let place = UnsafeMutableRawBufferPointer(rebasing: room[shift...])
    place.copyBytes(from: bytes)
    return body(place)
}
