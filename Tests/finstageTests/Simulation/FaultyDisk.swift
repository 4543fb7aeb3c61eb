import Foundation
import GRDBSQLite
import Synchronization

/// A disk that fails as it is told, under the databases of this process whose path has `.faulty/` in it: SQLite's own
/// layer of files with another write and another sync, as SQLite's own tests have it. What SQLite, GRDB and the store
/// make of a full disk is theirs.
///
/// Unchecked: the pointers are set once, before `install` comes back, and what they point at is SQLite's.
final class FaultyDisk: @unchecked Sendable {
  enum Fault: Int, CaseIterable {
    case none
    /// As a full disk.
    case full
    /// The device fails, at writing and at syncing.
    case broken
    /// Half of what is written gets there.
    case torn
    /// As one that was mounted anew without the right to write.
    case readOnly
  }

  static let shared = FaultyDisk()

  private let fault = Atomic<Int>(0)
  private let count = Atomic<Int>(0)
  private var plain: UnsafeMutablePointer<sqlite3_vfs>?
  private var write: (@convention(c) (UnsafeMutablePointer<sqlite3_file>?, UnsafeRawPointer?, Int32, Int64) -> Int32)?
  private var sync: (@convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32) -> Int32)?
  /// SQLite's methods with ours among them, by SQLite's own.
  private let methods = Mutex<[UInt: UInt]>([:])

  private init() {
    guard let found = sqlite3_vfs_find(nil) else { return }
    plain = found
    let copy = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    copy.initialize(to: found.pointee)
    copy.pointee.zName = UnsafePointer(strdup("faulty"))
    copy.pointee.xOpen = { _, name, file, flags, out in FaultyDisk.shared.open(name, file, flags, out) }
    sqlite3_vfs_register(copy, 1)
  }

  /// Faults that a write or a sync has met.
  var faults: Int { count.load(ordering: .relaxed) }

  func set(_ next: Fault) { fault.store(next.rawValue, ordering: .sequentiallyConsistent) }

  private var now: Fault { Fault(rawValue: fault.load(ordering: .sequentiallyConsistent)) ?? .none }

  private func open(
    _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
    _ out: UnsafeMutablePointer<Int32>?
  ) -> Int32 {
    guard let plain, let open = plain.pointee.xOpen else { return SQLITE_CANTOPEN }
    let code = open(plain, name, file, flags, out)
    guard code == SQLITE_OK, let name, String(cString: name).contains(".faulty/"), let file,
      let own = file.pointee.pMethods
    else { return code }
    let place = methods.withLock { methods in
      if let known = methods[UInt(bitPattern: own)] { return known }
      write = own.pointee.xWrite
      sync = own.pointee.xSync
      let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
      copy.initialize(to: own.pointee)
      copy.pointee.xWrite = { FaultyDisk.shared.write($0, $1, $2, $3) }
      copy.pointee.xSync = { FaultyDisk.shared.sync($0, $1) }
      methods[UInt(bitPattern: own)] = UInt(bitPattern: copy)
      return UInt(bitPattern: copy)
    }
    file.pointee.pMethods = UnsafePointer(bitPattern: place)
    return code
  }

  private func write(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ length: Int32, _ offset: Int64
  ) -> Int32 {
    guard let write else { return SQLITE_IOERR }
    let fault = now
    guard fault != .none else { return write(file, bytes, length, offset) }
    count.add(1, ordering: .relaxed)
    switch fault {
    case .none, .full: return SQLITE_FULL
    case .broken: return SQLITE_IOERR | (3 << 8)
    case .torn:
      _ = write(file, bytes, length / 2, offset)
      return SQLITE_IOERR | (3 << 8)
    case .readOnly: return SQLITE_READONLY
    }
  }

  private func sync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
    guard let sync else { return SQLITE_IOERR }
    guard now == .broken else { return sync(file, flags) }
    count.add(1, ordering: .relaxed)
    return SQLITE_IOERR | (4 << 8)
  }
}

/// A process besides that holds the database's lock for writing.
///
/// Unchecked: one task opens and closes it.
final class OtherWriter: @unchecked Sendable {
  private var connection: OpaquePointer?

  init(_ path: String) throws {
    let isOpen = sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK
    sqlite3_busy_timeout(connection, 5_000)
    guard isOpen, sqlite3_exec(connection, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK else {
      close()
      throw CocoaError(.fileLocking)
    }
  }

  func close() {
    if let connection {
      sqlite3_exec(connection, "ROLLBACK", nil, nil, nil)
      sqlite3_close(connection)
    }
    connection = nil
  }
}
