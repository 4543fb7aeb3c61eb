import Foundation
import Storage
import Testing
import Trading

/// News and statements on the command line, and the register of companies.
@Suite struct FactCommandTests {
  private static let strategy = """
    name: s
    timeframe: 1d
    symbols: [X]
    pipeline:
      - { id: call, buy: "sentiment(2d) > 0.2", sell: "sentiment(2d) < -0.2" }
    """
  private static let prices = """
    timestamp,open,high,low,close,volume
    2024-01-01,10,10,10,10,1
    2024-01-02,10,11,10,11,1
    2024-01-03,11,12,11,12,1
    2024-01-04,12,12,11,11,1
    2024-01-05,11,11,10,10,1
    2024-01-06,10,10,10,10,1
    """
  /// Soars: 3 / 4 = 0.75, published before bar 1 closes, and on bar 3, which closes at midnight of the 5th, more than
  /// two days old. Plunge: −0.75, published before bar 3 closes.
  private static let news = """
    time,title,symbols
    2024-01-02T15:00:00Z,Chip maker soars,X
    2024-01-04T23:00:00Z,Shares plunge,X
    2024-01-03T12:00:00Z,Other maker plunges,Y
    """
  private static let statements = """
    symbol,end,period,filed,revenue
    X,2023-09-30,Q3,2024-01-02,50
    X,2023-12-31,Q4,2024-01-04,60
    """

  private static func inFolder(_ body: (URL) throws -> Void) throws {
    try CommandTests.inFolder(
      [
        "s.yaml": strategy, "X.csv": prices, "news.csv": news, "statements.csv": statements,
        "config.yaml": "storage: { sqlite: f.db }\nstrategies: .\n",
      ], body)
  }

  private struct Report: Decodable {
    struct Entry: Decodable { var signals: [Signal] }
    struct Signal: Decodable { var bar: Int; var direction: String }
    var strategies: [Entry]
  }

  @Test func `a backtest reads the news of a file as of its publication`() throws {
    try Self.inFolder { folder in
      let answer = try CommandTests.run(
        ["backtest", "s.yaml", "--data", "X=X.csv", "--news", "news.csv", "--format", "json", "--ledger", "none"],
        in: folder)
      #expect(answer.code == 0, "\(answer.messages)")
      let report = try JSONDecoder().decode(Report.self, from: Data(answer.output.utf8))
      #expect(report.strategies[0].signals.map(\.bar) == [1, 3])
      #expect(report.strategies[0].signals.map(\.direction) == ["buy", "sell"])
    }
  }

  @Test func `a bare price file takes news of one symbol, and asks whose of several`() throws {
    try Self.inFolder { folder in
      let several = try CommandTests.run(
        ["backtest", "s.yaml", "--data", "X.csv", "--news", "news.csv", "--ledger", "none"], in: folder)
      #expect(several.code == 2 && several.messages.contains("these are of X, Y"))
      let one = try CommandTests.run(
        ["backtest", "s.yaml", "--data", "X.csv", "--news", "X=news.csv", "--format", "json", "--ledger", "none"],
        in: folder)
      #expect(one.code == 0, "\(one.messages)")
      let none = try CommandTests.run(["backtest", "s.yaml", "--data", "X.csv", "--ledger", "none"], in: folder)
      #expect(none.code == 0 && none.messages.contains("reads news, and there is none of X"), "\(none.messages)")
    }
  }

  @Test func `the certificate holds for a strategy of news`() throws {
    try Self.inFolder { folder in
      let answer = try CommandTests.run(
        ["verify", "s.yaml", "--data", "X=X.csv", "--news", "news.csv", "--cuts", "5", "--noises", "3"], in: folder)
      #expect(answer.code == 0 && answer.output.contains("2 signals, 5 cuts: nothing read ahead"), "\(answer)")
    }
  }

  @Test func `the certificate holds for a strategy of filings`() throws {
    try Self.inFolder { folder in
      let strategy = Self.strategy.replacing("name: s", with: "name: filed")
        .replacing(
          "sentiment(2d) > 0.2", with: "fundamental('revenue') > 49 and close > 5".replacing("'", with: "\\\"")
        )
        .replacing("sentiment(2d) < -0.2", with: "close < 1")
      try strategy.write(to: folder.appending(path: "filed.yaml"), atomically: true, encoding: .utf8)
      let answer = try CommandTests.run(
        [
          "verify", "filed.yaml", "--data", "X=X.csv", "--statements", "statements.csv", "--cuts", "5", "--noises", "3",
        ], in: folder)
      #expect(answer.code == 0 && answer.output.contains("1 signals, 5 cuts: nothing read ahead"), "\(answer)")
    }
  }

  /// The score is 0.75: above 0.1 and 0.5 there is a buy at bar 1, above 0.9 there is none.
  @Test func `a sweep goes over thresholds of the tone`() throws {
    try Self.inFolder { folder in
      let strategy = Self.strategy.replacing("name: s", with: "name: swept\nparams: { n: { default: 0.2 } }")
        .replacing("> 0.2", with: "> n")
      try strategy.write(to: folder.appending(path: "swept.yaml"), atomically: true, encoding: .utf8)
      let answer = try CommandTests.run(
        [
          "sweep", "swept.yaml", "--set", "n=0.1..0.9:0.4", "--data", "X=X.csv", "--news", "news.csv", "--format",
          "json", "--ledger", "none",
        ], in: folder)
      #expect(answer.code == 0, "\(answer.messages)")
      let found = try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
      let results = try #require(found["results"] as? [[String: Any]])
      let trades = results.reduce(into: [Double: Int]()) { trades, result in
        let params = result["params"] as? [String: Double] ?? [:]
        trades[params.values.first ?? -1] = (result["metrics"] as? [String: Any])?["trades"] as? Int
      }
      #expect(trades == [0.1: 1, 0.5: 1, 0.9: 0], "\(answer.output)")
    }
  }

  /// 50 is filed on 2 January, which ends in New York at 05:00 UTC on the 3rd: bar 1 closes before, bar 2 behind.
  @Test func `eval shows a figure from its filing on, and explain what it was`() throws {
    try Self.inFolder { folder in
      let answer = try CommandTests.run(
        [
          "eval", "fundamental(\"revenue\")", "news.count(1d)", "--data", "X=X.csv", "--statements", "statements.csv",
          "--news", "X=news.csv",
        ], in: folder)
      #expect(answer.code == 0, "\(answer.messages)")
      let rows = answer.output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(rows.dropFirst().map { String($0[1]) } == ["", "", "50", "50", "60", "60"])
      #expect(rows.dropFirst().map { String($0[2]) } == ["", "1", "1", "1", "0", "0"])
      let explained = try CommandTests.run(
        ["explain", "s.yaml", "--data", "X=X.csv", "--news", "news.csv", "--at", "2024-01-02"], in: folder)
      #expect(explained.code == 0 && explained.output.contains("sentiment(2d)"), "\(explained)")
    }
  }

  @Test(arguments: [
    ("absent.csv", 2, "there is no file absent.csv"), ("X.csv", 3, "has neither a title nor a score"),
    ("s.yaml", 3, "s.yaml"),
  ]) func `a file of news that cannot be read ends the command`(_ name: String, _ code: Int32, _ message: String) throws
  {
    try Self.inFolder { folder in
      let answer = try CommandTests.run(
        ["backtest", "s.yaml", "--data", "X=X.csv", "--news", name, "--ledger", "none"], in: folder)
      #expect(answer.code == code && answer.messages.contains(message), "\(answer)")
    }
  }

  @Test func `a text is judged with the words that made it, and by words of one's own`() throws {
    try CommandTests.inFolder(["mine.txt": "[words]\n4 moon\n", "bad.txt": "[words]\n9 moon\n"]) { folder in
      let text = try CommandTests.run(["sentiment", "Chip maker soars"], in: folder)
      #expect(text.output == "positive 0.75\n  soars  3\n")
      let own = try CommandTests.run(
        ["sentiment", "soars to the moon", "--lexicon", "mine.txt", "--format", "json"], in: folder)
      #expect(
        own.output.contains("\"score\": 0.8,") && own.output.contains("\"moon\"") && !own.output.contains("soars"))
      let faulty = try CommandTests.run(["sentiment", "x", "--lexicon", "bad.txt"], in: folder)
      #expect(faulty.code == 3 && faulty.messages.contains("bad.txt:2: "))
    }
  }

  @Test func `a configuration names the lexicon, and validate reads it`() throws {
    try CommandTests.inFolder(
      ["config.yaml": "sentiment: { lexicon: [bundled, mine.txt] }\n", "mine.txt": "[words]\n-4 soars\n"]
    ) { folder in
      let answer = try CommandTests.run(["sentiment", "Chip maker soars"], in: folder)
      #expect(answer.output.hasPrefix("negative -0.8"), "\(answer)")
      try "[words]\nx\n".write(to: folder.appending(path: "mine.txt"), atomically: true, encoding: .utf8)
      let faulty = try CommandTests.run(["validate", "config.yaml"], in: folder)
      #expect(faulty.code == 1 && faulty.output.contains("mine.txt:2"), "\(faulty)")
    }
  }

  @Test func `a register and statements are taken in, shown, and read by a strategy from the store`() throws {
    try Self.inFolder { folder in
      try "symbol,name,name_ko,sector,exchange\nX,Ex Corp,엑스,Energy,NYSE\n"
        .write(to: folder.appending(path: "register.csv"), atomically: true, encoding: .utf8)
      let first = try CommandTests.run(["companies", "import", "register.csv", "statements.csv"], in: folder)
      #expect(first.code == 0, "\(first.messages)")
      #expect(first.output == "register.csv: 1 new, 0 changed, 0 unchanged\nX: 2 figures new, 0 unchanged\n")
      let again = try CommandTests.run(["companies", "import", "register.csv", "statements.csv"], in: folder)
      #expect(again.output == "register.csv: 0 new, 0 changed, 1 unchanged\nX: 0 figures new, 2 unchanged\n")
      let list = try CommandTests.run(["companies", "--find", "엑스"], in: folder)
      #expect(list.output.contains("Ex Corp") && list.output.contains("XNYS"), "\(list)")
      let page = try CommandTests.run(["companies", "X"], in: folder)
      #expect(page.output.contains("source: file register.csv"), "\(page.output)")
      #expect(page.output.contains("revenue 60  quarter to 2023-12-31, known 2024-01-05T05:00:00Z"), "\(page.output)")
      let absent = try CommandTests.run(["companies", "XY"], in: folder)
      #expect(absent.code == 3 && absent.messages.contains("did you mean"), "\(absent)")
      let neither = try CommandTests.run(["companies", "import", "X.csv"], in: folder)
      #expect(neither.code == 3 && neither.messages.contains("neither a register"), "\(neither)")
    }
  }

  /// The item was fetched on the day of the last bar, though it was published before: nothing is known earlier.
  @Test func `news and statements of the store are read by a backtest and by a pass alike`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "facts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [
      "X.csv": Self.prices, "statements.csv": Self.statements,
      "config.yaml": """
      storage: { sqlite: f.db }
      strategies: s
      sources: { f: { type: csv, path: X.csv } }
      collect: [{ source: f, symbols: [X], timeframe: 1d }]
      """,
      "s/s.yaml": """
      name: s
      timeframe: 1d
      symbols: [X]
      pipeline:
        - { id: a, buy: 'news.count(30d) >= 1 and fundamental("revenue") == 60', sell: "close < 0.1 * open" }
      """,
    ]
    try FileManager.default.createDirectory(
      at: folder.appending(path: "s"), withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    let imported = try CommandTests.run(["companies", "import", "statements.csv"], in: folder)
    #expect(imported.code == 0, "\(imported)")
    let item = NewsItem(
      feed: "f", identifier: "1", title: "Shares soar", publishedAt: try #require(Instant("2024-01-02T10:00:00Z")),
      fetchedAt: try #require(Instant("2024-01-06T12:00:00Z")), symbols: ["X"])
    do {
      let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "f.db").path()), for: .writing)
      #expect(try await store.save([item]) == 1)
    }
    let tested = try CommandTests.run(["backtest", "s", "--format", "json", "--ledger", "none"], in: folder)
    #expect(tested.code == 0, "\(tested.messages)")
    let report = try JSONDecoder().decode(Report.self, from: Data(tested.output.utf8))
    #expect(report.strategies[0].signals.map(\.bar) == [5])
    let scanned = try CommandTests.run(["scan", "--format", "json"], in: folder)
    #expect(scanned.code == 0 && scanned.output.contains("2024-01-06"), "\(scanned)")
  }
}
