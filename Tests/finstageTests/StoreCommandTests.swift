import Foundation
import Storage
import Testing
import Trading

/// The store by the command line.
@Suite struct StoreCommandTests {
  private let now = Instant(seconds: 1_767_600_000)

  /// A folder with a configuration and three bars of ^IXIC, of which one was corrected.
  private func inFolder(_ configuration: String = "storage: { sqlite: data/f.db }\n", _ body: (URL) throws -> Void)
    async throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try configuration.write(to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "data/f.db").path()), for: .writing)
    let key = CandleKey(source: "yahoo", symbol: "^IXIC", timeframe: .day)
    func history(_ close: Double) -> PriceHistory {
      let candles = (0..<3).map { bar in
        Candle(
          time: now.advanced(by: Int64(bar - 3) * 86_400_000), open: 1, high: 2, low: 0.5,
          close: bar == 1 ? close : 1.25, volume: 1_000)
      }
      return PriceHistory(
        series: CandleSeries(instrument: Instrument(symbol: "^IXIC"), timeframe: .day, candles: candles),
        adjustedClose: [1.2, 1.3, .nan], actions: [.init(time: candles[1].time, kind: .split(4))], currency: "USD")
    }
    _ = try await store.save(history(1.5), under: key, fetchedAt: now)
    _ = try await store.save(history(1.75), under: key, fetchedAt: now.advanced(by: 86_400_000))
    try store.close()
    try body(folder)
  }

  @Test func `candles are shown row by row, as of a moment, and with what was replaced`() async throws {
    try await inFolder { folder in
      let csv = try CommandTests.finstage("candles", "^IXIC", "--format", "csv", in: folder)
      #expect(csv.code == 0)
      #expect(
        csv.output == """
          timestamp,open,high,low,close,volume,adjusted_close
          2026-01-02T08:00:00Z,1,2,0.5,1.25,1000,1.2
          2026-01-03T08:00:00Z,1,2,0.5,1.75,1000,1.3
          2026-01-04T08:00:00Z,1,2,0.5,1.25,1000,

          """)
      let then = try CommandTests.finstage(
        "candles", "^IXIC", "--as-of", "2026-01-05", "--from", "2026-01-03", "--to", "2026-01-03", "--format", "csv",
        in: folder)
      #expect(then.output.hasSuffix("close\n2026-01-03T08:00:00Z,1,2,0.5,1.5,1000,1.3\n"))
      let replaced = try CommandTests.finstage("candles", "^IXIC", "--revisions", "--format", "csv", in: folder)
      #expect(
        replaced.output == """
          timestamp,revision,fetched_at,replaced_at,replaced_by,open,high,low,close,volume,adjusted_close
          2026-01-03T08:00:00Z,1,2026-01-05T08:00:00Z,2026-01-06T08:00:00Z,source,1,2,0.5,1.5,1000,1.3

          """)
      let json = try CommandTests.finstage("candles", "^IXIC", "--format", "json", in: folder)
      let read = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let rows = try #require(read["candles"] as? [[String: Any]])
      #expect(rows.count == 3 && rows[2]["adjusted_close"] is NSNull && rows[1]["close"] as? Double == 1.75)
      #expect((read["actions"] as? [[String: Any]])?.first?["kind"] as? String == "split")
      let list = try CommandTests.finstage("candles", in: folder)
      #expect(list.output.contains("^IXIC") && list.output.contains("USD"))
    }
  }

  @Test func `what is not there is said`() async throws {
    try await inFolder { folder in
      let other = try CommandTests.finstage("candles", "AAPL", in: folder)
      #expect(other.code == 3 && other.messages.contains("there are no candles of AAPL"))
      let timeframe = try CommandTests.finstage("candles", "^IXIC", "--timeframe", "1h", in: folder)
      #expect(timeframe.code == 3 && timeframe.messages.contains("there is ^IXIC 1d from yahoo"))
      let time = try CommandTests.finstage("candles", "^IXIC", "--from", "yesterday", in: folder)
      #expect(time.code == 2)
      try FileManager.default.removeItem(at: folder.appending(path: "data"))
      let none = try CommandTests.finstage("candles", "^IXIC", in: folder)
      #expect(none.code == 3 && none.messages.contains("there is no database data/f.db yet"))
    }
  }

  @Test func `backup, doctor and restore do what they say`() async throws {
    let configuration = "storage: { sqlite: data/f.db, backup: { folder: safe, every: 12h, keep: 2 } }\n"
    try await inFolder(configuration) { folder in
      let backup = try CommandTests.finstage("backup", "b/copy.db", in: folder)
      #expect(backup.code == 0 && backup.output == "b/copy.db: a verified copy of data/f.db\n")
      #expect(try CommandTests.finstage("backup", "b/copy.db", in: folder).code == 2)
      #expect(try CommandTests.finstage("backup", in: folder).code == 2)
      let rotated = try CommandTests.finstage("backup", "--rotate", in: folder)
      #expect(rotated.code == 0 && rotated.output.hasPrefix("safe/finstage-"))

      let doctor = try CommandTests.finstage("doctor", in: folder)
      #expect(doctor.code == 0 && doctor.output.contains("2 = FULL"))

      try Data("junk".utf8).write(to: folder.appending(path: "data/f.db"))
      let ill = try CommandTests.finstage("doctor", "--format", "json", in: folder)
      #expect(ill.code == 1 && ill.output.contains("is no SQLite database"))
      let restored = try CommandTests.finstage("restore", "b/copy.db", in: folder)
      #expect(restored.code == 0 && restored.output.contains("data/f.db: restored from b/copy.db"))
      #expect(restored.output.contains("data/f.db.replaced-"))
      #expect(
        try CommandTests.finstage("candles", "^IXIC", "--format", "csv", in: folder).output.count(where: \.isNewline)
          == 4)
      #expect(try CommandTests.finstage("restore", "none.db", in: folder).code == 2)
      let junk = folder.appending(path: "data").path()
      let aside = try #require(
        try FileManager.default.contentsOfDirectory(atPath: junk).first { $0.contains("replaced") })
      #expect(try CommandTests.finstage("restore", "data/\(aside)", in: folder).code == 3)
    }
  }

  @Test func `a rule that would delete what is still needed is a fault, with the reason`() throws {
    let configuration = """
      storage: { readers: 0, timeout: soon, backup: { every: 1d } }
      retention: { news: 365d, candles: 1d, trials: 9d, signals: 30d, nwes: 3d }
      """
    try CommandTests.inFolder(["config.yaml": configuration]) { folder in
      let answer = try CommandTests.finstage("candles", in: folder)
      #expect(answer.code == 3)
      for part in [
        "readers is a whole number from 1 to 64", "timeout \"soon\" is no length of time",
        "needs the key \"folder\"", "E050", "candles are never deleted: a backtest needs every bar",
        "trials are never deleted", "signals are never deleted", "did you mean \"news\"",
      ] { #expect(answer.messages.contains(part), "\(part) in \(answer.messages)") }
    }
  }
}
