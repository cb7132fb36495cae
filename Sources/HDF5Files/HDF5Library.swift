import CHDF5
import Diagnostics
import Synchronization

/// Serialises all calls: libhdf5 is not thread safe.
enum HDF5Library {
  private static let lock = Mutex<Void>(())

  static func locked<Result: Sendable>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let result: Swift.Result<Result, Failure> = lock.withLock { _ in
      chdf5_silence()
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try result.get()
  }
}

/// An HDF5 identifier that closes itself.
struct Handle: ~Copyable {
  let id: hid_t
  private let close: (hid_t) -> herr_t

  /// nil if the library returned an error instead of an identifier.
  init?(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) {
    guard id >= 0 else { return nil }
    self.id = id
    self.close = close
  }

  deinit { _ = close(id) }
}
