import Foundation
import GRDB
import Testing
import Trading

@testable import Storage

@Suite struct SQLiteOpeningTests {
  private let now = day(2026, 1, 5)

  private func open(_ path: String, for access: SQLiteStore.Access = .writing) throws -> SQLiteStore {
    try SQLiteStore(SQLiteSettings(path: path), for: access)
  }

  @Test func `acknowledged saves are on the disk: synchronous is FULL on the connection that writes`() async throws {
    try await inFolder { folder in
      let store = try open("\(folder)/a/b/finstage.db")
      #expect(try await store.synchronous() == 2)
      _ = try await store.save(prices(10), under: daily, fetchedAt: now)
      // Reading in between must not put the setting back.
      _ = try await store.history(daily)
      #expect(try await store.synchronous() == 2)
      #expect(try await store.read { db in try String.fetchOne(db, sql: "PRAGMA journal_mode") } == "wal")
      #expect(try await store.write { db in try Int.fetchOne(db, sql: "PRAGMA foreign_keys") } == 1)
    }
  }

  @Test(arguments: [SQLiteStore.Access.writing, .reading])
  func `what a killed writer has half done is taken back at the next opening`(
    _ access: SQLiteStore.Access
  ) async throws {
    try await inFolder { folder in
      let (path, killed) = ("\(folder)/finstage.db", "\(folder)/killed.db")
      try open(path).close()
      let file = try DatabaseQueue(path: path)
      try await file.writeWithoutTransaction { db in
        // A journal that takes back, as there is one while a new database becomes one with a log.
        try db.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 2; BEGIN IMMEDIATE")
        for number in 0..<200 {
          try db.execute(
            sql: "INSERT INTO audit (time, actor, action, subject) VALUES (?, 'a', 'b', hex(zeroblob(500)))",
            arguments: [number])
        }
        for suffix in ["", "-journal"] {
          try FileManager.default.copyItem(atPath: path + suffix, toPath: killed + suffix)
        }
        try db.execute(sql: "ROLLBACK")
      }
      try file.close()
      let journal = try FileManager.default.attributesOfItem(atPath: killed + "-journal")[.size] as? Int
      #expect(journal ?? 0 > 0)
      let store = try open(killed, for: access)
      #expect(try await store.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM audit") } == 0)
      try store.close()
    }
  }

  @Test func `each migration sets the number that it has`() throws {
    let file = try DatabaseQueue()
    for (index, migration) in Migration.all.enumerated() {
      #expect(migration.number == index + 1)
      try file.write { db in
        try migration.run(db)
        #expect(try Int.fetchOne(db, sql: "PRAGMA user_version") == migration.number)
      }
    }
    #expect(try file.read { db in try Int.fetchOne(db, sql: "PRAGMA application_id") } == SQLiteFile.application)
  }

  @Test func `a database of the first schema is brought forward with its runs of jobs`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let old = try DatabaseQueue(path: path)
      try await old.write { db in
        try Migration.firstSchema.run(db)
        try db.execute(
          sql: "INSERT INTO job_run (job, due_at, started_at, finished_at, state, detail) VALUES (?, ?, ?, ?, ?, ?)",
          arguments: ["collect", now.milliseconds, now.milliseconds + 5, nil, "running", "half"])
      }
      try old.close()
      let store = try open(path)
      let run = try #require(try await store.lastRun(of: "collect"))
      #expect(run.state == .running && run.dueAt == now && run.startedAt == now.advanced(by: 5) && run.attempts == 1)
      #expect(run.notBefore == now && run.detail == "half" && run.finishedAt == nil)
      #expect(try await store.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") } == Migration.latest)
    }
  }

  @Test(arguments: Migration.all.map(\.number))
  func `a database of each earlier version is brought up to date and keeps what it holds`(_ version: Int) async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let file = try DatabaseQueue(path: path)
      for migration in Migration.all.prefix(version) { try await file.write { db in try migration.run(db) } }
      try await file.write { db in try db.execute(sql: "INSERT INTO price_high VALUES ('X', 5.5, 7)") }
      try file.close()
      if version < Migration.latest {
        // Who only reads changes nothing.
        let error = try await storeError { try open(path, for: .reading) }
        #expect(error == .older(path: path, found: version, known: Migration.latest))
      }
      let store = try open(path)
      #expect(try await store.high(of: "X")?.price == 5.5)
      try await store.noteRequest(to: "a", at: now, forgetting: now)
      try store.close()
      #expect(try await open(path, for: .reading).requests(to: "a", since: now) == [now])
      #expect(try await Diagnosis.faults(of: path) == [])
    }
  }

  /// Opens what is refused, for writing and for reading, and sees that no byte changes.
  private func refusal(of path: String) async throws -> String {
    let before = try Data(contentsOf: URL(filePath: path))
    let errors = [
      try await storeError { try open(path) }, try await storeError { try open(path, for: .reading) },
    ]
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    #expect(errors[0] == errors[1])
    return errors[0].map { "\($0)" } ?? "nothing was refused"
  }

  @Test func `a database of the first schema is brought up to date with all that it holds`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let history = prices(300, actions: [CorporateAction(time: day(2020, 2, 3), kind: .dividend(1))])
      let bars = Chunk(history, fetched: 1_767_600_000)
      let file = try DatabaseQueue(path: path)
      try await file.write { db in
        try Migration.firstSchema.run(db)
        let tables = CandleTables(db: db, key: daily)
        try tables.insert(try tables.number(), bars)
        try db.execute(
          sql: """
            UPDATE candle_series SET first = ?, last = ?, count = 300, fetched_at = 0;
            INSERT INTO corporate_action (series, time, kind, value, fetched_at)
            VALUES (1, 1580688000000, 'dividend', 1, 0);
            """, arguments: [bars.times[0].milliseconds, bars.times[299].milliseconds])
      }
      try file.close()
      let reader = try await storeError { try SQLiteStore(SQLiteSettings(path: path), for: .reading) }
      #expect(reader == .older(path: path, found: 1, known: Migration.latest))
      let store = try open(path)
      #expect(try await store.history(daily).bits == history.bits)
      #expect(try await store.history(daily).actions == history.actions)
      #expect(try await store.repairs(of: daily).isEmpty)
      try store.close()
      let diagnosis = await Diagnosis.examine(SQLiteSettings(path: path), now: now)
      #expect(!diagnosis.hasFaults)
    }
  }

  @Test func `a file that is no database is refused and left as it is`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/notes.txt"
      try "timestamp,open,high,low,close,volume\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try await refusal(of: path).contains("is no SQLite database, and is left as it is"))
    }
  }

  @Test func `a database of another program is refused and left as it is`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/other.db"
      let other = try DatabaseQueue(path: path)
      try await other.write { db in try db.execute(sql: "CREATE TABLE candle_series (id INTEGER PRIMARY KEY)") }
      try other.close()
      #expect(try await refusal(of: path).contains("is a database of another program"))
    }
  }

  @Test func `a database of a later version is refused and left as it is`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      try open(path).close()
      let later = try DatabaseQueue(path: path)
      try await later.write { db in try db.execute(sql: "PRAGMA user_version = 4711") }
      try later.close()
      let refusal = try await refusal(of: path)
      #expect(refusal.contains("has schema 4711") && refusal.contains("knows up to \(Migration.latest)"))
    }
  }

  @Test func `a database that has been cut off is refused and left as it is`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let store = try open(path)
      _ = try await store.save(prices(5_000), under: daily, fetchedAt: now)
      try store.close()
      let whole = try Data(contentsOf: URL(filePath: path))
      for size in [whole.count / 2, 8_192, 50] {
        try whole.prefix(size).write(to: URL(filePath: path))
        #expect(try await refusal(of: path).contains("is damaged"))
      }
    }
  }

  @Test func `garbage in the first page is refused and left as it is`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      try open(path).close()
      var bytes = try Data(contentsOf: URL(filePath: path))
      for at in 100..<4_000 { bytes[at] = UInt8(truncatingIfNeeded: at &* 31) }
      try bytes.write(to: URL(filePath: path))
      #expect(try await refusal(of: path).contains("is damaged"))
    }
  }

  @Test func `a flipped bit in the bars is found, and names the bars`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let history = prices(5_000)
      do {
        let store = try open(path)
        _ = try await store.save(history, under: daily, fetchedAt: now)
        try store.close()
      }
      var bytes = try Data(contentsOf: URL(filePath: path))
      // Some values stand across two pages.
      let places = (4_500..<4_510).compactMap { bar in
        bytes.range(of: withUnsafeBytes(of: history.series[bar].close.bitPattern.littleEndian) { Data($0) })
      }
      let place = try #require(places.first)
      bytes[place.lowerBound] ^= 0x10
      try bytes.write(to: URL(filePath: path))
      let store = try open(path, for: .reading)
      let error = try #require(try await storeError { try await store.history(daily) })
      #expect("\(error)".contains("candles of TEST 1d from test from \(history.series.times[4_096]) are damaged"))
      // What stands in other chunks can still be had.
      let part = try await store.history(daily, to: history.series.times[4_000])
      #expect(part.bits == history[0..<4_001].bits)
    }
  }

  @Test func `one process writes to a database, others are told which and may read`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let store = try open(path)
      let history = prices(100)
      _ = try await store.save(history, under: daily, fetchedAt: now)
      let error = try #require(try await storeError { try open(path) })
      #expect(error == .inUse(path: path, lock: path + ".lock", process: Int(getpid())) && error.isTransient)
      #expect("\(error)".contains("process \(getpid())") && "\(error)".contains("\(path).lock"))

      let reader = try open(path, for: .reading)
      #expect(try await reader.history(daily).bits == history.bits)
      let refused = try await storeError { try await reader.save(history, under: daily, fetchedAt: now) }
      #expect(refused == .readOnly(path: path))
      _ = try await store.save(prices(150), under: daily, fetchedAt: now)
      #expect(try await reader.history(daily).series.count == 150)
    }
  }

  @Test func `the lock goes with who held it`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      do { try open(path).close() }
      #expect(StoreLock.holder(of: path).isHeld == false)
      try open(path).close()
    }
  }

  @Test func `a reader does not make a database`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let error = try await storeError { try open(path, for: .reading) }
      #expect(error == .missing(path: path))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func `an append rewrites no more than one chunk, and few bars where few come`() async throws {
    try await inFolder { folder in
      let store = try open("\(folder)/finstage.db")
      let history = prices(9_000, every: 60_000)
      _ = try await store.save(history[0..<8_000], under: minutely, fetchedAt: now)
      func rows() async throws -> [Int64: Int] {
        try await store.read { db in
          let rows = try Row.fetchAll(db, sql: "SELECT rowid, count FROM candle_chunk")
          return Dictionary(uniqueKeysWithValues: rows.map { ($0["rowid"] as Int64, $0["count"] as Int) })
        }
      }
      var before = try await rows()
      var written = 0
      for bar in 8_000..<9_000 {
        _ = try await store.save(history[bar..<bar + 1], under: minutely, fetchedAt: now)
        let after = try await rows()
        let new = after.filter { before[$0.key] != $0.value }
        #expect(new.count == 1 && after.values.allSatisfy { $0 <= Chunk.capacity })
        written += new.values.reduce(0, +)
        before = after
      }
      // Rewriting the last chunk each time would be 1,000 times half of 4,096.
      #expect(written < 1_000 * 150)
      #expect(before.count <= 8)
      #expect(try await store.history(minutely).bits == history.bits)
    }
  }

  @Test func `states of messages change beside a process that writes, and nothing of either is lost`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let service = try open(path)
      let notices = (0..<200).map { Notice(key: "\($0)", code: "C\($0)", channel: "a", priority: "high", body: "b") }
      try await service.add(notices, at: now)
      let ids = try await service.entries(in: [.pending], limit: 1_000).map(\.id)
      for id in ids { #expect(try await service.drop(id, "test", at: now)) }
      let beside = try open(path, for: .changing)
      // The service writes candles meanwhile; each of both waits for the other's statement and no longer.
      async let written: Void = {
        for _ in 0..<20 { _ = try await service.save(prices(50), under: daily, fetchedAt: now) }
      }()
      for id in ids { #expect(try await beside.retry(id, at: now)) }
      try await written
      #expect(try await service.counts() == [.pending: 200])
      #expect(try await service.history(daily).series.count == 50)
      #expect(try await beside.synchronous() == 2)
      // What the service has under way stays as it is.
      let claimed = try #require(try await service.claim(channel: "a", at: now, lateBefore: now, limit: 1))
      for entry in claimed.entries {
        #expect(try await !beside.retry(entry.id, at: now))
        #expect(try await !beside.drop(entry.id, "test", at: now))
      }
      try beside.close()
      try service.close()
    }
  }

  @Test func `a database that is not there, or of another version, is not changed from beside`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      #expect(throws: StoreError.self) { try open(path, for: .changing) }
      let old = try DatabaseQueue(path: path)
      try await old.write { db in try Migration.firstSchema.run(db) }
      try old.close()
      #expect(throws: StoreError.self) { try open(path, for: .changing) }
    }
  }
}
