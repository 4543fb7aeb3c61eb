import GRDB
import Synchronization

/// Writes that wait for the one connection that writes are done in one transaction, each in a savepoint of its own: the
/// disk is waited for once and not for each of them.
///
/// Each of them takes place whole or not at all, as if it were alone. Where the transaction as a whole does not come
/// about, each is done again by itself, so that one that cannot be kept takes no other with it.
final class SharedCommits: Sendable {
  private struct Write {
    let perform: @Sendable (Database) throws -> Void
    let finish: @Sendable (Result<Void, any Error>) -> Void
  }

  /// What one transaction holds at most: it stays short for those who read beside it.
  private static let most = 64

  private let pool: DatabasePool
  private let waiting = Mutex<[Write]>([])

  init(_ pool: DatabasePool) { self.pool = pool }

  /// How many wait.
  var waitingCount: Int { waiting.withLock { $0.count } }

  func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try Task.checkCancellation()
    let place = Place<Value>()
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let write = Write(
        perform: { db in
          let value = try body(db)
          place.value.withLock { $0 = value }
        }, finish: { continuation.resume(with: $0) })
      waiting.withLock { $0.append(write) }
      pool.asyncWriteWithoutTransaction { db in self.commit(db) }
    }
    guard let value = place.value.withLock({ $0 }) else { throw CancellationError() }
    return value
  }

  /// What a write gives back, until its transaction stands.
  private final class Place<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }

  /// Does what waits; what came while an earlier transaction ran has perhaps been done by then.
  private func commit(_ db: Database) {
    let writes = waiting.withLock { waiting in
      let taken = Array(waiting.prefix(Self.most))
      waiting.removeFirst(taken.count)
      return taken
    }
    if writes.count > 1, let results = together(writes, db) {
      for (write, result) in zip(writes, results) { write.finish(result) }
    } else {
      for write in writes {
        write.finish(
          Result {
            try db.inTransaction {
              try write.perform(db)
              return .commit
            }
          })
      }
    }
  }

  /// One answer a write; nil where the transaction did not come about, and nothing of it has.
  private func together(_ writes: [Write], _ db: Database) -> [Result<Void, any Error>]? {
    do {
      var results: [Result<Void, any Error>] = []
      try db.inTransaction {
        for write in writes {
          let result = Result {
            try db.inSavepoint {
              try write.perform(db)
              return .commit
            }
          }
          // A full disk takes the transaction with it.
          guard db.isInsideTransaction else { throw Lost() }
          results.append(result)
        }
        return .commit
      }
      return results
    } catch {
      return nil
    }
  }

  private struct Lost: Error {}
}
