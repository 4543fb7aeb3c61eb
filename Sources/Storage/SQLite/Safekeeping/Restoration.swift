import GRDB
public import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Puts a backup in the place of a database.
public enum Restoration {
  /// Verifies a backup, copies it beside the database, keeps the database under another name, and gives the copy its
  /// name. Nobody may be writing to the database. Returns where the replaced one is now; nil where there was none.
  public static func restore(
    _ backup: String, to database: String, now: Instant
  ) async throws(StoreError) -> String? {
    do {
      if let slash = database.lastIndex(of: "/"), slash > database.startIndex {
        try FileManager.default.createDirectory(
          atPath: String(database[..<slash]), withIntermediateDirectories: true)
      }
    } catch {
      throw .cannotOpen(path: database, detail: "\(error)")
    }
    let lock = try StoreLock(of: database)
    defer { withExtendedLifetime(lock) {} }
    let restored = database + ".restored"
    try? FileManager.default.removeItem(atPath: restored)
    try await Backup.copy(backup, to: restored)
    let aside = try setAside(database, now)
    try DurableFile.move(restored, to: database)
    return aside
  }

  /// A database and its log belong together. What stands in the log is brought into the database first, where that can
  /// be; then both move, the database first, so that it never keeps its name without what was saved last.
  private static func setAside(_ database: String, _ now: Instant) throws(StoreError) -> String? {
    guard FileManager.default.fileExists(atPath: database) else { return nil }
    if let file = try? DatabaseQueue(path: database) {
      _ = try? file.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
      try? file.close()
    }
    var aside = "\(database).replaced-\(Backup.stamp(now))"
    var number = 1
    while FileManager.default.fileExists(atPath: aside) {
      number += 1
      aside = "\(database).replaced-\(Backup.stamp(now))-\(number)"
    }
    for part in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: database + part) {
      try DurableFile.move(database + part, to: aside + part)
    }
    return aside
  }
}
