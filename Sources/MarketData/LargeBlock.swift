#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Large blocks of memory that are about to be filled for the first time.
///
/// The first touch of a fresh page of 4 KiB costs more than parsing what goes into it; pages of 2 MiB take that away
/// (the rows of 1 M bars). Where the system has none to give, nothing changes but the speed.
enum LargeBlock {
  /// `count` times `value`.
  static func filled<Element>(_ value: Element, count: Int) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      wantLargePages(UnsafeMutableRawBufferPointer(buffer))
      buffer.initialize(repeating: value)
      initialized = count
    }
  }

  /// Asks the system for large pages under the block.
  static func wantLargePages(_ block: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
    let page = 1 << 21
    guard block.count >= 2 * page, let base = block.baseAddress else { return }
    let start = base.alignedUp(toMultipleOf: page)
    // A refusal means small pages, which serve as well.
    _ = madvise(start, block.count - (start - base), MADV_HUGEPAGE)
    #endif
  }
}
