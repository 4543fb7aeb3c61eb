public import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a report tells of kept insights, read from their document: nil stands for what was not known.
public struct InsightsDigest: Hashable, Sendable, Decodable {
  public struct Outcome: Hashable, Sendable, Decodable {
    public var count: Int
    public var successRate, baseRate: Double?
    public var interval: [Double]?
  }

  public struct Spread: Hashable, Sendable, Decodable {
    public var count: Int
    public var rose, q05, q50, q95: Double?
  }

  public struct Forecast: Hashable, Sendable, Decodable {
    public var model: String
    public var probability, base: Double?
    public var verdict: String
    public var settled: Int
  }

  public struct Analogues: Hashable, Sendable, Decodable {
    public var bars: Int
    public var followed, base: Spread
  }

  public struct Test: Hashable, Sendable, Decodable {
    public var adjusted: Double
  }

  public struct Finding: Hashable, Sendable, Decodable {
    public var signals, natures: [String]
    public var support: Int
    /// How often chance would bring it.
    public var expected: Double
    /// Whether what follows differs from what follows any bar.
    public var different: Test
    public var outcome: Outcome
    public var isFresh: Bool
  }

  public struct Patterns: Hashable, Sendable, Decodable {
    public var signals, tested: Int
    public var findings: [Finding]
  }

  public struct Cluster: Hashable, Sendable, Decodable {
    public var name: String
    public var size: Int
    public var outcome, later: Outcome
  }

  public struct Clusters: Hashable, Sendable, Decodable {
    public var fitted: Int
    public var skill: Double?
    /// The one of the last bar; nil where its signals are in none.
    public var current: Int?
    public var clusters: [Cluster]
  }

  public var symbol, timeframe: String
  /// The label of the last bar that was looked at.
  public var to: String?
  /// Bars over which what follows was measured: `5b`.
  public var horizon: String
  public var forecasts: [Forecast]
  public var analogues: Analogues?
  public var patterns: Patterns
  public var clusters: Clusters?

  /// Nil where the text is no such document.
  public init?(document: String) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let read = try? decoder.decode(InsightsDigest.self, from: Data(document.utf8)) else { return nil }
    self = read
  }

  /// The last bar that was looked at.
  public var last: Instant? { to.flatMap { Instant($0) } }
}
