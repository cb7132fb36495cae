import CZip
import Diagnostics

/// Files compressed by gzip.
enum Gzip {
  /// The contents, several members one after the other included. zlib checks each one's length and CRC-32; a
  /// header's name and date are not looked at.
  ///
  /// - Parameter limit: bytes of contents beyond which the file is refused.
  static func contents(_ file: [UInt8], place: String, limit: Int) throws(Failure) -> [UInt8] {
    var stream = z_stream()
    guard rheobase_gunzip_begin(&stream) == Z_OK else {
      throw refusal(place, "zlib cannot start")
    }
    defer { inflateEnd(&stream) }
    var contents: [UInt8] = []
    var window = [UInt8](repeating: 0, count: 1 << 16)
    var input = file
    let problem = input.withUnsafeMutableBufferPointer { input -> String? in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      while true {
        let (status, made) = window.withUnsafeMutableBufferPointer { output -> (Int32, Int) in
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          let status = inflate(&stream, Z_NO_FLUSH)
          return (status, output.count - Int(stream.avail_out))
        }
        guard status == Z_OK || status == Z_STREAM_END else {
          return status == Z_BUF_ERROR
            ? "the compressed file ends early" : "the compressed file is damaged or not gzip's"
        }
        guard contents.count + made <= limit else { return "the contents are more than \(limit) bytes" }
        contents += window[..<made]
        if status == Z_STREAM_END {
          if stream.avail_in == 0 { return nil }
          guard inflateReset(&stream) == Z_OK else { return "zlib cannot go on" }
        }
      }
    }
    if let problem { throw refusal(place, problem) }
    return contents
  }

  private static func refusal(_ place: String, _ problem: String) -> Failure {
    Failure(.badInput, Diagnostic("file.gzip", place: place, problem: problem))
  }
}
