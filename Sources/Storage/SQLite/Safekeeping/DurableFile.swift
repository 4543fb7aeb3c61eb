#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Files that are still there after power loss.
enum DurableFile {
  /// Waits until what was written to a file or a folder is on the disk.
  static func synchronize(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  /// Gives a file another name, for good.
  static func move(_ path: String, to target: String) throws(StoreError) {
    guard rename(path, target) == 0 else { throw failure(target) }
    try synchronize(target.lastIndex(of: "/").map { $0 == target.startIndex ? "/" : String(target[..<$0]) } ?? ".")
  }

  private static func failure(_ path: String) -> StoreError {
    errno == ENOSPC ? .diskFull(path: path) : .cannotOpen(path: path, detail: String(cString: strerror(errno)))
  }
}
