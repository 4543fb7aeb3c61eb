import Foundation
import GRDB

/// What a file is, found out without changing it.
enum SQLiteFile {
  /// "FINS", by which `file` and this program know their databases (SQLite's application id).
  static let application = 0x4649_4E53

  /// The number of the file's schema; 0 where it holds nothing yet. Anything that this program must not write to is
  /// refused.
  @discardableResult
  static func check(_ path: String, mayBeMissing: Bool) throws -> Int {
    guard FileManager.default.fileExists(atPath: path) else {
      if mayBeMissing { return 0 }
      throw StoreError.missing(path: path)
    }
    let (head, size) = try start(of: path)
    if size == 0 {
      if mayBeMissing { return 0 }
      throw StoreError.missing(path: path)
    }
    guard head.starts(with: Array("SQLite format 3\0".utf8)) else { throw StoreError.notADatabase(path: path) }
    try checkLength(head, size, path)

    let (application, version, tables) = try identity(of: path)
    if application == 0, version == 0, tables == 0 { return 0 }
    guard application == SQLiteFile.application else { throw StoreError.foreign(path: path) }
    guard version <= Migration.latest else {
      throw StoreError.newer(path: path, found: version, known: Migration.latest)
    }
    return version
  }

  private static func identity(of path: String) throws -> (application: Int, version: Int, tables: Int) {
    do {
      return try identity(of: path, readonly: true)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      // Its writer was killed within a transaction. Whoever opens it next takes that back, for which it has to be written
      // to; what had been committed stays as it is.
      return try identity(of: path, readonly: false)
    }
  }

  private static func identity(
    of path: String, readonly: Bool
  ) throws -> (application: Int, version: Int, tables: Int) {
    var configuration = GRDB.Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(5)
    let file = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? file.close() }
    return try file.unsafeRead { db in
      (
        try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0, try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
      )
    }
  }

  private static func start(of path: String) throws -> (head: [UInt8], size: Int) {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw StoreError.cannotOpen(path: path, detail: "it cannot be read")
    }
    defer { try? handle.close() }
    let head = try handle.read(upToCount: 100) ?? Data()
    return ([UInt8](head), Int(try handle.seekToEnd()))
  }

  /// A file that is shorter than its own header says has been cut off. While there is a log, pages may stand there.
  private static func checkLength(_ head: [UInt8], _ size: Int, _ path: String) throws {
    func number(_ at: Int, _ bytes: Int) -> Int { head[at..<at + bytes].reduce(0) { $0 << 8 | Int($1) } }
    guard head.count == 100 else { throw StoreError.corrupt(path: path, detail: "\(size) bytes are no database") }
    let pageSize = number(16, 2) == 1 ? 65_536 : number(16, 2)
    // The count is only right where the two change counters agree: file format of SQLite, section 1.3.7.
    guard number(24, 4) == number(92, 4) else { return }
    let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
    guard (log ?? 0) == 0, size < number(28, 4) * pageSize else { return }
    throw StoreError.corrupt(path: path, detail: "\(size) bytes, where its header says \(number(28, 4) * pageSize)")
  }
}
