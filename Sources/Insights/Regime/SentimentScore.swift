public import Pipelines
public import PluginKit
public import Trading

/// The market sentiment score of the module `market_score` at the last bar.
public struct SentimentScore: Hashable, Sendable {
  public enum Mood: String, Hashable, Sendable, CaseIterable {
    case veryBullish = "very bullish"
    case bullish
    case neutral
    case bearish
    case veryBearish = "very bearish"

    /// From 4 on very bullish, from 2 on bullish, and mirrored.
    init(_ score: Double) {
      self =
        score >= 4 ? .veryBullish : score >= 2 ? .bullish : score > -2 ? .neutral : score > -4 ? .bearish : .veryBearish
    }
  }

  /// −9 to 9.
  public var score: Double
  public var mood: Mood
  /// What it is made of: RSI, MACD, stochastic, averages, volume.
  public var parts: [Part]

  public struct Part: Hashable, Sendable {
    public var name: String
    public var score: Double
  }

  /// Nil where a part of it is not known at the last bar, or the registry does not have the module.
  public init?(of candles: CandleSeries, registry: Registry) throws(GraphError) {
    guard let quotes = registry.signals["market_score"]?([:]).rule([]).quotes else { return nil }
    let values = try columns(of: quotes.map(\.term), over: Market(candles), registry: registry).map(\.last)
    var parts: [Part] = []
    for (quote, value) in zip(quotes, values) {
      guard let value, value.isFinite else { return nil }
      parts.append(Part(name: quote.name, score: value))
    }
    guard let score = parts.first(where: { $0.name == "score" })?.score else { return nil }
    self.score = score
    mood = Mood(score)
    self.parts = parts.filter { $0.name != "score" }
  }
}
