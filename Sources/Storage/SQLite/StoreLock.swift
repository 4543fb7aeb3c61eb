import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The right to write to a database, held by one process at a time as a lock on a file beside it.
///
/// The system takes it back when the process ends, however it ends. The file stays: removing it would let two
/// processes each hold a lock on a file of the same name.
final class StoreLock: Sendable {
  private let descriptor: Mutex<Int32?>

  static func path(of database: String) -> String { database + ".lock" }

  /// Takes the lock of a database or says who holds it.
  init(of database: String) throws(StoreError) {
    let path = StoreLock.path(of: database)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: database, detail: "\(path): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      let holder = StoreLock.number(in: descriptor)
      close(descriptor)
      if reason == EWOULDBLOCK { throw .inUse(path: database, lock: path, process: holder) }
      throw .cannotOpen(path: database, detail: "\(path) cannot be locked: \(String(cString: strerror(reason)))")
    }
    self.descriptor = Mutex(descriptor)
    let number = Array("\(getpid())\n".utf8)
    // The number only serves messages; on a full disk the lock holds without it.
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, number, number.count, 0) }
  }

  /// Gives the lock back before the process ends. It is given back and not only closed: a child process that is just
  /// being started has the open file too, until it becomes another program.
  func release() {
    descriptor.withLock { descriptor in
      if let open = descriptor {
        _ = flock(open, LOCK_UN)
        close(open)
      }
      descriptor = nil
    }
  }

  deinit { release() }

  /// Who holds the lock of a database now; nil where nobody does.
  static func holder(of database: String) -> (isHeld: Bool, process: Int?) {
    let descriptor = open(path(of: database), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return (false, nil) }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
      _ = flock(descriptor, LOCK_UN)
      return (false, nil)
    }
    return (errno == EWOULDBLOCK, number(in: descriptor))
  }

  private static func number(in descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? Int(String(decoding: bytes[..<count].prefix { $0 >= 48 && $0 <= 57 }, as: UTF8.self)) : nil
  }
}
