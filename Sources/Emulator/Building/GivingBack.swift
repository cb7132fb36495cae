import CPrefetch
import Glibc

/// Gives back to the system what arrays have let go of: `malloc` keeps it otherwise, in pieces that a larger array does not fit
/// into.
func giveBackFreed() { rheobase_give_back_freed() }

extension Array where Element: FixedWidthInteger {
  /// Gives the memory of elements that are not read again back to the system, in whole pages; they may be 0 afterwards.
  ///
  /// An array that is taken apart front to back, or in any order of large pieces, then does not stand beside all that is made
  /// of it. The array should be the only one with these elements: another one is copied first.
  mutating func giveBack(_ range: Range<Int>) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    guard page > 0, range.count * MemoryLayout<Element>.stride >= page else { return }
    withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let first = UInt(bitPattern: base + range.lowerBound * MemoryLayout<Element>.stride)
      let end = UInt(bitPattern: base + range.upperBound * MemoryLayout<Element>.stride)
      let whole = (first + UInt(page) - 1) / UInt(page) * UInt(page)
      let last = end / UInt(page) * UInt(page)
      // An array's memory is private and belongs to no file, so such pages are zeros when they are touched again.
      if whole < last {
        madvise(UnsafeMutableRawPointer(bitPattern: whole), Int(last - whole), MADV_DONTNEED)
      }
    }
  }
}
