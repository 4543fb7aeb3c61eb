import GRDB
import Testing
import Trading

@testable import Storage

/// Whether something has changed, told without reading it.
@Suite struct ChangeMarkTests {
  private let now = day(2026, 1, 5)

  private func open(_ folder: String, for access: SQLiteStore.Access = .writing) throws -> SQLiteStore {
    try SQLiteStore(SQLiteSettings(path: "\(folder)/finstage.db"), for: access)
  }

  private func note(_ store: SQLiteStore) async throws {
    try await store.note(AuditEntry(time: now, actor: "a", action: "b", subject: "c", detail: ""))
  }

  @Test func `it is the same while nothing is written, and another after each write`() async throws {
    try await inFolder { folder in
      let store = try open(folder)
      var marks: [Int64] = [try #require(store.changeMark())]
      for _ in 0..<5 {
        _ = try await store.tokens()
        #expect(store.changeMark() == marks.last)
        try await note(store)
        marks.append(try #require(store.changeMark()))
      }
      #expect(Set(marks).count == 6)
      try store.close()
      #expect(store.changeMark() == nil)
    }
  }

  @Test func `it sees what another writes into the same file, and what is read then is there`() async throws {
    try await inFolder { folder in
      let (store, other) = (try open(folder), try open(folder, for: .changing))
      let digest = [UInt8](repeating: 1, count: 32)
      let mark = try #require(store.changeMark())
      let token = AccessToken(name: "a", digest: digest, role: .read, createdAt: now)
      #expect(try await other.add(token))
      #expect(store.changeMark() != mark)
      #expect(try await store.token(digest: digest)?.name == "a")
      let next = store.changeMark()
      #expect(try await other.revokeToken("a", at: now))
      #expect(store.changeMark() != next)
      try other.close()
      try store.close()
    }
  }

  @Test func `a write that comes to nothing, and the log's return into the file, leave no reader with what is old`()
    async throws
  {
    try await inFolder { folder in
      let store = try open(folder)
      for number in 0..<50 {
        try await note(store)
        let mark = store.changeMark()
        let count = try await store.entries(limit: 1_000).count
        #expect(count == number + 1)
        _ = try? await store.write { db in
          try db.execute(sql: "INSERT INTO audit (time, actor, action, subject) VALUES (0, 'a', 'b', 'c')")
          throw CancellationError()
        }
        if number % 10 == 9 { try await store.pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) } }
        // The other way round is no fault: another mark, and nothing has changed.
        if store.changeMark() == mark { #expect(try await store.entries(limit: 1_000).count == count) }
      }
      try store.close()
    }
  }
}
