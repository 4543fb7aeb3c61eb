import Dispatch
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite struct SharedCommitTests {
  private struct Refused: Error {}

  private final class Commits: TransactionObserver, Sendable {
    let count = Mutex(0)
    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ db: Database) { count.withLock { $0 += 1 } }
    func databaseDidRollback(_ db: Database) {}
  }

  /// Writes that all come while the connection is busy. Each keeps its number; what is kept, in how many transactions,
  /// and the numbers of the writes that failed.
  private func outcome(
    of count: Int, _ write: @escaping @Sendable (Int, Database) throws -> Void
  ) async throws -> (kept: [Int], commits: Int, failed: [Int]) {
    try await inFolder { folder in
      let pool = try DatabasePool(path: "\(folder)/numbers.db")
      try await pool.write { db in try db.execute(sql: "CREATE TABLE number (value INTEGER PRIMARY KEY)") }
      let commits = Commits()
      pool.add(transactionObserver: commits, extent: .databaseLifetime)
      let shared = SharedCommits(pool)
      let gate = DispatchSemaphore(value: 0)
      pool.asyncWriteWithoutTransaction { _ in gate.wait() }
      let failed = await withTaskGroup(of: Int?.self) { group in
        for number in 0..<count {
          group.addTask {
            do {
              try await shared.write { db in
                try db.execute(sql: "INSERT INTO number VALUES (?)", arguments: [number])
                try write(number, db)
              }
              return nil
            } catch {
              return number
            }
          }
        }
        while shared.waitingCount < count { await Task.yield() }
        gate.signal()
        return await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
      }
      let kept = try await pool.read { db in try Int.fetchAll(db, sql: "SELECT value FROM number ORDER BY value") }
      try pool.close()
      return (kept, commits.count.withLock { $0 }, failed.sorted())
    }
  }

  @Test func `writes that wait together are committed together`() async throws {
    let outcome = try await outcome(of: 100) { _, _ in }
    #expect(outcome.kept == Array(0..<100) && outcome.failed.isEmpty)
    #expect(outcome.commits == 2)
  }

  @Test func `one that fails takes back what it did and nothing else`() async throws {
    let outcome = try await outcome(of: 50) { number, _ in if number % 7 == 3 { throw Refused() } }
    #expect(outcome.failed == [3, 10, 17, 24, 31, 38, 45])
    #expect(outcome.kept == (0..<50).filter { $0 % 7 != 3 })
  }

  @Test func `one that ends the transaction for all is done by itself, and so are the others`() async throws {
    let outcome = try await outcome(of: 20) { number, db in
      // As SQLite does it by itself where the disk is full.
      if number == 11 {
        try db.execute(sql: "ROLLBACK")
        throw Refused()
      }
    }
    #expect(outcome.failed == [11])
    #expect(outcome.kept == (0..<20).filter { $0 != 11 })
  }

  @Test func `what is not allowed when the transaction is committed does not keep the others from it`() async throws {
    let outcome = try await outcome(of: 20) { number, db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS child (
            parent INTEGER REFERENCES number (value) DEFERRABLE INITIALLY DEFERRED)
          """)
      if number == 5 { try db.execute(sql: "INSERT INTO child VALUES (4711)") }
    }
    #expect(outcome.failed == [5])
    #expect(outcome.kept == (0..<20).filter { $0 != 5 })
  }
}
