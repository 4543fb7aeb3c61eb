public import Trading

/// Why the store cannot do what it was asked for.
public enum StoreError: Error, Hashable, Sendable {
  /// The file is there and is no SQLite database.
  case notADatabase(path: String)
  /// The file is a database of another program.
  case foreign(path: String)
  /// The file was written by a later version of this program.
  case newer(path: String, found: Int, known: Int)
  /// The file was written by an earlier version, and is opened only for reading.
  case older(path: String, found: Int, known: Int)
  /// The file is damaged.
  case corrupt(path: String, detail: String)
  /// A chunk of candles is not what was written.
  case damaged(CandleKey, from: Instant, detail: String)
  /// Another process writes to this database.
  case inUse(path: String, lock: String, process: Int?)
  case missing(path: String)
  case cannotOpen(path: String, detail: String)
  /// The setting that makes acknowledged saves survive power loss is not in force.
  case notDurable(path: String, synchronous: Int)
  case diskFull(path: String)
  /// The lock was not to be had within the timeout.
  case busy(path: String)
  case readOnly(path: String)
  /// What is to be saved contradicts itself.
  case unsound(String)
  case cancelled
  case failed(path: String, detail: String)

  /// Whether the same may succeed later without anybody doing anything to the file.
  public var isTransient: Bool {
    switch self {
    case .inUse, .diskFull, .busy, .cancelled: true
    default: false
    }
  }
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notADatabase(let path):
      "\(path) is no SQLite database, and is left as it is: move it away, or name another file under storage: sqlite:"
    case .foreign(let path):
      "\(path) is a database of another program, and is left as it is: name another file under storage: sqlite:"
    case .newer(let path, let found, let known):
      "\(path) has schema \(found), and this version of finstage knows up to \(known): use the version that wrote it, "
        + "or restore a backup that this one wrote"
    case .older(let path, let found, let known):
      "\(path) has schema \(found), and this version of finstage reads \(known): `finstage doctor` brings it up to date"
    case .corrupt(let path, let detail):
      "\(path) is damaged (\(detail)) and is left as it is: `finstage doctor` says how far, "
        + "`finstage restore FILE` puts a backup in its place"
    case .damaged(let key, let from, let detail):
      "candles of \(key) from \(from) are damaged (\(detail)): `finstage restore FILE` puts a backup in their place"
    case .inUse(let path, let lock, let process):
      "\(path) is in use by \(process.map { "process \($0)" } ?? "another process") (it holds \(lock)): "
        + "wait for it or stop it"
    case .missing(let path):
      """
      there is no database \(path) yet: `finstage run`, `finstage fetch`, `finstage news fetch` or `finstage import` \
      makes it
      """
    case .cannotOpen(let path, let detail): "\(path) cannot be opened: \(detail)"
    case .notDurable(let path, let synchronous):
      "\(path): PRAGMA synchronous is \(synchronous) where 2 (FULL) was set, so saves might not survive power loss"
    case .diskFull(let path):
      "no room on the disk of \(path): nothing of this save was kept; it can be repeated once there is room"
    case .busy(let path): "\(path) stayed locked by another process for the whole of storage: timeout:"
    case .readOnly(let path): "\(path) is open for reading only"
    case .unsound(let what): what
    case .cancelled: "the work on the database was cancelled"
    case .failed(let path, let detail): "\(path): \(detail)"
    }
  }
}
