import Foundation
import Testing

/// The trial ledger as a user meets it.
@Suite struct LedgerCommandTests {
  /// Prices that wander, from 2024-01-01 on, a day a bar.
  static func prices(_ count: Int, seed: Int = 1) -> String {
    var text = "timestamp,open,high,low,close,volume\n"
    var close = 100.0
    for bar in 0..<count {
      let open = close
      close *= 1 + 0.02 * sin(Double(bar * bar * seed)) + 0.0005
      let date = Date(timeIntervalSince1970: 1_704_067_200 + Double(bar) * 86_400).ISO8601Format().prefix(10)
      text += "\(date),\(open),\(max(open, close)),\(min(open, close)),\(close),1000\n"
    }
    return text
  }

  static func strategy(_ name: String, _ period: Int, symbols: String = "[A, B]") -> String {
    """
    # \(name)
    name: \(name)
    timeframe: 1d
    symbols: \(symbols)
    pipeline:
      - { id: up, buy: 'close > sma(close, \(period))', sell: 'close < sma(close, \(period))' }
    """
  }

  static let files = [
    "s/one.yaml": strategy("one", 3), "s/two.yaml": strategy("two", 8), "s/three.yaml": strategy("three", 20),
    "a.csv": prices(400), "b.csv": prices(400, seed: 3),
  ]

  struct Entry: Equatable {
    var raw: Int?
    var effective, deflated, p: Double?
    var ledger: String?
  }

  /// Runs a backtest and gives its entries by strategy and symbol.
  func backtest(_ arguments: [String], in folder: URL) throws -> [String: Entry] {
    let answer = try CommandTests.run(["backtest"] + arguments + ["--format", "json"], in: folder)
    #expect(answer.code == 0, "\(answer.messages)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any], "\(answer.output.prefix(200))"
    )
    var entries: [String: Entry] = [:]
    for entry in root["strategies"] as? [[String: Any]] ?? [] {
      let trials = try #require(entry["trials"] as? [String: Any])
      #expect(Set(trials.keys) == ["raw", "effective", "ledger"])
      let metrics = try #require(entry["metrics"] as? [String: Any])
      #expect(metrics.keys.contains("deflated_sharpe") && entry.keys.contains("p_value"))
      entries["\(entry["name"] ?? "") \(entry["symbol"] ?? "")"] = Entry(
        raw: trials["raw"] as? Int, effective: trials["effective"] as? Double,
        deflated: metrics["deflated_sharpe"] as? Double, p: entry["p_value"] as? Double,
        ledger: trials["ledger"] as? String)
    }
    return entries
  }

  let data = ["--data", "A=a.csv", "--data", "B=b.csv"]

  @Test func `every strategy of a run is a trial of each, and the figures are corrected by all of them`() throws {
    try CommandTests.inFolder(LedgerCommandTests.files) { folder in
      let entries = try backtest(["s"] + data + ["--ledger", "l.jsonl"], in: folder)
      #expect(entries.count == 6)
      for entry in entries.values {
        #expect(entry.raw == 3 && entry.ledger == "l.jsonl")
        #expect((1...3).contains(entry.effective ?? 0))
        #expect((0...1).contains(entry.deflated ?? -1) && (0...1).contains(entry.p ?? -1))
      }
    }
  }

  @Test func `without a ledger everything that it corrects is null`() throws {
    try CommandTests.inFolder(LedgerCommandTests.files) { folder in
      // With prices alone there is no project whose ledger it could be, and no file appears.
      for option in [["--ledger", "none"], []] {
        for entry in try backtest(["s"] + data + option, in: folder).values { #expect(entry == Entry()) }
        let answer = try CommandTests.run(["backtest", "s"] + data + option, in: folder)
        #expect(answer.output.contains("Not corrected for luck"))
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      #expect(Set(names) == ["s", "a.csv", "b.csv"])
    }
  }

  @Test func `the order of strategies and symbols changes no figure, and a second run no byte`() throws {
    try CommandTests.inFolder(LedgerCommandTests.files) { folder in
      let names = ["s/one.yaml", "s/two.yaml", "s/three.yaml"]
      let first = try backtest(names + data + ["--ledger", "1.jsonl"], in: folder)
      let turned = try backtest(
        names.reversed() + ["--data", "B=b.csv", "--data", "A=a.csv", "--ledger", "2.jsonl"], in: folder)
      let without = { (entries: [String: Entry]) in
        entries.mapValues { Entry(raw: $0.raw, effective: $0.effective, deflated: $0.deflated, p: $0.p) }
      }
      #expect(without(first) == without(turned))
      let bytes = try ["1.jsonl", "2.jsonl"].map { try Data(contentsOf: folder.appending(path: $0)) }
      let lines = bytes.map { $0.split(separator: 10).sorted { $0.lexicographicallyPrecedes($1) } }
      #expect(lines[0] == lines[1])
      #expect(try backtest(names + data + ["--ledger", "1.jsonl"], in: folder) == first)
      #expect(try Data(contentsOf: folder.appending(path: "1.jsonl")) == bytes[0])
    }
  }

  @Test func `a copy is the same trial, a changed parameter another, one more bar the same, other dates another`()
    throws
  {
    var files = LedgerCommandTests.files
    files["copy.yaml"] = LedgerCommandTests.strategy("copy", 3)
    files["other.yaml"] = LedgerCommandTests.strategy("other", 4)
    files["longer.csv"] = LedgerCommandTests.prices(401)
    try CommandTests.inFolder(files) { folder in
      func raw(_ file: String, _ arguments: String...) throws -> Int? {
        try backtest([file, "--data"] + arguments + ["--ledger", "l.jsonl"], in: folder).values.first?.raw
      }
      let early = ("2024-01-01", "2024-06-30")
      let counts = try [
        raw("s/one.yaml", "A=a.csv", "--from", early.0, "--to", early.1),
        raw("copy.yaml", "A=a.csv", "--from", early.0, "--to", early.1),
        raw("other.yaml", "A=a.csv", "--from", early.0, "--to", early.1),
        // Other dates: a data set of its own.
        raw("s/one.yaml", "A=a.csv", "--from", "2024-08-01"),
        // Over both: one trial of this configuration, and the other one on its part of the dates.
        raw("s/one.yaml", "A=a.csv"),
        raw("s/one.yaml", "A=longer.csv"),
        // What a fill costs changes what was earned.
        raw("s/one.yaml", "A=a.csv", "--fee", "0%"),
        raw("s/one.yaml", "B=b.csv"),
      ]
      #expect(counts == [1, 1, 2, 1, 2, 2, 3, 1])
    }
  }

  @Test func `the default ledger stands beside the configuration, which may name another or none`() throws {
    let base = "strategies: s\nsources:\n  p: { type: csv, path: \"prices/*.csv\" }\n"
    let collect = "collect:\n  - { source: p, symbols: [A, B], timeframe: 1d }\n"
    var files = LedgerCommandTests.files
    for name in ["A", "B"] { files["project/prices/\(name).csv"] = LedgerCommandTests.prices(200) }
    for name in ["one", "two"] { files["project/s/\(name).yaml"] = files["s/\(name).yaml"] }
    files["project/config.yaml"] = base + collect
    files["project/named.yaml"] = base + collect + "ledger: deep/own.jsonl\n"
    files["project/none.yaml"] = base + collect + "ledger: none\n"
    try CommandTests.inFolder(files) { folder in
      func there(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: path).path()) }
      #expect(try backtest(["--config", "project/none.yaml"], in: folder).values.allSatisfy { $0 == Entry() })
      #expect(!there("project/var"))
      #expect(try backtest(["--config", "project/config.yaml"], in: folder).values.allSatisfy { $0.raw == 2 })
      #expect(there("project/var/trials.jsonl"))
      #expect(try backtest(["--config", "project/named.yaml"], in: folder).values.allSatisfy { $0.raw == 2 })
      #expect(there("project/deep/own.jsonl"))
      // Where nobody asked for the file, that it cannot be made is said and no reason to show nothing.
      try FileManager.default.removeItem(at: folder.appending(path: "project/var"))
      try Data().write(to: folder.appending(path: "project/var"))
      #expect(try backtest(["--config", "project/config.yaml"], in: folder).values.allSatisfy { $0 == Entry() })
      let answer = try CommandTests.run(["backtest", "--config", "project/config.yaml"], in: folder)
      #expect(answer.code == 0 && answer.messages.contains("cannot be written"))
      let named = try CommandTests.run(
        ["backtest", "--config", "project/config.yaml", "--ledger", "project/var/l.jsonl"], in: folder)
      #expect(named.code == 3)
    }
  }

  @Test func `two programs at once lose no trial`() throws {
    var files = LedgerCommandTests.files
    for period in 2..<8 { files["t/p\(period).yaml"] = LedgerCommandTests.strategy("p\(period)", period) }
    for period in 30..<36 { files["u/p\(period).yaml"] = LedgerCommandTests.strategy("p\(period)", period) }
    try CommandTests.inFolder(files) { folder in
      DispatchQueue.concurrentPerform(iterations: 2) { number in
        _ = try? CommandTests.run(
          ["backtest", number == 0 ? "t" : "u"] + data + ["--ledger", "l.jsonl"], in: folder)
      }
      let last = try backtest(["s/one.yaml"] + data + ["--ledger", "l.jsonl"], in: folder)
      // The period of 3 bars is among the first six.
      #expect(last.values.allSatisfy { $0.raw == 12 })
    }
  }

  @Test func `the ledger is listed, and emptied only with a reason and a yes`() throws {
    try CommandTests.inFolder(LedgerCommandTests.files) { folder in
      func ledger(_ arguments: String...) throws -> CommandTests.Answer {
        try CommandTests.run(["ledger"] + arguments + ["--ledger", "l.jsonl"], in: folder)
      }
      #expect(try ledger("list").code == 2)
      _ = try backtest(["s"] + data + ["--ledger", "l.jsonl"], in: folder)
      let list = try ledger("list", "--symbol", "A")
      #expect(list.code == 0 && list.output.contains("A 1d: 3 trials") && !list.output.contains("B 1d"))
      let json = try JSONSerialization.jsonObject(with: Data(try ledger("list", "--format", "json").output.utf8))
      let trials = try #require((json as? [String: Any])?["trials"] as? [[String: Any]])
      #expect(trials.count == 6 && trials.allSatisfy { $0["recomputable"] as? Bool == true })
      #expect(try ledger("remove", "--symbol", "A").code == 2)
      #expect(try ledger("remove", "--symbol", "A", "--reason", " ", "--yes").code == 2)
      let asked = try ledger("remove", "--symbol", "A", "--reason", "the file was wrong")
      #expect(asked.code == 2 && asked.messages.contains("3 of 6 trials would be taken out"))
      #expect(try ledger("list").output.contains("A 1d: 3 trials"))
      #expect(try ledger("remove", "--symbol", "A", "--reason", "the file was wrong", "--yes").code == 0)
      #expect(try ledger("compact").output.contains("3 trials stay"))
      let after = try ledger("list").output
      #expect(!after.contains("A 1d:") && after.contains("B 1d: 3 trials"))
      #expect(after.contains("3 trials taken out (symbol A): the file was wrong"))
    }
  }

  @Test func `what is no ledger is not written to, and the exit code says that it cannot be used`() throws {
    try CommandTests.inFolder(LedgerCommandTests.files) { folder in
      let answer = try CommandTests.run(
        ["backtest", "s/one.yaml", "--data", "A=a.csv", "--ledger", "a.csv"], in: folder)
      #expect(answer.code == 3 && answer.messages.contains("a.csv: is no trial ledger"))
      let prices = try String(contentsOf: folder.appending(path: "a.csv"), encoding: .utf8)
      #expect(prices == LedgerCommandTests.files["a.csv"])
    }
  }

  @Test func `the table and the page say what luck leaves`() throws {
    try CommandTests.inFolder(LedgerCommandTests.files) { folder in
      let answer = try CommandTests.run(
        ["backtest", "s"] + data + ["--ledger", "l.jsonl", "--html", "r.html"], in: folder)
      let words = answer.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("of 6 beat their exposure at 5 % after 3 trials a symbol"))
      #expect(words.contains("Probability of overfitting: A ") && answer.output.contains("deflated"))
      let page = try String(contentsOf: folder.appending(path: "r.html"), encoding: .utf8)
      #expect(page.contains("beat their exposure at 5 % after 3 trials a symbol"))
      #expect(page.contains(">Deflated Sharpe</th>"))
    }
  }
}
