import MarketData
import PluginKit
import StrategyModules
import Testing
import Trading

@testable import Pipelines

/// News and statements in expressions. Bars are days from 2024-01-01, each known at the next midnight.
@Suite struct FactExpressionTests {
  private static let candles = StrategyTest.candles(closes: [100, 101, 102, 103, 104, 105, 106, 107, 108, 109])

  private static func facts(news: [(bar: Int, score: Double)] = [], figures: [FiledFigure] = []) -> Facts {
    Facts(
      news: news.map { ScoredItem(publishedAt: candles.knownAt($0.bar), score: $0.score) }, figures: figures)
  }

  private static func column(_ text: String, _ facts: Facts, over candles: CandleSeries = candles) throws -> [Double?] {
    let evaluation = try Evaluation([text], registry: bundled)
    return try evaluation.columns(over: Market(candles, facts: facts))[0].map { $0.isNaN ? nil : $0 }
  }

  @Test func `news counts from the bar at whose close it was published`() throws {
    let facts = Self.facts(news: [(2, 0.5), (3, -0.1)])
    #expect(
      try Self.column("sentiment(2d)", facts) == [nil, nil, 0.5, 0.2, -0.1, nil, nil, nil, nil, nil])
    #expect(try Self.column("news.count(2d)", facts) == [nil, nil, 1, 2, 1, 0, 0, 0, 0, 0])
    #expect(try Self.column("sentiment(2d)[1]", facts)[3] == 0.5)
  }

  @Test func `an item a millisecond behind the close counts at the next bar`() throws {
    let item = ScoredItem(publishedAt: Self.candles.knownAt(2).advanced(by: 1), score: 1)
    #expect(try Self.column("news.count(1d)", Facts(news: [item])) == [nil, nil, nil, 1, 0, 0, 0, 0, 0, 0])
  }

  @Test func `a figure stands from its filing on`() throws {
    let figures = [
      FiledFigure(.revenue, .quarter, endDay: 19_600, knownAt: Self.candles.knownAt(3), value: 50),
      FiledFigure(.revenue, .quarter, endDay: 19_691, knownAt: Self.candles.knownAt(6).advanced(by: 1), value: 60),
    ]
    #expect(
      try Self.column("fundamental(\"revenue\")", Self.facts(figures: figures))
        == [nil, nil, nil, 50, 50, 50, 50, 60, 60, 60])
  }

  @Test func `on the clock of weeks it is what was known when the week closed`() throws {
    // 2024-01-01 is a Monday: the first week closes at the end of bar 6.
    let facts = Self.facts(news: [(6, 0.5), (7, -1)])
    #expect(
      try Self.column("sentiment(3d) @ 1w", facts) == [nil, nil, nil, nil, nil, nil, 0.5, 0.5, 0.5, 0.5])
  }

  @Test func `one bar at a time gives the same as a thousand`() throws {
    var graph = Graph()
    let sentiment = graph.series(SeriesKey(.fact(.sentiment(Timeframe(2, .day)))))
    let average = graph.add(
      .indicator("sma", .series(SeriesKey(.fact(.sentiment(Timeframe(2, .day))))), with: ["period": 2]), bundled)
    let facts = Self.facts(news: [(1, 0.3), (2, 0.7), (3, -0.1), (4, 0.9), (6, 0.1)])
    func columns(_ block: Int) throws -> [[UInt64]] {
      let run = GraphRun(graph, block: block)
      var values: [[UInt64]] = []
      while run.count < Self.candles.count {
        let bars = run.count..<min(run.count + block, Self.candles.count)
        try run.advance(Market(Self.candles, facts: facts), rows: bars.count)
        for bar in bars {
          values.append([run.value(sentiment, at: bar).bitPattern, run.value(average, at: bar).bitPattern])
        }
      }
      return values
    }
    let whole = try columns(1_024)
    #expect(try columns(1) == whole && columns(3) == whole)
    #expect(whole.contains { !Double(bitPattern: $0[1]).isNaN })
  }

  /// 10 are paid on bar 4, on prices of 100: adjusted forward, what comes from there on is × 100 / 90 …, and earnings a
  /// share with it, so that their ratio is that of the prices as they are quoted.
  @Test func `money a share goes with adjusted prices`() throws {
    let flat = StrategyTest.candles(closes: [100, 100, 100, 100, 90, 90, 90, 90, 90, 90])
    let paying = flat.paying([0, 0, 0, 0, 10, 0, 0, 0, 0, 0])
    #expect(paying.isRestated)
    let figures = [FiledFigure(.eps, .year, endDay: 19_600, knownAt: flat.knownAt(1), value: 9)]
    let facts = Facts(figures: figures)
    let ratio = try Self.column("close / fundamental(\"eps\")", facts, over: paying)
    #expect(try #require(ratio[3].map { abs($0 - 100.0 / 9) < 1e-12 } as Bool?))
    #expect(try #require(ratio[6].map { abs($0 - 10) < 1e-12 } as Bool?))
    let shown = try Self.column("fundamental(\"eps\")", facts, over: paying)
    #expect(try #require(shown[6].map { abs($0 - 9) < 1e-12 } as Bool?))
    #expect(try Self.column("close > 11 * fundamental(\"eps\")", facts, over: paying)[3] == 1)
    #expect(try Self.column("close > 11 * fundamental(\"eps\")", facts, over: paying)[6] == 0)
  }

  @Test func `without news nothing is known, and nothing fires`() throws {
    #expect(try Self.column("sentiment(3d) > 0 or news.count(3d) == 0", .none).allSatisfy { $0 == nil })
  }

  @Test func `bounds are known: what lies outside is never true`() throws {
    let yaml = """
      name: s
      timeframe: 1d
      symbols: [X]
      pipeline:
        - { id: a, buy: sentiment(3d) > 2, sell: close < open }
      """
    let diagnostics = StrategyReader(registry: bundled).read(file: "s.yaml", bytes: Array(yaml.utf8)).diagnostics
    #expect(diagnostics.map(\.message) == ["this is never true: -1 to 1 against 2"])
  }

  @Test func `a measure is written as it is read`() throws {
    for text in [
      "sentiment(3d)", "news.count(12h)", "fundamental(\"revenue\")", "fundamental(\"eps\", \"ttm\")",
      "fundamental(\"total_assets\", \"year\", 2)",
    ] {
      let diagnostics = Diagnostics(source: SourceText(file: "e", text: text))
      let binder = Binder(registry: bundled, diagnostics: diagnostics)
      let scalar = YAMLValue.Scalar(text: text, isQuoted: false, isBlock: false)
      let bound = try #require(binder.bind(YAMLValue(content: .scalar(scalar), line: 1, column: 1), "e"))
      #expect(NodeText(binder.graph, registry: bundled)[bound.node] == text)
    }
  }
}
