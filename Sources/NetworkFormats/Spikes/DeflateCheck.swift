import CZip

/// Whether compressed bytes are undamaged, as far as that can be known.
///
/// A check sum over the contents cannot see every change of the compressed bytes: within a run of zeros a
/// copy from 8 bytes back and one from 9 bytes back give the same contents, codes of symbols that do not
/// occur can have any length, and the last byte has unused bits. So the contents are compressed again, with the
/// settings of the program that wrote the archive, and compared byte by byte:
/// - all bytes equal: undamaged;
/// - at least half of them equal: zlib's own stream with a change in it, so damaged;
/// - fewer: made by another compressor (zlib-ng, say), whose choices differ from the first symbols on. Its contents
///   are vouched for by their CRC-32 alone.
///
/// **Cost:** one compression of the contents.
enum DeflateCheck {
  static func isCredible(
    _ contents: [UInt8], _ compressed: ArraySlice<UInt8>, _ settings: ZipWriter.Deflate
  ) -> Bool {
    var stream = z_stream()
    guard rheobase_deflate_begin(&stream, settings.level, settings.memoryLevel) == Z_OK else { return false }
    defer { deflateEnd(&stream) }
    var contents = contents
    var window = [UInt8](repeating: 0, count: 1 << 16)
    var length = 0
    var equal = 0
    let finished = contents.withUnsafeMutableBufferPointer { input in
      window.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        while true {
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          let status = deflate(&stream, Z_FINISH)
          guard status == Z_OK || status == Z_STREAM_END else { return false }
          let made = output.count - Int(stream.avail_out)
          for (ours, theirs) in zip(output[0..<made], compressed.dropFirst(length)) where ours == theirs {
            equal += 1
          }
          length += made
          if status == Z_STREAM_END { return true }
        }
      }
    }
    guard finished else { return false }
    let longer = max(length, compressed.count)
    return equal == longer || 2 * equal < longer
  }
}
