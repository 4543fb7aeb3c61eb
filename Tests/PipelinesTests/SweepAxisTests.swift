import Foundation
import MarketData
import Pipelines
import PluginKit
import StrategyModules
import Testing
import Trading

@Suite struct SweepAxisTests {
  static let text = """
    name: x
    timeframe: 1d
    symbols: [X]
    params:
      level: { default: 50, range: 40..60:5 }
      share: { default: 2% }
    let: { slowest: "sma(close, 90)" }
    pipeline:
      - { id: trend, module: ma_cross, with: { fast: 5, slow: 20 } }
      - { id: near, module: ma_breakout, with: { period: 10, margin: share } }
      - id: strong
        buy: rsi(close, 14) > level and close > slowest
        sell: rsi(close, 14) < level
        confidence: level
        reason: rsi is {rsi(close, 14)}
      - { id: agree, module: confirm_all, inputs: [trend, near, strong], with: { within: 5 } }
    trade: { side: both }
    """

  static func template(_ text: String = text) throws -> StrategyTemplate {
    try #require(StrategyReader(registry: bundled).template(file: "x.yaml", bytes: Array(text.utf8)).0)
  }

  static func axis(_ text: String) throws -> ParameterAxis { try ParameterAxis(text, of: template()) }

  static func fault(_ text: String) -> String {
    do {
      _ = try axis(text)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("trend.fast=5..20:5", "5 10 15 20"), ("trend.fast=5..21:5", "5 10 15 20"), ("trend.fast=3..5", "3 4 5"),
    ("trend.fast=7", "7"), ("trend.fast=2,5,5..7", "2 5 6 7"), ("near.margin=1%..2%:0.5%", "0.01 0.015 0.02"),
    ("near.margin=1%..3%", "0.01 0.02 0.03"), ("share=0.1..0.4:0.1", "0.1 0.2 0.3 0.4"), ("level=45", "45"),
    ("level", "40 45 50 55 60"), ("trend.average=sma|ema", "sma ema"), ("trend.average=ema, wma", "ema wma"),
  ])
  func `values come as they are written, exactly`(text: String, values: String) throws {
    let found = try SweepAxisTests.axis(text).values.map { setting -> String in
      switch setting {
      case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
      case .choice(let word): word
      case .numbers: "?"
      }
    }
    #expect(found.joined(separator: " ") == values)
  }

  @Test(arguments: [
    ("trnd.fast=1..2", "there is no step \"trnd\"", "did you mean \"trend\"?"),
    ("trend.fsat=1..2", "ma_cross has no parameter \"fsat\"", "did you mean \"fast\"?"),
    ("trend.fast=0..2", "fast 0 is out of range", "a whole number from 1 to 100000"),
    ("trend.fast=1..2:0.5", "fast 1.5 is not a whole number", "a whole number"),
    ("trend.fast=1..9:0", "the step 0 is not above 0", "A..B:STEP"),
    ("trend.fast=1..9:-1", "the step -1 is not above 0", "A..B:STEP"),
    ("trend.fast=9..1", "the range 9..1 is empty", "upwards"),
    ("trend.fast=1...9", "is no range", "A..B"),
    ("trend.fast=1..nan", "is no range", "A..B"),
    ("trend.fast=1e3", "not a number", "A..B"),
    ("trend.fast=", "a value is missing", "A..B"),
    ("trend.fast", "has no values", "A..B"),
    ("near.margin=0.5..1", "does not say its step", "0.5..1:"),
    ("near.margin=1%..2", "a percentage at one end only", "both ends"),
    ("trend.average=smaa", "average \"smaa\" is unknown", "one of: sma, ema"),
    ("trend.average=sma..ema", "which have no range", "|"),
    ("strong.confidence=1..5", "is made of expressions", "level, share"),
    ("fast=1..2", "nothing called \"fast\"", "trend.fast"),
    ("levle=1..2", "nothing called \"levle\"", "did you mean \"level\"?"),
    ("level=30..60:10", "30 is out of range", "range 40..60:5"),
    ("share", "has no values, and the file declares no range", "A..B"),
    ("=1..2", "names no parameter", "id.param"),
    ("trend.fast=1..9000000", "more than 1000000 values", ""),
  ])
  func `what is wrong is said with what is admitted`(text: String, message: String, hint: String) {
    let fault = SweepAxisTests.fault(text)
    #expect(fault.contains(message))
    #expect(hint.isEmpty || fault.contains(hint))
  }

  static func grid(_ axes: [String], where condition: String? = nil) throws -> ParameterGrid {
    let axes = try axes.map(axis)
    return try ParameterGrid(axes, where: try condition.map { try AxisCondition($0, over: axes) })
  }

  // 99 × 99 pairs, 99 of them equal, half of the rest the right way round: 99 · 98 / 2.
  @Test func `combinations are counted after the condition`() throws {
    let grid = try SweepAxisTests.grid(["trend.fast=2..100", "trend.slow=2..100"], where: "trend.fast < trend.slow")
    #expect(grid.size == 9_801)
    #expect(try grid.admitted(limit: 100_000).count == 4_851)
    #expect(throws: AxisFault.self) { try grid.admitted(limit: 4_850) }
  }

  // By hand over fast × slow: 10·10 10·20 10·40 20·10 20·20 20·40 30·10 30·20 30·40, each with two averages.
  @Test(arguments: [
    ("trend.fast < trend.slow", 4), ("trend.fast * 2 <= trend.slow", 3), ("not trend.fast < trend.slow", 5),
    ("trend.average == \"ema\"", 4.5), ("trend.average != 'ema' and trend.fast > 10", 3),
    ("trend.slow - trend.fast == 10 or trend.fast == 10", 4), ("max(trend.fast, trend.slow) < 21", 4),
    ("abs(trend.fast - trend.slow) > 15", 3), ("-trend.fast < -20", 3), ("min(trend.fast, 5) == 5", 9),
    ("trend.slow / trend.fast > 1.9 and trend.fast != 20", 2), ("trend.fast + 10 >= trend.slow", 7),
  ])
  func `a condition is counted by hand`(condition: String, pairs: Double) throws {
    let axes = ["trend.fast=10,20,30", "trend.slow=10,20,40", "trend.average=sma|ema"]
    let admitted = try SweepAxisTests.grid(axes, where: condition).admitted(limit: 100)
    #expect(Double(admitted.count) == 2 * pairs)
  }

  @Test(arguments: [
    ("trend.fast <", "expected a value"), ("trend.fast", "is a value, no condition"), ("trend.fats < 3", "trend.fast"),
    ("trend.fast < 'x'", "words are compared"), ("close > 3", "is not swept"), ("trend.fast[1] < 3", "no meaning"),
    ("sma(trend.fast, 2) < 3", "no meaning"), ("trend.fast and 3", "is no condition"),
  ])
  func `a condition that cannot be read says where`(condition: String, message: String) throws {
    let axes = [try SweepAxisTests.axis("trend.fast=2..9")]
    do {
      _ = try AxisCondition(condition, over: axes)
      Issue.record("\(condition) was read")
    } catch {
      #expect("\(error)".contains(message))
    }
  }

  @Test func `a parameter stands once`() throws {
    #expect(throws: AxisFault.self) { try SweepAxisTests.grid(["trend.fast=2..9", "trend.fast=20..30"]) }
  }

  @Test func `a random sample is different combinations, the same for the same seed`() throws {
    let grid = try SweepAxisTests.grid(["trend.fast=2..100", "trend.slow=2..100"], where: "trend.fast < trend.slow")
    let first = try grid.sample(200, seed: 7)
    #expect(first == (try grid.sample(200, seed: 7)))
    #expect(first != (try grid.sample(200, seed: 8)))
    #expect(Set(first).count == 200)
    let admitted = Set(try grid.admitted(limit: 10_000))
    #expect(first.allSatisfy(admitted.contains))
    #expect(try grid.sample(5_000, seed: 7) == grid.admitted(limit: 10_000))
    // Evenly drawn: of the 4,851 the first half is met about half the time. Five standard deviations are 35.
    let middle = admitted.sorted()[2_425]
    #expect(abs(first.count { $0 < middle } - 100) < 36)
  }

  @Test func `a grid that cannot be looked through is sampled too`() throws {
    let grid = try SweepAxisTests.grid(
      ["trend.fast=2..9000", "trend.slow=2..9000", "near.period=2..200"], where: "trend.fast < trend.slow")
    let sample = try grid.sample(50, seed: 1)
    #expect(Set(sample).count == 50)
    #expect(sample == (try grid.sample(50, seed: 1)))
    #expect(throws: AxisFault.self) { try grid.admitted(limit: .max) }
  }

  /// What a strategy says over the first sample index, without its reasons.
  private func calls(_ strategy: Strategy, _ candles: CandleSeries) throws -> [String] {
    try run([strategy], over: candles)[0].signals.map { "\($0.bar) \($0.direction) \($0.confidence)" }
  }

  @Test func `what a template makes speaks like a file with those values in it`() throws {
    let template = try SweepAxisTests.template()
    let candles = try PriceFile.read(
      path: repositoryFile("Samples/IXIC-1d.csv").path, instrument: Instrument(symbol: "X")
    ).series
    let axes = try ["trend.fast=3,8", "level=45,55", "share=0%,1%", "trend.average=sma|ema"].map {
      try ParameterAxis($0, of: template)
    }
    let grid = try ParameterGrid(axes)
    var spoke = 0
    for combination in 0..<grid.size {
      let values = grid.values(combination)
      guard case .strategy(let made) = template.strategy(axes, values),
        case .choice(let average) = values[3], let fast = values[0].number, let level = values[1].number,
        let share = values[2].number
      else {
        Issue.record("\(values) was refused")
        continue
      }
      let text = SweepAxisTests.text.replacing(
        "fast: 5, slow: 20", with: "fast: \(Int(fast)), slow: 20, average: \(average)"
      )
      .replacing("default: 50", with: "default: \(Int(level))").replacing("default: 2%", with: "default: \(share)")
      let (written, faults) = StrategyReader(registry: bundled).read(file: "x.yaml", bytes: Array(text.utf8))
      let wanted = try calls(try #require(written, "\(faults)"), candles)
      #expect(try calls(made, candles) == wanted)
      #expect(made.plan == written?.plan)
      spoke += wanted.isEmpty ? 0 : 1
    }
    #expect(spoke > 8)
  }

  @Test func `values that do not go together are refused in words`() throws {
    let template = try SweepAxisTests.template()
    let axes = [try ParameterAxis("trend.fast=20", of: template)]
    guard case .refused(let reason) = template.strategy(axes, [.number(20)]) else {
      Issue.record("fast 20 and slow 20 were taken")
      return
    }
    #expect(reason == "ma_cross: fast 20 must be below slow 20")
  }
}
