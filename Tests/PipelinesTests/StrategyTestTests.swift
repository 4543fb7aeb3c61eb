import Foundation
import Pipelines
import StrategyModules
import Testing

/// The tests in a strategy's own file: what they run over, what they expect, and what they say when they fail.
@Suite struct StrategyTestTests {
  private static let head = """
    name: x
    timeframe: 1d
    symbols: [X]
    pipeline:
      - { id: up, buy: close > 10, sell: close < 10, confidence: 70, reason: "close {close}" }
    tests:

    """

  private func read(_ tests: String, in folder: URL? = nil) -> (strategy: Strategy?, faults: [Diagnostic]) {
    var reader = StrategyReader(registry: bundled)
    reader.dataFolder = folder?.path
    let (strategy, faults) = reader.read(file: "x.yaml", bytes: Array((StrategyTestTests.head + tests).utf8))
    return (strategy, faults)
  }

  private func outcome(_ test: String, in folder: URL? = nil) throws -> StrategyTest.Outcome {
    let (strategy, faults) = read(test, in: folder)
    #expect(faults.map(\.description) == [])
    return try #require(try strategy?.runTests(registry: bundled).first)
  }

  private func fault(_ test: String, in folder: URL? = nil) -> String {
    read(test, in: folder).faults.map { "\($0.code.rawValue.prefix(4)) \($0.message)" }.joined(separator: "; ")
  }

  @Test("a test may write its candles down, as lists or as mappings") func writtenCandles() throws {
    let lists = "  - { name: t, candles: [[9, 9, 8, 9, 100], [9, 12, 9, 11], _], expect: [{ bar: 1, direction: buy }] }"
    #expect(
      try outcome(lists.replacingOccurrences(of: "[{ bar: 1", with: "[{ bar: 0, direction: sell }, { bar: 1"))
        .faults == [])
    let mappings = """
        - name: t
          candles:
            - { open: 9, high: 9, low: 9, close: 9, time: 2020-03-02 }
            - { open: 9, high: 12, low: 9, close: 11, volume: 5 }
          expect: [{ time: 2020-03-02, direction: sell }, { time: 2020-03-03, direction: buy }]
      """
    #expect(try outcome(mappings).faults == [])
  }

  @Test("faults of candles are told where they stand") func candleFaults() {
    #expect(fault("  - { name: t, candles: [[9, 8, 9, 9]], expect: [] }").hasPrefix("E014 the high 8 and the low 9"))
    #expect(fault("  - { name: t, candles: [[9, 8]], expect: [] }").hasPrefix("E027 a candle has 5 numbers"))
    #expect(fault("  - { name: t, candles: [], expect: [] }") == "E027 candles is empty")
    let again = "{ open: 9, high: 9, low: 9, close: 9, time: 2020-03-02 }"
    #expect(fault("  - { name: t, candles: [\(again), \(again)], expect: [] }").hasPrefix("E026 times ascend"))
    #expect(
      fault("  - { name: t, candles: [[9, 9, 9, 9]], closes: '9', expect: [] }")
        == "E029 a test has closes:, candles: or data:, one of them")
  }

  @Test("a price file is read from beside the strategy, and from and to bound what is compared") func data() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = [9, 11, 9, 11, 9].enumerated().map { "2020-01-0\($0 + 1),\($1),\($1),\($1),\($1),1\n" }
    try ("time,open,high,low,close,volume\n" + rows.joined()).write(
      to: folder.appending(path: "p.csv"), atomically: true, encoding: .utf8)
    try "time,open\n".write(to: folder.appending(path: "broken.csv"), atomically: true, encoding: .utf8)
    let test = "  - { name: t, data: p.csv, from: 2020-01-03, to: 2020-01-04, expect: [EXPECTED] }"
    func with(_ expected: String) -> String { test.replacingOccurrences(of: "EXPECTED", with: expected) }
    let both = "{ time: 2020-01-03, direction: sell }, { bar: 3, direction: buy }"
    #expect(try outcome(with(both), in: folder).faults == [])
    #expect(try outcome(with("{ bar: 3, direction: buy }"), in: folder).faults == ["unexpected sell at bar 2: close 9"])
    #expect(fault(with("{ bar: 1, direction: buy }"), in: folder).hasPrefix("E014 bar 1 (2020-01-02T00:00:00Z) lies"))
    #expect(fault(with("{ time: 2021-01-01, direction: buy }"), in: folder).hasPrefix("E014 no bar has the time"))
    #expect(fault("  - { name: t, data: no.csv, expect: [] }", in: folder).hasPrefix("E001 there is no file"))
    #expect(fault("  - { name: t, data: broken.csv, expect: [] }", in: folder).hasPrefix("E040 the price file cannot"))
    #expect(
      fault("  - { name: t, data: p.csv, from: 2022-01-01, expect: [] }", in: folder)
        == "E014 no bar lies between from: and to:")
    #expect(fault("  - { name: t, data: p.csv, expect: [] }").hasPrefix("E001 \"p.csv\" cannot be looked for"))
    #expect(fault("  - { name: t, closes: '9', from: 2020-01-01, expect: [] }").contains("no key \"from\""))
  }

  @Test("confidence, reason and price are compared where they are given") func details() throws {
    func faults(_ more: String) throws -> [String] {
      try outcome("  - { name: t, closes: '10 11', expect: [{ bar: 1, direction: buy\(more) }] }").faults
    }
    #expect(try faults("") == [])
    #expect(try faults(", confidence: 60..90, reason: close 11, price: 11") == [])
    #expect(try faults(", confidence: 71..90") == ["buy at bar 1: its confidence is 70, expected 71..90"])
    #expect(try faults(", reason: low") == ["buy at bar 1: its reason does not contain \"low\": close 11"])
    #expect(try faults(", price: 12") == ["buy at bar 1: its price is 11, expected 12"])
    #expect(
      fault("  - { name: t, closes: '10', expect: [{ bar: 0, direction: buy, confidence: 90..60 }] }")
        .hasPrefix("E014 confidence is a number"))
  }

  @Test("must_not_fire is another way to expect nothing") func silence() throws {
    #expect(try outcome("  - { name: t, closes: '10x3', must_not_fire: true }").faults == [])
    #expect(
      try outcome("  - { name: t, closes: '10 11', must_not_fire: true }").faults
        == ["unexpected buy at bar 1: close 11"])
    #expect(fault("  - { name: t, closes: '10', must_not_fire: true, expect: [] }").hasPrefix("E029 must_not_fire"))
    #expect(fault("  - { name: t, closes: '10', must_not_fire: false }").hasPrefix("E011"))
  }

  @Test("a failing test shows the bars around and what the rule saw") func trace() throws {
    let outcome = try outcome("  - { name: t, closes: '10x10 11x10', expect: [{ bar: 12, direction: buy }] }")
    let trace = try #require(outcome.traces.first)
    #expect(outcome.traces.count == 1)
    #expect(trace.rows.map(\.bar) == Array(5...15))
    #expect(
      trace.lines[0]
        == "bar  time        open  high  low  close  volume  buy  sell  expected  came")
    #expect(trace.lines[6] == " 10  2024-01-11    10    11   10     11    1000  yes    no            buy (70)")
    #expect(trace.lines[8] == " 12  2024-01-13    11    11   11     11    1000  yes    no  buy")
  }

  @Test("coverage names the conditions and the sides that nothing made true") func coverage() throws {
    let made = try #require(
      strategy("  - { id: s, buy: close > 10 and close > 20 or volume > 5, sell: close < 3 }"))
    var coverage = ConditionCoverage(of: made, registry: bundled)
    #expect(coverage.entries.map(\.text).contains("close > 20"))
    try coverage.read(Market(try candles("9 11")), as: .test)
    #expect(coverage.uncovered.map(\.text) == ["close > 20", "close < 3"])
    #expect(coverage.uncovered.map(\.isPart) == [true, false])
    try coverage.read(Market(try candles("2 1")), as: .sample)
    #expect(coverage.uncovered.map(\.text) == ["close > 20"])
    #expect(coverage.untested.map(\.text) == ["close < 3"])
  }
}
