/// How a database file is used.
public struct SQLiteSettings: Hashable, Sendable {
  public var path: String
  /// Connections that read beside the one that writes, 1 to 64.
  public var readers = 4
  /// Seconds for which a statement waits for a lock of another process.
  public var timeout: Double = 10

  public init(path: String) { self.path = path }
}
