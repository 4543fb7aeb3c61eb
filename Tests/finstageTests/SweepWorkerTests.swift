import Foundation
import SeriesMath
import Testing

/// `finstage sweep-worker`: JSON lines in, JSON lines out.
@Suite struct SweepWorkerTests {
  private static let prices = CommandTests.root.appending(path: "Samples/IXIC-1d.csv").path()
  private static let sum = (try? Data(contentsOf: URL(filePath: prices))).map { SHA256.text(of: [UInt8]($0)) } ?? ""
  private static let strategy = """
    name: any-name
    timeframe: 1d
    symbols: [A]
    params: { n: { default: 20, range: 5..60 } }
    pipeline:
      - { id: a, module: ma_cross, with: { fast: 5, slow: n } }
    """

  private func line(
    _ params: [[String: Any]], shard: Any = 1, strategy: String = strategy, data: String = prices, sha256: String = sum
  ) throws -> String {
    let object: [String: Any] = [
      "sweep": "s", "shard": shard, "strategy": strategy, "params": params, "data": data, "sha256": sha256,
    ]
    return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self) + "\n"
  }

  static func work(_ input: String, _ arguments: [String] = []) throws -> (
    code: Int32, lines: [[String: Any]], text: String
  ) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, target) = (folder.appending(path: "in"), folder.appending(path: "out"))
    try input.write(to: source, atomically: true, encoding: .utf8)
    try Data().write(to: target)
    let process = Process()
    process.executableURL = CommandTests.program
    process.arguments = ["sweep-worker"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: source)
    process.standardOutput = try FileHandle(forWritingTo: target)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: target, encoding: .utf8)
    let lines = try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    return (process.terminationStatus, lines, text)
  }

  @Test func `a worker that is told of a ledger records its shards there, each configuration once`() throws {
    try CommandTests.inFolder([:]) { folder in
      let path = folder.appending(path: "t.jsonl").path()
      let shard = try line([["a.fast": 5, "n": 30], ["a.fast": 10, "n": 40], ["a.fast": 5, "a.average": "ema"]])
      // The third parameter set of the second line cannot be worked off: nothing of it was tried.
      let next = try line([["a.fast": 5, "n": 30], ["a.fast": 6, "n": 30], ["a.fast": 90, "n": 30]], shard: 2)
      let answer = try Self.work(shard + next, ["--ledger", path])
      #expect(answer.code == 1 && answer.lines.count == 6)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.split(separator: "\n").count { $0.hasPrefix("{\"trial\"") } == 4)
      #expect(try Self.work(shard + next, ["--ledger", path]).text == answer.text)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
      try "no ledger\n".write(toFile: path, atomically: true, encoding: .utf8)
      let refused = try Self.work(shard, ["--ledger", path])
      #expect(refused.code == 1 && refused.lines.count == 1)
      #expect((refused.lines[0]["error"] as? String)?.contains("is no trial ledger") == true)
    }
  }

  @Test func `each parameter set has its line, in order, with the figures of a sweep`() throws {
    let input = try line(
      [["a.fast": 5, "n": 30], ["a.fast": 10, "n": 40], ["a.fast": 5, "a.average": "ema"]], shard: "x")
    let answer = try Self.work(input)
    #expect(answer.code == 0)
    #expect(answer.lines.count == 3)
    #expect(answer.lines.allSatisfy { $0["sweep"] as? String == "s" && $0["shard"] as? String == "x" })
    #expect(Set(answer.lines.compactMap { $0["params_hash"] as? String }).count == 3)
    #expect(answer.lines[0]["params"] as? [String: Int] == ["a.fast": 5, "n": 30])
    try CommandTests.inFolder(["any-name.yaml": SweepWorkerTests.strategy]) { folder in
      let sweep = try CommandTests.run(
        [
          "sweep", "any-name.yaml", "--data", SweepWorkerTests.prices, "--set", "a.fast=5,10", "--set", "n=30,40",
          "--format", "json",
        ], in: folder)
      let json = try #require(try JSONSerialization.jsonObject(with: Data(sweep.output.utf8)) as? [String: Any])
      let results = try #require(json["results"] as? [[String: [String: Any]]])
      for line in answer.lines.prefix(2) {
        let params = try #require(line["params"] as? [String: Int])
        let same = results.first { $0["params"] as? [String: Int] == params }
        let metrics = try #require(line["metrics"] as? [String: Any])
        for name in ["sharpe", "total_return", "max_drawdown", "trades", "win_rate"] {
          #expect(metrics[name] as? Double == same?["metrics"]?[name] as? Double)
        }
      }
    }
    #expect(try Self.work(input).text == answer.text)
  }

  @Test func `the hash is that of the parameters as they stand in the line`() throws {
    let answer = try Self.work(try line([["n": 30, "a.fast": 5]]))
    #expect(answer.lines[0]["params_hash"] as? String == SHA256.text(of: Array(#"{"a.fast": 5, "n": 30}"#.utf8)))
  }

  @Test func `the data may be a file URI with escapes`() throws {
    try CommandTests.inFolder([:]) { folder in
      let copy = folder.appending(path: "with space.csv")
      try FileManager.default.copyItem(at: URL(filePath: SweepWorkerTests.prices), to: copy)
      let uri = "file://" + copy.path().replacing(" ", with: "%20")
      let answer = try Self.work(try line([["n": 30]], data: uri))
      #expect(answer.code == 0 && answer.lines[0]["metrics"] != nil)
    }
  }

  @Test func `what is wrong is a line of its own and the rest goes on`() throws {
    let good = try line([["n": 30]], shard: 9)
    let cases: [(String, String)] = [
      ("nonsense\n", "not JSON"), ("[1]\n", "not a JSON object"),
      ("{\"sweep\": \"s\", \"shard\": 2}\n", "\"strategy\" is missing"),
      (
        try line([["n": 30]], shard: 2, sha256: String(repeating: "0", count: 64)),
        "its sha256 is \(SweepWorkerTests.sum)"
      ),
      (try line([["n": 30]], shard: 2, data: "/nowhere.csv"), "cannot be read"),
      (try line([["n": 30]], shard: 2, data: "https://example.com/a.csv"), "only file:// and paths"),
      (try line([["n": 30]], shard: 2, strategy: "name: [\n"), "strategy, line"),
      (try line([["n": 30]], shard: 2, strategy: SweepWorkerTests.strategy + "\nmore: 1\n"), "no key \"more\""),
      (try line([["m": 30]], shard: 2), "nothing called \"m\""), (try line([["n": 3]], shard: 2), "out of range"),
      (try line([["n": "x"]], shard: 2), "not a number"), (try line([["a.fast": 30]], shard: 2), "must be below slow"),
      (try line([["a.average": 3]], shard: 2), "is a number"),
      (String(repeating: "x", count: 17 << 20) + "\n", "longer than"),
    ]
    for (bad, message) in cases {
      let answer = try Self.work(bad + good)
      #expect(answer.code == 1)
      #expect(answer.lines.count == 2)
      let error = answer.lines.first?["error"] as? String
      #expect(error?.contains(message) == true, "\(message): \(error ?? "none")")
      #expect(answer.lines.last?["shard"] as? Int == 9)
      #expect(answer.lines.last?["metrics"] != nil)
    }
  }

  @Test func `a bad parameter set among good ones stands in its place`() throws {
    let answer = try Self.work(try line([["n": 30], ["n": 300], ["n": 40]]))
    #expect(answer.code == 1)
    #expect(answer.lines.map { $0["error"] != nil } == [false, true, false])
    #expect(answer.lines[1]["params"] as? [String: Int] == ["n": 300])
  }

  @Test func `no input is no work, and a last line needs no end`() throws {
    #expect(try Self.work("").code == 0)
    let answer = try Self.work("\n" + String(try line([["n": 30]]).dropLast()))
    #expect(answer.code == 0 && answer.lines.count == 1)
  }
}
