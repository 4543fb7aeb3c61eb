import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The store in one SQLite file: one connection writes, a few read beside it, none blocks Swift's own threads.
public final class SQLiteStore: Sendable {
  public enum Access: Sendable {
    /// Makes the file where there is none, brings its schema up to date, and keeps other writers out.
    case writing
    /// Reads, also beside a process that writes.
    case reading
    /// Changes what single statements can change beside a process that writes: the states of messages. The lock is
    /// SQLite's own, for one statement at a time (docs/decisions/0020).
    case changing
  }

  public let settings: SQLiteSettings
  let pool: DatabasePool
  private let lock: StoreLock?
  private let commits: SharedCommits
  let mark: ChangeMark
  private let calls: (@Sendable (Int) -> Void)?

  /// Opens the file. One that is not a database of this program, or of a later version, stays as it is.
  ///
  /// - Parameter calls: Told of +1 when a call begins that a thread of SQLite's answers, and of −1 when its answer is
  ///   there, on the caller's thread.
  public init(
    _ settings: SQLiteSettings, for access: Access, calls: (@Sendable (Int) -> Void)? = nil
  ) throws(StoreError) {
    self.settings = settings
    self.calls = calls
    let path = settings.path
    mark = ChangeMark(path: path)
    do {
      switch access {
      case .writing:
        try SQLiteStore.makeFolder(of: path)
        lock = try StoreLock(of: path)
        try SQLiteFile.check(path, mayBeMissing: true)
        pool = try DatabasePool(path: path, configuration: SQLiteStore.configuration(settings, access))
        try SQLiteStore.makeDurable(pool, path)
        try Migration.bringUpToDate(pool)
      case .reading, .changing:
        lock = nil
        let found = try SQLiteFile.check(path, mayBeMissing: false)
        guard found == Migration.latest else {
          throw StoreError.older(path: path, found: found, known: Migration.latest)
        }
        pool = try DatabasePool(path: path, configuration: SQLiteStore.configuration(settings, access))
        if access == .changing { try SQLiteStore.makeDurable(pool, path) }
      }
      commits = SharedCommits(pool)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Gives the file and its lock back. Work that is under way is finished first.
  public func close() throws(StoreError) {
    mark.close()
    if lock != nil {
      // GRDB closes its writer before its readers, which leaves the log to connections that may not empty it.
      _ = try? pool.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA busy_timeout = 0")
        return try db.checkpoint(.truncate)
      }
    }
    do { try pool.close() } catch { throw StoreError(error, path: settings.path) }
    lock?.release()
  }

  private static func makeFolder(of path: String) throws {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    try FileManager.default.createDirectory(atPath: String(path[..<slash]), withIntermediateDirectories: true)
  }

  private static func configuration(_ settings: SQLiteSettings, _ access: Access) -> GRDB.Configuration {
    var configuration = GRDB.Configuration()
    configuration.foreignKeysEnabled = true
    configuration.readonly = access == .reading
    configuration.maximumReaderCount = settings.readers
    configuration.busyMode = .timeout(settings.timeout)
    configuration.prepareDatabase { db in
      guard access == .writing, !db.configuration.readonly else { return }
      // Takes effect where the file is new. A chunk is 25 pages of this size rather than 50.
      try db.execute(sql: "PRAGMA page_size = 8192")
      // What a large save has grown the log to is given back.
      try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }
    return configuration
  }

  /// GRDB sets NORMAL on its writer after everything that its configuration can say, and NORMAL may lose acknowledged
  /// saves at power loss: so FULL is set on the open pool, and asked for again.
  private static func makeDurable(_ pool: DatabasePool, _ path: String) throws {
    let synchronous = try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      return try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
    }
    guard synchronous == 2 else { throw StoreError.notDurable(path: path, synchronous: synchronous) }
  }

  /// What `PRAGMA synchronous` says on the connection that writes: 2 is FULL.
  func synchronous() async throws(StoreError) -> Int {
    do {
      return try await pool.writeWithoutTransaction { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1 }
    } catch {
      throw StoreError(error, path: settings.path)
    }
  }

  /// Reads one consistent state.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value {
    calls?(1)
    defer { calls?(-1) }
    do { return try await pool.read(body) } catch { throw StoreError(error, path: settings.path) }
  }

  /// Writes everything that the body does, or nothing.
  func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value
  {
    if pool.configuration.readonly { throw .readOnly(path: settings.path) }
    calls?(1)
    defer { calls?(-1) }
    do { return try await commits.write(body) } catch { throw StoreError(error, path: settings.path) }
  }
}

extension StoreError {
  init(_ error: any Error, path: String) {
    switch error {
    case let error as StoreError: self = error
    case is CancellationError: self = .cancelled
    case let error as DatabaseError: self.init(error, path: path)
    default: self = .cannotOpen(path: path, detail: "\(error)")
    }
  }

  private init(_ error: DatabaseError, path: String) {
    let detail = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    case .SQLITE_READONLY: self = .readOnly(path: path)
    case .SQLITE_CORRUPT: self = .corrupt(path: path, detail: detail)
    case .SQLITE_NOTADB: self = .notADatabase(path: path)
    case .SQLITE_CANTOPEN: self = .cannotOpen(path: path, detail: detail)
    case .SQLITE_INTERRUPT, .SQLITE_ABORT: self = .cancelled
    case .SQLITE_IOERR:
      // A write that stops short (a limit on the size of files, a full disk under some file systems) is no SQLITE_FULL.
      let isFull = [DatabaseError.SQLITE_IOERR_WRITE, .SQLITE_IOERR_SHMSIZE].contains(error.extendedResultCode)
      self = isFull ? .diskFull(path: path) : .failed(path: path, detail: detail)
    default: self = .failed(path: path, detail: "\(error.extendedResultCode.rawValue): \(detail)")
    }
  }
}
