#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A ledger's file, open and locked until it goes out of use.
struct LedgerFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  /// What tells this file from another that takes its place.
  let identity: Identity
  private(set) var size: Int
  private let mode: mode_t

  struct Identity: Hashable {
    var device, node: UInt64
  }

  private enum Access { case read, write }

  /// Opens for reading; nil where there is no file.
  static func reading(_ path: String) throws(TrialLedgerError) -> LedgerFile? { try open(path, .read) }

  /// Opens for appending; the file and its folder are made where they are missing.
  static func writing(_ path: String) throws(TrialLedgerError) -> LedgerFile {
    makeFolders(above: path)
    guard let file = try open(path, .write) else { throw .cannotWrite(path: path, reason: "it went away") }
    return file
  }

  private static func open(_ path: String, _ access: Access) throws(TrialLedgerError) -> LedgerFile? {
    // Whoever compacts puts another file in the place of this one: then what was locked is not the ledger any more.
    for _ in 0..<1_000 {
      let flags = access == .write ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC
      let descriptor = systemOpen(path, flags, 0o644)
      guard descriptor >= 0 else {
        if access == .read, errno == ENOENT { return nil }
        throw access == .read
          ? .cannotRead(path: path, reason: reason()) : .cannotWrite(path: path, reason: reason())
      }
      guard lock(descriptor, access == .write ? LOCK_EX : LOCK_SH) else {
        close(descriptor)
        throw .locked(path: path)
      }
      var (own, current) = (stat(), stat())
      guard fstat(descriptor, &own) == 0 else {
        defer { close(descriptor) }
        throw .cannotRead(path: path, reason: reason())
      }
      if stat(path, &current) == 0, own.st_ino == current.st_ino, own.st_dev == current.st_dev {
        let identity = Identity(device: UInt64(own.st_dev), node: UInt64(own.st_ino))
        return LedgerFile(
          path: path, descriptor: descriptor, identity: identity, size: Int(own.st_size),
          mode: own.st_mode)
      }
      close(descriptor)
    }
    throw .locked(path: path)
  }

  deinit { close(descriptor) }

  /// Waits for the lock, ten seconds at most.
  private static func lock(_ descriptor: Int32, _ kind: Int32) -> Bool {
    for _ in 0..<2_000 {
      if flock(descriptor, kind | LOCK_NB) == 0 { return true }
      guard errno == EWOULDBLOCK || errno == EINTR else { return false }
      usleep(5_000)
    }
    return false
  }

  /// Bytes from an offset; fewer at the end of the file.
  func read(at offset: Int, count: Int) throws(TrialLedgerError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
      while filled < buffer.count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        failed = got < 0
        guard got > 0 else { break }
        filled += got
      }
    }
    if failed { throw .cannotRead(path: path, reason: LedgerFile.reason()) }
    return bytes
  }

  /// Replaces what stands from `end` on (a line that was never finished) by these bytes, and returns when they are on
  /// the disk.
  mutating func append(_ bytes: [UInt8], from end: Int) throws(TrialLedgerError) {
    if end < size, ftruncate(descriptor, off_t(end)) != 0 {
      throw .cannotWrite(path: path, reason: LedgerFile.reason())
    }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, off_t(end + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = LedgerFile.reason()
        // A full disk must not leave half a row behind.
        _ = ftruncate(descriptor, off_t(end))
        throw .cannotWrite(path: path, reason: reason)
      }
      done += count
    }
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: LedgerFile.reason()) }
    if size == 0 { LedgerFile.syncFolder(of: path) }
    size = end + bytes.count
  }

  /// Puts a file that `write` fills in the place of this one, whole or not at all.
  consuming func replace(
    _ write: (_ old: borrowing LedgerFile, _ put: ([UInt8]) throws(TrialLedgerError) -> Void) throws(TrialLedgerError)
      -> Void
  ) throws(TrialLedgerError) {
    // Where the path is a link, the file that it leads to is replaced, not the link.
    var target = path
    if let real = realpath(path, nil) {
      target = String(cString: real)
      free(real)
    }
    let temporary = target + ".new"
    let other = systemOpen(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard other >= 0 else { throw .cannotWrite(path: temporary, reason: LedgerFile.reason()) }
    defer { close(other) }
    func put(_ bytes: [UInt8]) throws(TrialLedgerError) {
      var done = 0
      while done < bytes.count {
        let count = bytes.withUnsafeBytes {
          systemWrite(other, $0.baseAddress.map { $0 + done }, $0.count - done)
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw .cannotWrite(path: temporary, reason: LedgerFile.reason()) }
        done += count
      }
    }
    do throws(TrialLedgerError) {
      try write(self, put)
      guard fsync(other) == 0, fchmod(other, mode & 0o777) == 0, rename(temporary, target) == 0 else {
        throw .cannotWrite(path: path, reason: LedgerFile.reason())
      }
    } catch {
      unlink(temporary)
      throw error
    }
    LedgerFile.syncFolder(of: target)
  }

  private static func makeFolders(above path: String) {
    for slash in path.indices.dropFirst() where path[slash] == "/" { mkdir(String(path[..<slash]), 0o755) }
  }

  /// A file that is new is on the disk when its folder is.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = systemOpen(folder, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}

private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
