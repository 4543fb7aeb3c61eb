import Foundation
import GRDB
import Testing
import Trading

@testable import Storage

/// Backups, restores and the examination of a database.
@Suite struct SafekeepingTests {
  private let now = day(2026, 1, 5)

  private func open(_ path: String) throws -> SQLiteStore { try SQLiteStore(SQLiteSettings(path: path), for: .writing) }

  @Test func `a restore drill: backup while saving, loss, restore, and all is there as of the backup`() async throws {
    try await inFolder { folder in
      let (path, backup) = ("\(folder)/finstage.db", "\(folder)/backup.db")
      let history = prices(9_000)
      let store = try open(path)
      _ = try await store.save(history[0..<6_000], under: daily, fetchedAt: now)
      let notice = Notice(key: "k", code: "C", channel: "console", priority: "high", body: "b")
      try await store.add(notice, at: now)

      // Saves go on while the copy is made.
      async let saving: Void = {
        for bar in 6_000..<6_200 { _ = try await store.save(history[bar..<bar + 1], under: daily, fetchedAt: now) }
      }()
      try await Backup.make(of: path, to: backup)
      try await saving
      try store.close()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.hasSuffix(".partial") })

      // The disk loses the database.
      try Data("garbage".utf8).write(to: URL(filePath: path))
      let aside = try #require(try await Restoration.restore(backup, to: path, now: now))
      #expect(try Data(contentsOf: URL(filePath: aside)) == Data("garbage".utf8))
      let restored = try open(path)
      let bars = try await restored.history(daily)
      #expect((6_000...6_200).contains(bars.series.count))
      #expect(bars.bits == history[0..<bars.series.count].bits)
      #expect(try await restored.entries(in: [.pending], limit: 9).map(\.notice.body) == ["b"])
      #expect(try await Diagnosis.faults(of: path) == [])
      // And the restored database is one to work with.
      _ = try await restored.save(history, under: daily, fetchedAt: now)
      #expect(try await restored.history(daily).bits == history.bits)
      #expect(try await restored.synchronous() == 2)
    }
  }

  @Test func `a restore keeps the replaced database with everything in it`() async throws {
    try await inFolder { folder in
      let (path, backup) = ("\(folder)/finstage.db", "\(folder)/backup.db")
      do {
        let store = try open(path)
        _ = try await store.save(prices(10), under: daily, fetchedAt: now)
        try await Backup.make(of: path, to: backup)
        _ = try await store.save(prices(500), under: daily, fetchedAt: now)
      }
      let aside = try #require(try await Restoration.restore(backup, to: path, now: now))
      #expect(try await open(path).history(daily).series.count == 10)
      #expect(try await open(aside).history(daily).series.count == 500)
    }
  }

  @Test func `a restore waits for nobody and replaces nothing that is in use`() async throws {
    try await inFolder { folder in
      let (path, backup) = ("\(folder)/finstage.db", "\(folder)/backup.db")
      let store = try open(path)
      _ = try await store.save(prices(10), under: daily, fetchedAt: now)
      try await Backup.make(of: path, to: backup)
      let error = try await storeError { try await Restoration.restore(backup, to: path, now: now) }
      #expect(error == .inUse(path: path, lock: path + ".lock", process: Int(getpid())))
      #expect(try await store.history(daily).series.count == 10)
    }
  }

  @Test func `a damaged backup is not restored, and a backup of a damaged database is not named`() async throws {
    try await inFolder { folder in
      let (path, backup) = ("\(folder)/finstage.db", "\(folder)/backup.db")
      let history = prices(5_000)
      do {
        let store = try open(path)
        _ = try await store.save(history, under: daily, fetchedAt: now)
        try await Backup.make(of: path, to: backup)
        try store.close()
      }
      for file in [path, backup] {
        var bytes = try Data(contentsOf: URL(filePath: file))
        let places = (100..<110).compactMap { bar in
          bytes.range(of: withUnsafeBytes(of: history.series[bar].close.bitPattern.littleEndian) { Data($0) })
        }
        bytes[try #require(places.first).lowerBound] ^= 1
        try bytes.write(to: URL(filePath: file))
      }
      let before = try Data(contentsOf: URL(filePath: path))
      let restoring = try #require(try await storeError { try await Restoration.restore(backup, to: path, now: now) })
      #expect("\(restoring)".contains("the checksum does not fit"))
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
      let copying = try await storeError { try await Backup.make(of: path, to: "\(folder)/other.db") }
      #expect("\(try #require(copying))".contains("candles of TEST 1d from test"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!names.contains { $0.hasPrefix("other") || $0.hasSuffix(".partial") || $0.hasSuffix(".restored") })
    }
  }

  @Test func `a backup overwrites nothing`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      try open(path).close()
      try Data("mine".utf8).write(to: URL(filePath: "\(folder)/b.db"))
      let error = try await storeError { try await Backup.make(of: path, to: "\(folder)/b.db") }
      #expect("\(try #require(error))".contains("is not overwritten"))
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/b.db")) == Data("mine".utf8))
    }
  }

  @Test func `rotation keeps the latest, and leaves files alone that are not its own`() async throws {
    try await inFolder { folder in
      let (path, backups) = ("\(folder)/finstage.db", "\(folder)/backups")
      try open(path).close()
      #expect(Backup.isDue(in: backups, every: 1, now: now))
      for days in 0..<5 {
        let moment = now.advanced(by: Int64(days) * 86_400_000)
        let (made, removed) = try await Backup.rotate(of: path, in: backups, keep: 3, now: moment)
        #expect(made.hasSuffix("finstage-2026010\(5 + days)T000000Z.db"))
        #expect(removed.count == (days < 3 ? 0 : 1))
        if days == 0 { try Data().write(to: URL(filePath: "\(backups)/finstage-notes.db")) }
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: backups).sorted()
      let kept = (7...9).map { "finstage-2026010\($0)T000000Z.db" }
      #expect(names == kept + ["finstage-notes.db"])
      let last = now.advanced(by: 4 * 86_400_000)
      #expect(!Backup.isDue(in: backups, every: 86_400_000, now: last.advanced(by: 86_399_000)))
      #expect(Backup.isDue(in: backups, every: 86_400_000, now: last.advanced(by: 86_400_000)))
    }
  }

  private func findings(_ path: String, at moment: Instant) async -> [String] {
    await Diagnosis.examine(SQLiteSettings(path: path), now: moment).findings
      .map { "\($0.severity) \($0.subject): \($0.detail)" }
  }

  @Test func `the doctor finds a sound database sound, and says what is stale and where bars are missing`() async throws
  {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let history = prices(100, from: day(2025, 9, 28))
      let store = try open(path)
      _ = try await store.save(history, under: daily, fetchedAt: now)
      let gapped = CandleKey(source: "gapped", symbol: "TEST", timeframe: .day)
      _ = try await store.save(history[0..<20], under: gapped, fetchedAt: now)
      _ = try await store.save(history[60..<100], under: gapped, fetchedAt: now)
      let held = await findings(path, at: now)
      #expect(held.contains("fine lock: held by process \(getpid())"))
      try store.close()

      let sound = await findings(path, at: now)
      #expect(sound.contains("fine lock: nobody writes to it"))
      #expect(sound.contains("fine durability: synchronous is 2 (2 = FULL), with a log (WAL)"))
      #expect(sound.contains { $0.hasPrefix("fine integrity: ") })
      #expect(sound.contains("fine TEST 1d from test: 100 bars, 2025-09-28 to 2026-01-05"))
      #expect(sound.contains("warning TEST 1d from gapped: no bars from 2025-10-17 to 2025-11-27"))
      let stale = await findings(path, at: now.advanced(by: 30 * 86_400_000))
      #expect(stale.contains { $0.hasPrefix("warning TEST 1d from test:") && $0.contains("last asked 30 days ago") })
    }
  }

  @Test func `the doctor names what is damaged, and what is not there`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      #expect(await findings(path, at: now).contains { $0.hasPrefix("fault database: there is no database") })
      do {
        let store = try open(path)
        _ = try await store.save(prices(5_000), under: daily, fetchedAt: now)
        try await store.write { db in
          try db.execute(sql: "UPDATE candle_series SET count = count + 1")
          try db.execute(sql: "UPDATE candle_chunk SET bars = zeroblob(length(bars)) WHERE first > 1700000000000")
        }
        try store.close()
      }
      let faults = await findings(path, at: now).filter { $0.hasPrefix("fault") }
      #expect(faults.contains("fault integrity: TEST 1d from test counts 5001 bars, and its chunks hold 5000"))
      #expect(faults.contains { $0.contains("are damaged (the checksum does not fit)") })
    }
  }
}
