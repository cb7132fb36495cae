import CZip

/// Whether compressed bytes are the very ones that zlib makes of the contents.
///
/// A check sum over the contents cannot see every change of the compressed bytes: within a run of zeros a
/// copy from 8 bytes back and one from 9 bytes back give the same contents, codes of symbols that do not
/// occur can have any length, and the last byte has unused bits. So the contents are compressed again, with the
/// settings of the program that wrote the archive, and compared.
///
/// So a stream by another compressor than zlib, or by a zlib that makes other choices, is refused too: it
/// cannot be told from a damaged one.
///
/// **Cost:** one compression of the contents; stops at the first difference.
enum DeflateCheck {
  static func matches(_ contents: [UInt8], _ compressed: ArraySlice<UInt8>, _ settings: ZipWriter.Deflate)
    -> Bool
  {
    var stream = z_stream()
    guard rheobase_deflate_begin(&stream, settings.level, settings.memoryLevel) == Z_OK else { return false }
    defer { deflateEnd(&stream) }
    var contents = contents
    var window = [UInt8](repeating: 0, count: 1 << 16)
    var rest = compressed
    return contents.withUnsafeMutableBufferPointer { input in
      window.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        while true {
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          let status = deflate(&stream, Z_FINISH)
          let made = output.count - Int(stream.avail_out)
          guard status == Z_OK || status == Z_STREAM_END, rest.count >= made,
            rest.prefix(made).elementsEqual(UnsafeBufferPointer(output)[0..<made])
          else { return false }
          rest = rest.dropFirst(made)
          if status == Z_STREAM_END { return rest.isEmpty }
        }
      }
    }
  }
}
