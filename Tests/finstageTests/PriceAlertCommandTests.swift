import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// Price alerts as a user has them: through every command that takes a strategy.
@Suite struct PriceAlertCommandTests {
  private static let configuration = """
    strategies: strategies
    watchlists: { mine: [X, Y] }
    instruments:
      X: { category: index }
      Y: { category: stock }
    sources:
      files: { type: csv, path: "prices/*.csv" }
    collect:
      - { source: files, symbols: ["@mine"], timeframe: 1d }
    schedule:
      - { job: price_monitor, every: 30m }
      - { job: highs, every: 4h }
      - { job: snapshots, every: 1h }
    """

  private static let alert = """
    kind: price_alert
    name: watch
    title: Watch
    timeframe: 1d
    symbols: ["@mine"]
    rules:
      - { rule: price_rise, threshold: { default: 3%, categories: { index: 1% } } }
      - break_prev_low
      - new_high
    tests:
      - name: an index moves less
        symbol: X
        closes: '100 101'
        expect: [{ bar: 1, rule: price_rise }, { bar: 1, rule: new_high }]
    """

  /// 102 / 100 is above 1 % and below 3 %; 99 is below the low of 102; 103.5 / 99 = 1.045.
  private static let prices = """
    timestamp,open,high,low,close,volume
    2024-07-01,100,100,100,100,1
    2024-07-02,102,102,102,102,1
    2024-07-03,99,99,99,99,1
    2024-07-04,103.5,103.5,103.5,103.5,1

    """

  private static let files = [
    "config.yaml": configuration, "strategies/alerts/watch.yaml": alert, "prices/X.csv": prices, "prices/Y.csv": prices,
  ]

  private func json(_ answer: CommandTests.Answer) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any], "\(answer)")
  }

  private func said(_ answer: CommandTests.Answer) throws -> [String] {
    try #require(try json(answer)["strategies"] as? [[String: Any]], "\(answer)").flatMap { one in
      #expect((one["trades"] as? [Any])?.isEmpty == true)
      return (one["signals"] as? [[String: Any]] ?? []).map { signal in
        "\(one["strategy"] ?? one["name"] ?? "") \(one["symbol"] ?? "") \(signal["bar"] ?? "") \(signal["base"] ?? "")"
      }
    }
  }

  @Test func `validate, test, describe and verify take it like a strategy`() throws {
    try CommandTests.inFolder(PriceAlertCommandTests.files) { folder in
      let valid = try CommandTests.finstage("validate", in: folder)
      #expect(valid.code == 0, "\(valid)")
      let tested = try CommandTests.finstage("test", in: folder)
      #expect(tested.code == 0 && tested.output.contains("ok   watch: an index moves less"), "\(tested)")
      let one = try CommandTests.finstage("test", "watch.new_high", in: folder)
      #expect(one.code == 0 && one.output.contains("ok   watch.new_high: an index moves less"), "\(one)")
      let words = try CommandTests.finstage("describe", "watch", "--locale", "ko", in: folder)
      #expect(words.code == 0 && words.output.contains("사상 최고가 경신"), "\(words)")
      let verified = try CommandTests.finstage("verify", "watch", in: folder)
      #expect(verified.code == 0 && verified.output.contains("ok   X: 3 strategies"), "\(verified)")
    }
  }

  @Test func `a backtest gives its signals, by symbol and rule, and trades nothing`() throws {
    try CommandTests.inFolder(PriceAlertCommandTests.files) { folder in
      let all = try CommandTests.finstage("backtest", "watch", "--format", "json", "--ledger", "none", in: folder)
      #expect(all.code == 0, "\(all.messages)")
      #expect(
        try said(all) == [
          "watch.price_rise X 1 100", "watch.price_rise X 3 99", "watch.price_rise Y 3 99",
          "watch.break_prev_low X 2 102", "watch.break_prev_low Y 2 102", "watch.new_high X 1 100",
          "watch.new_high X 3 102", "watch.new_high Y 1 100", "watch.new_high Y 3 102",
        ])
      let one = try CommandTests.finstage(
        "backtest", "watch.break_prev_low", "--symbol", "X", "--format", "json", "--ledger", "none", in: folder)
      #expect(try said(one) == ["watch.break_prev_low X 2 102"])
      let lost = try CommandTests.finstage("backtest", "watch.new_hihg", in: folder)
      #expect(lost.code == 3 && lost.messages.contains("did you mean \"watch.new_high\"?"), "\(lost)")
      let table = try CommandTests.finstage("backtest", "watch", "--ledger", "none", in: folder)
      #expect(table.code == 0, "\(table)")
    }
  }

  @Test func `explain says of each rule what it saw`() throws {
    try CommandTests.inFolder(PriceAlertCommandTests.files) { folder in
      let all = try CommandTests.finstage("explain", "watch", "--symbol", "Y", "--at", "2024-07-02", in: folder)
      #expect(all.code == 0 && all.output.contains("threshold"), "\(all)")
      for rule in ["watch.price_rise", "watch.break_prev_low", "watch.new_high"] { #expect(all.output.contains(rule)) }
      let one = try CommandTests.finstage(
        "explain", "watch.new_high", "--symbol", "Y", "--at", "2024-07-02", in: folder)
      #expect(one.code == 0 && one.output.contains("all_time_high") && !one.output.contains("price_rise"), "\(one)")
    }
  }

  @Test func `scan says live what the backtest says, and goes on behind it`() throws {
    try CommandTests.inFolder(PriceAlertCommandTests.files) { folder in
      func write(_ days: Int) throws {
        let text = PriceAlertCommandTests.prices.split(separator: "\n").prefix(days + 1).joined(separator: "\n") + "\n"
        for symbol in ["X", "Y"] {
          try text.write(to: folder.appending(path: "prices/\(symbol).csv"), atomically: true, encoding: .utf8)
        }
      }
      func scan() throws -> [String] {
        let answer = try CommandTests.finstage("scan", "--format", "json", in: folder)
        #expect(answer.code == 0, "\(answer)")
        return try #require(try json(answer)["signals"] as? [[String: Any]]).map {
          "\($0["strategy"] ?? "") \($0["symbol"] ?? "") \($0["state"] ?? "")"
        }
      }
      try write(1)
      #expect(try scan().isEmpty)
      try write(2)
      #expect(
        try scan() == ["watch.new_high X new", "watch.price_rise X new", "watch.new_high Y new"])
      try write(4)
      #expect(
        try scan() == [
          "watch.break_prev_low X late", "watch.break_prev_low Y late", "watch.new_high X new",
          "watch.price_rise X new", "watch.new_high Y new", "watch.price_rise Y new",
        ])
      #expect(try scan().isEmpty)
    }
  }

  @Test func `the service tells an alert once, and revises highs and sessions with their bars`() async throws {
    var files = PriceAlertCommandTests.files
    files["config.yaml"] = """
      locale: ko
      timezone: Asia/Seoul
      strategies: strategies
      watchlists: { mine: [X] }
      instruments: { X: { category: index, precision: 2 } }
      sources: { files: { type: csv, path: "prices/*.csv" } }
      collect: [{ source: files, symbols: ["@mine"], timeframe: 1d }]
      channels: { book: { type: file, path: told.jsonl } }
      routes: [{ channels: [book] }]
      notify: { max_age: 365d }
      schedule:
        - { job: price_monitor, every: 1s }
        - { job: highs, every: 1s }
        - { job: snapshots, every: 1s }

      """
    files["strategies/alerts/watch.yaml"]?.replace("title: Watch", with: "notify: { priority: high }\ntitle: Watch")
    // Of these days: what is older than a year goes into a digest.
    let today = Int64(Date().timeIntervalSince1970) / 86_400
    func day(_ ago: Int64) -> Instant { Instant(seconds: (today - ago) * 86_400) }
    let lines = [
      "timestamp,open,high,low,close,volume", "\(day(4)),100,100,100,100,1", "\(day(3)),102,102,102,102,1",
    ]
    files["prices/X.csv"] = lines.prefix(2).joined(separator: "\n") + "\n"
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let program = try RunningProgram(["run"], in: folder)
    defer { if program.isRunning { _ = program.kill9() } }
    func within(_ isTrue: () -> Bool) {
      let end = Date().addingTimeInterval(120)
      program.wait { isTrue() || Date() > end }
      #expect(isTrue(), "\(program.warned.suffix(600))")
    }
    func write(_ text: String) throws {
      try text.write(to: folder.appending(path: "prices/X.csv"), atomically: true, encoding: .utf8)
    }
    func told() -> String {
      (try? String(contentsOf: folder.appending(path: "told.jsonl"), encoding: .utf8)) ?? ""
    }
    within { program.warned.contains("highs of 1 symbols: 1 new") && program.warned.contains("1 sessions of 1") }
    try write(lines.prefix(3).joined(separator: "\n") + "\n")
    within { program.warned.contains("0 new, 1 raised") && told().contains("가격 상승") && told().contains("사상 최고가 경신") }
    // The high of the second bar was another one.
    try write(lines.prefix(3).joined(separator: "\n").replacing("102,102,102,102", with: "102,104,102,102") + "\n")
    within {
      program.warned.contains("0 raised, 1 revised") && program.warned.contains("2 sessions of 1 symbols: 0 new")
    }
    kill(program.pid, SIGTERM)
    #expect(try program.end().code == 0)

    let text = told()
    #expect(text.components(separatedBy: "가격 상승").count == text.components(separatedBy: "사상 최고가 경신").count)
    #expect(text.contains("현재가: 102.00") && text.contains("기준가: 100.00") && text.contains("변동률: +2.00 %"))
    let store = try SQLiteStore(
      SQLiteSettings(path: folder.appending(path: "var/finstage.db").path()), for: .reading)
    let second = day(3)
    #expect(try await store.high(of: "X") == PriceHigh(symbol: "X", price: 104, time: second))
    #expect(try await store.editions(ofHigh: "X").map(\.high.price) == [102])
    #expect(try await store.sessions(of: "X", from: nil, to: nil).map(\.high) == [100, 104])
    #expect(try await store.editions(of: "X", on: second).map(\.snapshot.high) == [102])
    #expect(
      Set(try await store.signals(strategy: nil, symbol: "X", limit: 9).map { $0.record.alert ?? "" })
        == ["price_rise", "new_high"])
  }

  @Test func `a category that no instrument has is a fault with its place`() throws {
    var files = PriceAlertCommandTests.files
    files["strategies/alerts/watch.yaml"] = PriceAlertCommandTests.alert.replacing(
      "{ index: 1% }", with: "{ indx: 1% }")
    try CommandTests.inFolder(files) { folder in
      let answer = try CommandTests.finstage("validate", in: folder)
      #expect(answer.code == 1, "\(answer)")
      #expect(answer.output.contains("watch.yaml:7:65: error[E021 unknown-name]"), "\(answer)")
      #expect(answer.output.contains("did you mean \"index\"?"))
    }
  }
}
