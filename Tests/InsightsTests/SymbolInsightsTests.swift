import Backtesting
import Pipelines
import StrategyModules
import Testing
import Trading

@testable import Insights

/// All insights into one symbol.
@Suite struct SymbolInsightsTests {
  private func strategies() throws -> [Strategy] {
    let reader = StrategyReader(registry: bundled)
    return try [("fast", "sma(close, 5)"), ("slow", "sma(close, 30)")].map { name, average in
      let text = """
        name: \(name)
        timeframe: 1d
        symbols: [X]
        pipeline:
          - { id: s, buy: "close > \(average)", sell: "close < \(average)" }
        """
      return try #require(reader.read(file: "\(name).yaml", bytes: Array(text.utf8)).strategy)
    }
  }

  /// - Parameter heard: bars that the strategies run over, more than are looked at.
  private func insights(_ candles: CandleSeries, heard: CandleSeries? = nil) throws -> SymbolInsights {
    var settings = SymbolInsights.Settings()
    settings.shifts = 19
    let strategies = try strategies()
    let said = zip(strategies, try run(strategies, over: heard ?? candles)).map { ($0.name, $1.signals) }
    return try SymbolInsights(of: candles, said: said, registry: bundled, settings)
  }

  /// The last 700 bars of the sample up to one of them; prices after another bar changed, where one is given.
  private func candles(_ count: Int, changedAfter bar: Int? = nil) throws -> CandleSeries {
    let all = try sample()
    let start = all.count - 700
    return CandleSeries(
      instrument: all.instrument, timeframe: .day,
      candles: (0..<count).map { place in
        var candle = all[start + place]
        if let bar, place > bar {
          for path in [\Candle.open, \.high, \.low, \.close] { candle[keyPath: path] *= 1.5 }
        }
        return candle
      })
  }

  @Test func `another future leaves yesterday's insights as they were, to the last bit`() throws {
    let whole = try insights(candles(600))
    let changed = try candles(640, changedAfter: 599)
    #expect(try insights(changed).json.text != whole.json.text)
    let again = try insights(changed.bars(0..<600), heard: changed)
    #expect(again.json.text == whole.json.text)
    #expect(again == whole)
  }

  @Test func `with few bars it says what is missing and why, and invents nothing`() throws {
    for count in [0, 1, 30] {
      let found = try insights(candles(count))
      #expect(found.analogues == nil && found.clusters == nil && found.sentiment == nil)
      #expect(found.forecasts.models.allSatisfy { $0.chance == nil && $0.verdict.verdict == .tooFew })
      #expect(found.missing.count == 7, "\(found.missing)")
      #expect(!found.json.text.contains("nan"))
    }
  }

  @Test func `the regime is bull above the mean of 200 closes, and a spell is counted`() throws {
    let rising = try #require(RegimeReading(of: daily((0..<300).map { 100 + Double($0) }), horizon: .bars(1)))
    #expect([.bullCalm, .bullTurbulent].contains(rising.regime))
    // The mean of 200 closes that rise by 1 lies 99.5 below the last, 399.
    #expect(near(rising.distance, 399 / 299.5 - 1, 1e-12))
    #expect(rising.outcome.successRate == 1 && rising.outcome.baseRate == 1)
    let early = try #require(RegimeReading(of: daily([1, 2, 3]), horizon: .bars(1)))
    #expect(early.regime == .unknown && early.bars == 3 && early.distance == nil && early.volatility == nil)
    #expect(RegimeReading(of: daily([]), horizon: .bars(1)) == nil)
  }

  @Test func `the sentiment score is the sum of its parts, by the table`() throws {
    let candles = try candles(300)
    let found = try #require(try SentimentScore(of: candles, registry: bundled))
    let names = [
      "rsi(close, 14)", "macd(close).line", "macd(close).signal", "stochastic().k", "stochastic().d",
      "sma(close, 20)", "sma(close, 50)", "sma(volume, 20)",
    ]
    let values = try Evaluation(names, registry: bundled).columns(over: Market(candles)).compactMap(\.last)
    let (rsi, line, signal, k, d) = (values[0], values[1], values[2], values[3], values[4])
    let (close, volume) = (candles.value(.close, at: 299), candles.value(.volume, at: 299))
    var score = rsi >= 70 ? -2.0 : rsi >= 60 ? -1 : rsi <= 30 ? 2 : rsi <= 40 ? 1 : 0
    score += line > signal ? 2 : line < signal ? -2 : 0
    score += k >= 80 && d >= 80 ? -2 : k >= 70 || d >= 70 ? -1 : 0
    score += k <= 20 && d <= 20 ? 2 : k <= 30 || d <= 30 ? 1 : 0
    score +=
      close > values[5] ? (values[5] > values[6] ? 2 : 1) : close < values[5] ? (values[5] < values[6] ? -2 : -1) : 0
    score += volume >= 1.5 * values[7] ? 1 : volume <= 0.7 * values[7] ? -1 : 0
    #expect(found.score == score)
    #expect(found.parts.reduce(0) { $0 + $1.score } == score && found.parts.count == 5)
    #expect(
      [-9, -4, -2, -1, 1, 2, 4].map { SentimentScore.Mood($0).rawValue } == [
        "very bearish", "very bearish", "bearish", "neutral", "neutral", "bullish", "very bullish",
      ])
  }
}
