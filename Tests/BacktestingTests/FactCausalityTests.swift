import MarketData
import Pipelines
import StrategyModules
import Testing
import Trading

@testable import Backtesting
@testable import PluginKit

/// The certificate over strategies that read news and filings: it holds, and finds a module that reads them ahead.
@Suite struct FactCausalityTests {
  /// Prices that hardly move, a session a day, with news of changing tone and quarterly filings, some of them late or
  /// restated.
  static let market: Market = {
    let candles = StrategyTest.candles(closes: (0..<400).map { 100 + Double($0 % 7) })
    var state: UInt64 = 11
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31)
    }
    let news = (0..<600).map { _ in
      let published = candles.times[0].advanced(by: Int64(random() * 400 * 86_400_000))
      let late = random() < 0.3 ? Int64(random() * 3 * 86_400_000) : 0
      return ScoredItem(publishedAt: published, knownAt: published.advanced(by: late), score: 2 * random() - 1)
    }
    let start = candles.times[0].day
    let figures = (-4..<5).flatMap { quarter -> [FiledFigure] in
      let end = start + quarter * 91
      let filed = Instant(seconds: Int64(end + 30) * 86_400)
      let value = 100 + 40 * random()
      return [
        FiledFigure(.revenue, .quarter, endDay: end, knownAt: filed, value: value),
        FiledFigure(.revenue, .quarter, endDay: end, knownAt: filed.advanced(by: 45 * 86_400_000), value: value * 0.9),
      ]
    }
    return Market(candles, facts: Facts(news: news, figures: figures))
  }()

  static func strategy(_ buy: String, _ sell: String, _ registry: Registry = bundled) throws -> Strategy {
    let yaml = """
      name: s
      timeframe: 1d
      symbols: [X]
      pipeline:
        - id: s
          buy: \(buy)
          sell: \(sell)
      """
    let (strategy, faults) = StrategyReader(registry: registry).read(file: "s.yaml", bytes: Array(yaml.utf8))
    return try #require(strategy, "\(faults.map(\.description))")
  }

  @Test func `strategies of news and filings are causal`() throws {
    let strategies = try [
      Self.strategy("sentiment(3d) > 0.2", "sentiment(3d) < -0.2"),
      Self.strategy("news.count(2d) >= 4 and sma(sentiment(5d), 3) > 0", "sentiment(1w) @ 1w < 0"),
      Self.strategy("change(fundamental(\"revenue\")) > 0", "fundamental(\"revenue\", \"ttm\") < 450"),
      Self.strategy("fundamental(\"revenue\", \"quarter\", 1) < fundamental(\"revenue\")", "close < 0"),
    ]
    for strategy in strategies {
      let certificate = try CausalityCertificate(of: [strategy], over: Self.market, cuts: 20, noises: 3)
      #expect(certificate.findings.isEmpty, "\(certificate.findings.prefix(3))")
      #expect(certificate.signals > 0)
    }
  }

  private static let registry: Registry = {
    let peeking = IndicatorEntry(CausalityTests.Peeking.self) { _ in
      ConfiguredIndicator(warmUp: 0, reach: 0) {
        .native(
          ColumnWork { rows, inputs, _, outputs, _, outputStart, _ in
            for row in rows { outputs[row - outputStart] = inputs[rows.upperBound - 1] }
          })
      }
    }
    return Registry(indicators: indicators + [peeking], signals: signals)
  }()

  @Test(arguments: [
    ("peeking(news.count(3d)) > close / 100", "peeking(sentiment(3d)) < 0"),
    ("peeking(fundamental(\\\"revenue\\\")) > 110 and close > 103", "peeking(fundamental(\\\"revenue\\\")) < 100"),
  ]) func `a module that reads news or filings ahead is found`(_ buy: String, _ sell: String) throws {
    let strategy = try Self.strategy("\"\(buy)\"", "\"\(sell)\"", Self.registry)
    // All bars in one block, so that the last value there is lies in the future.
    let certificate = try CausalityCertificate(of: [strategy], over: Self.market, cuts: 20, noises: 3)
    #expect(!certificate.findings.isEmpty)
  }

  /// The same news with times that lie: known when it was published, though it came three days later. What was known at
  /// a cut is then another thing than what the honest series says, which is what the certificate guards.
  @Test func `values differ where lateness is not regarded, so the trial can tell`() throws {
    let honest = Self.market
    let lying = Facts(news: honest.facts.news.map { ScoredItem(publishedAt: $0.publishedAt, score: $0.score) })
    let strategy = try Self.strategy("sentiment(1d) > 0.2", "sentiment(1d) < -0.2")
    let first = try run([strategy], over: honest)[0].signals
    let second = try run([strategy], over: Market(honest.deciding, facts: lying))[0].signals
    #expect(first != second)
  }

  @Test func `noise leaves what was known and changes what was not`() {
    let facts = Self.market.facts
    let now = Self.market.deciding.knownAt(200)
    let noisy = facts.withNoise(after: now, seed: 3)
    #expect(noisy.known(by: now) == facts.known(by: now))
    #expect(noisy != facts)
    #expect(noisy.figures.contains { $0.knownAt > now && facts.figures.first?.endDay == $0.endDay })
    #expect(noisy.news.contains { $0.knownAt > now && $0.publishedAt < now })
  }
}
