import GRDB
import Synchronization

/// Tells whether anybody has changed the file, without reading what is in it: `PRAGMA data_version` on a connection that
/// does nothing else. The number is another one after each commit of every other connection, of this process or not.
final class ChangeMark: Sendable {
  private enum State {
    case unasked
    case open(DatabaseQueue)
    case closed
  }

  private let path: String
  private let state = Mutex(State.unasked)

  init(path: String) { self.path = path }

  /// Nil where it cannot be told.
  func value() -> Int64? {
    state.withLock { state in
      let queue: DatabaseQueue
      switch state {
      case .closed: return nil
      case .open(let open): queue = open
      case .unasked:
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        guard let opened = try? DatabaseQueue(path: path, configuration: configuration) else { return nil }
        state = .open(opened)
        queue = opened
      }
      return try? queue.unsafeRead { db in
        try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version"))
      }
    }
  }

  /// Gives the file back; there is no mark after that.
  func close() {
    state.withLock { state in
      if case .open(let queue) = state { try? queue.close() }
      state = .closed
    }
  }
}

extension SQLiteStore {
  /// Equal marks of one store stand for the same content: what was read after a mark was taken still holds while the mark
  /// is the same. Nil where it cannot be told, or the store is closed.
  ///
  /// It takes a few microseconds, and sees what other processes have changed too. Each store counts for itself.
  public func changeMark() -> Int64? { mark.value() }
}
