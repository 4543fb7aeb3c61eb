import Foundation
import Testing

/// `scan` and `plan` as a user runs them, over files.
@Suite struct LiveCommandTests {
  private static let configuration = """
    strategies: strategies
    sources:
      files: { type: csv, path: "prices/*.csv" }
    collect:
      - { source: files, symbols: [X, Y], timeframe: 1d }
    """

  private static func files(bars: Int) -> [String: String] {
    let lines = CommandTests.prices.split(separator: "\n").prefix(bars + 1)
    let prices = lines.joined(separator: "\n") + "\n"
    return [
      "config.yaml": configuration, "prices/X.csv": prices, "prices/Y.csv": prices,
      "strategies/level.yaml": """
      name: level
      timeframe: 1d
      symbols: [X, Y]
      emit: level
      pipeline:
        - { id: up, buy: close > 5, confidence: 61 }
      """,
      "strategies/other.yaml": """
      name: other
      timeframe: 1d
      symbols: [X]
      emit: level
      pipeline:
        - { id: up, sell: symbol("Y").close > 10 }
      """,
    ]
  }

  private func json(_ answer: CommandTests.Answer) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any], "\(answer)")
  }

  private func signals(_ answer: CommandTests.Answer) throws -> [String] {
    try #require(try json(answer)["signals"] as? [[String: Any]]).map { one in
      "\(one["time"] ?? "") \(one["symbol"] ?? "") \(one["strategy"] ?? "") \(one["direction"] ?? "") \(one["state"] ?? "")"
    }
  }

  @Test func `a first scan shows, later ones save once, and a dry one saves nothing`() throws {
    try CommandTests.inFolder(LiveCommandTests.files(bars: 12)) { folder in
      let first = try CommandTests.finstage("scan", "--format", "json", in: folder)
      #expect(first.code == 0)
      #expect(
        try signals(first) == [
          "2024-01-12T00:00:00Z X level buy first", "2024-01-12T00:00:00Z X other sell first",
          "2024-01-12T00:00:00Z Y level buy first",
        ])
      #expect(try signals(CommandTests.finstage("scan", "--format", "json", in: folder)).isEmpty)
      for (name, text) in LiveCommandTests.files(bars: 14) where name == "prices/X.csv" {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      }
      let expected = [
        "2024-01-13T00:00:00Z X level buy late", "2024-01-13T00:00:00Z X other sell late",
        "2024-01-14T00:00:00Z X level buy new", "2024-01-14T00:00:00Z X other sell new",
      ]
      for _ in 0..<2 {
        let dry = try CommandTests.finstage("scan", "--dry-run", "--format", "json", in: folder)
        #expect(try signals(dry) == expected && dry.code == 0)
        #expect(try json(dry)["dry_run"] as? Bool == true)
      }
      let saved = try CommandTests.finstage("scan", "--format", "json", in: folder)
      #expect(try signals(saved) == expected)
      let entry = try #require((try json(saved)["signals"] as? [[String: Any]])?.first)
      #expect(entry["confidence"] as? Double == 61 && entry["price"] as? Double == 13 && entry["id"] as? Int == 1)
      #expect(entry["known_at"] as? String == "2024-01-14T00:00:00Z" && entry["bar"] as? Int == 12)
      #expect(try signals(CommandTests.finstage("scan", "--format", "json", in: folder)).isEmpty)
    }
  }

  @Test func `a plan shows what changed files would do, and a faulty one leaves the running version`() throws {
    try CommandTests.inFolder(LiveCommandTests.files(bars: 12)) { folder in
      let early = try CommandTests.finstage("plan", in: folder)
      #expect(early.code == 3 && early.messages.contains("nothing has run"))
      #expect(try CommandTests.finstage("scan", in: folder).code == 0)
      let same = try json(CommandTests.finstage("plan", "--format", "json", in: folder))
      #expect(same["changes"] as? Bool == false)
      let level = folder.appending(path: "strategies/level.yaml")
      let text = try String(contentsOf: level, encoding: .utf8)
      try text.replacing("close > 5", with: "close > 7").write(to: level, atomically: true, encoding: .utf8)
      try "name: other\n".write(
        to: folder.appending(path: "strategies/other.yaml"), atomically: true, encoding: .utf8)
      let plan = try CommandTests.finstage("plan", "--format", "json", in: folder)
      #expect(plan.code == 1)
      let items = try #require(try json(plan)["strategies"] as? [[String: Any]])
      #expect(items.map { $0["change"] as? String } == ["changed", "faulty"])
      let differences = try #require(items[0]["differences"] as? [[String: Any]])
      // Closes are 1, 2, 3 …: those of the 6th and 7th day are above 5 and not above 7.
      #expect(
        differences.map { "\($0["time"] ?? "") \($0["symbol"] ?? "") \($0["said"] ?? "")" } == [
          "2024-01-06T00:00:00Z X before", "2024-01-06T00:00:00Z Y before", "2024-01-07T00:00:00Z X before",
          "2024-01-07T00:00:00Z Y before",
        ])
      #expect(items[0]["same"] as? Int == 10)
      // What is faulty goes on as it was.
      for (name, text) in LiveCommandTests.files(bars: 13) where name.hasPrefix("prices/") {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      }
      let scan = try CommandTests.finstage("scan", "--format", "json", in: folder)
      #expect(scan.code == 4 && scan.messages.contains("other.yaml"))
      #expect(
        try signals(scan) == [
          "2024-01-13T00:00:00Z X level buy new", "2024-01-13T00:00:00Z X other sell new",
          "2024-01-13T00:00:00Z Y level buy new",
        ])
    }
  }

  @Test func `without prices a scan says whose are missing`() throws {
    var files = LiveCommandTests.files(bars: 12)
    files["prices/Y.csv"] = nil
    try CommandTests.inFolder(files) { folder in
      let scan = try CommandTests.finstage("scan", in: folder)
      #expect(scan.code == 4)
      #expect(scan.messages.contains("there are no prices of Y 1d") && scan.output.contains("level"))
    }
    try CommandTests.inFolder(["up.yaml": CommandTests.strategy("up")]) { folder in
      for arguments in [["scan"], ["plan"], ["scan", "--jobs", "0"]] {
        let answer = try CommandTests.run(arguments, in: folder)
        #expect(answer.code == 2)
      }
    }
  }
}
