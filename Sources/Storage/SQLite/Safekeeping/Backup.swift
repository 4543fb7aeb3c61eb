import GRDB
public import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Copies of a database, each verified before it takes its name.
public enum Backup {
  /// Copies a database to a file that is not there yet: one consistent state, also while a process writes to it.
  ///
  /// The copy is made under another name, read back (SQLite's integrity check, foreign keys, every chunk of candles),
  /// put on the disk, and only then named.
  public static func make(of database: String, to target: String) async throws(StoreError) {
    if FileManager.default.fileExists(atPath: target) {
      throw .cannotOpen(path: target, detail: "it is there already, and is not overwritten")
    }
    try await copy(database, to: target)
  }

  /// Makes a backup in a folder, named for the moment, and takes the oldest away where there are more than `keep`.
  /// Other files of the folder stay. Returns the new file and the removed ones.
  public static func rotate(
    of database: String, in folder: String, keep: Int, now: Instant
  ) async throws(StoreError) -> (made: String, removed: [String]) {
    let target = "\(folder)/\(prefix)\(stamp(now))\(suffix)"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotOpen(path: folder, detail: "\(error)")
    }
    try await make(of: database, to: target)
    let surplus = all(in: folder).dropLast(max(1, keep))
    do {
      for name in surplus { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
    } catch {
      throw .cannotOpen(path: folder, detail: "an old backup cannot be removed: \(error)")
    }
    return (target, surplus.map { "\(folder)/\($0)" })
  }

  /// Whether a folder's latest backup is as old as `every` milliseconds, or there is none.
  public static func isDue(in folder: String, every: Int64, now: Instant) -> Bool {
    guard let last = all(in: folder).last, let made = moment(of: last) else { return true }
    return now.milliseconds - made.milliseconds >= every
  }

  private static let prefix = "finstage-"
  private static let suffix = ".db"

  /// The backups of a folder, the oldest first.
  static func all(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { moment(of: $0) != nil }.sorted()
  }

  /// 20261122T213000Z: sorts by time and stands in a name of a file anywhere.
  static func stamp(_ moment: Instant) -> String {
    moment.description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }

  private static func moment(of name: String) -> Instant? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count == prefix.count + 16 + suffix.count else {
      return nil
    }
    let stamp = Array(name.dropFirst(prefix.count).prefix(16))
    guard stamp[8] == "T", stamp[15] == "Z" else { return nil }
    let date = "\(String(stamp[0..<4]))-\(String(stamp[4..<6]))-\(String(stamp[6..<8]))"
    return Instant("\(date)T\(String(stamp[9..<11])):\(String(stamp[11..<13])):\(String(stamp[13..<15]))Z")
  }

  /// Copies one consistent state and reads the copy back. The target takes its name whole or not at all.
  static func copy(_ database: String, to target: String) async throws(StoreError) {
    let partial = target + ".partial"
    do {
      try SQLiteFile.check(database, mayBeMissing: false)
      try? FileManager.default.removeItem(atPath: partial)
      try await vacuum(database, into: partial)
      let faults = try await Diagnosis.faults(of: partial)
      if let fault = faults.first { throw StoreError.corrupt(path: database, detail: fault) }
      try DurableFile.synchronize(partial)
      try DurableFile.move(partial, to: target)
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      throw StoreError(error, path: database)
    }
  }

  /// On a connection of its own, which sees one state from beginning to end and keeps no writer waiting.
  private static func vacuum(_ database: String, into target: String) async throws {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    let source = try DatabaseQueue(path: database, configuration: configuration)
    defer { try? source.close() }
    try await source.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [target]) }
  }
}
